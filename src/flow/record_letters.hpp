// The letters of the history: which event is written, and when it is written again.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/packet/packet.hpp"
#include "flow/record_endpoint.hpp"

namespace ajar::record {

/// Appends a letter, upper case for the originator. A full history keeps its beginning.
void append(Endpoint e, char letter);

/// g, t, w: written at the 1st, 10th and 100th event.
void append_scaled(Endpoint e, char letter, std::array<std::uint8_t, 2>& counters);

/// c, likewise, but only twice.
void append_bad_checksum(Endpoint e);

/// s, h, f, r, d, a, i, q: what the packet's flags and payload call for. `distance_from_begin`: that of SEQ.
void append_for(Endpoint e, const Packet& packet, std::int32_t distance_from_begin);

}  // namespace ajar::record
