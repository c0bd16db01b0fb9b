// From a process that takes devices to one that only runs: no other way for the frames, no privilege, no
// system call that it does not need.
#pragma once

#include <string>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "dataplane/appliance.hpp"

namespace ajar::dataplane {

/// Before anything else, and before any other thread: what holds for all threads to come, and folders for the
/// user that the process becomes ($RUNTIME_DIRECTORY, which is /run/ajar where nobody has said so). Those are
/// taken back from the user that an earlier process became; an error where that cannot be done.
Result<bool> prepare(const Config& config);

/// With ports started and no lane running: notes what is to pass when it has ended, takes the kernel's
/// bridges away (bypass/bypass.hpp) and what they have left in the ports' queues, becomes the user, and
/// denies system calls, as configured. Says so on standard error. After an error nothing may go on. `file`:
/// of the configuration.
Result<bool> settle(const Appliance& appliance, const Config& config, const std::string& file);

/// What is to pass when it has ended, after a reload. A process that is no longer root cannot note it.
void remember_reloaded(const Config& config, const std::string& file);

}  // namespace ajar::dataplane
