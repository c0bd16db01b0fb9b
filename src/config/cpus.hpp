// Which CPUs: lists of them as people write them, and those that this process may use.
#pragma once

#include <string_view>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::config {

/// "2-9,12" to 2 3 4 5 6 7 8 9 12, in the order given.
Result<std::vector<unsigned>> parse_cpus(std::string_view text);
/// Why `text` is no such list and not empty either; null if it is right.
const char* refuse_cpus(std::string_view text);

/// Is there such a CPU, and may a thread of this process be moved to it? Tried on a thread.
bool may_run_on(unsigned cpu);

/// By the process's affinity mask.
std::vector<unsigned> available_cpus();

}  // namespace ajar::config
