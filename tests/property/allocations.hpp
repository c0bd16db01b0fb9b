// How much does this program allocate? Every operator new and delete of it is counted.
#pragma once

#include <cstdint>

namespace ajar::test {

std::uint64_t allocations();  ///< so far
std::int64_t bytes_alive();   ///< allocated and not given back

}  // namespace ajar::test
