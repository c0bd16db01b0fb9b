// The long way of a packet into the record: handshakes, ends, gaps, retransmissions, whatever may call for a
// letter.
#pragma once

#include "ajar/flow/record.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar::record {

/// Where a side has sent this much, its presumed beginning moves along, so that distances keep their sign.
inline constexpr std::uint32_t kLongStream = 1U << 30U;

void look_closely(Flow flow, const Packet& packet);

}  // namespace ajar::record
