// One frame as it comes out of a capture.
#pragma once

#include <cstdint>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/packet/parse.hpp"

namespace ajar::replay {

/// One captured frame; `bytes` is valid until the next one is read.
struct Record {
    Time time{};
    std::uint32_t wire_length = 0;  ///< the frame's; bytes may be fewer (snap length)
    LinkType link = LinkType::ethernet;
    std::span<const std::uint8_t> bytes;
};

}  // namespace ajar::replay
