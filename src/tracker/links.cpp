// How the header of one direction becomes that of the other.
#include "tracker/links.hpp"

#include <algorithm>

namespace ajar::tracker {
namespace {

constexpr std::size_t kStation = 6;  // bytes of a MAC address

}  // namespace

LinkHeader mirrored(LinkHeader header) {
    if (header.length < 2 * kStation) return LinkHeader{};
    std::swap_ranges(header.bytes.begin(), header.bytes.begin() + kStation, header.bytes.begin() + kStation);
    header.in_port ^= 1U;
    return header;
}

}  // namespace ajar::tracker
