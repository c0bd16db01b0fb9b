// From a process that takes devices to one that only runs: no other way for the frames, no privilege, no
// system call that it does not need.
#pragma once

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "dataplane/appliance.hpp"

namespace ajar::dataplane {

/// Before anything else, and before any other thread: what holds for all threads to come, and folders for the
/// user that the process becomes ($RUNTIME_DIRECTORY, which is /run/ajar where nobody has said so).
void prepare(const Config& config);

/// With ports started and no lane running: takes the kernel's bridges away (bypass/bypass.hpp), becomes the
/// user, and denies system calls, as configured. Says so on standard error. After an error nothing may go on.
Result<bool> settle(const Appliance& appliance, const Config& config);

}  // namespace ajar::dataplane
