// On which machine was measured?
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ajar::dataplane {

/// CPU, ISA, pages, lcores, in the words of a report. After the EAL is up; `cpus` were given before;
/// with a wire, that is what control shares its CPU with.
std::vector<std::pair<std::string, std::string>> machine_facts(std::size_t cpus, bool wire);

/// That the kernel would give without swapping; 0 where it does not say.
std::uint64_t available_memory();

}  // namespace ajar::dataplane
