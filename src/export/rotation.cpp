// Renaming.
#include "export/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace ajar::exporting {

// From the oldest on, so that no name is taken twice. A gap stays one.
int make_room(const std::string& path, std::uint32_t keep) {
    const auto old = [&](std::uint32_t n) { return n == 0 ? path : fmt::format("{}.{}", path, n); };
    for (std::uint32_t n = std::max(keep, 1U); n > 0; --n)
        if (std::rename(old(n - 1).c_str(), old(n).c_str()) != 0 && (errno != ENOENT || n == 1)) return errno;
    return 0;
}

}  // namespace ajar::exporting
