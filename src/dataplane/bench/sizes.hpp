// How large must a bench's tables be, for the flows that are meant to be in them?
#pragma once

#include <cstdint>

#include "ajar/config.hpp"
#include "ajar/tracker.hpp"

namespace ajar::dataplane {

/// Tuples do not spread evenly over the partitions: a quarter more, and 64 in each.
constexpr std::uint64_t with_room(std::uint64_t flows) { return flows + flows / 4 + 64 * kPartitions; }

/// Of a worker's handshakes under way, at the most.
inline constexpr std::uint64_t kInHandshakes = 2 * 256 * 64 + 4096;

void size_established(Config& config, std::uint64_t flows);
void size_connect(Config& config, std::uint64_t flows);
void size_flood(Config& config, std::uint64_t flows);
void size_mixed(Config& config, std::uint64_t flows);
void size_latency(Config& config, std::uint64_t flows);
void size_idle(Config& config, std::uint64_t flows);
void size_handoff(Config& config, std::uint64_t flows);
void size_cookies(Config& config, std::uint64_t flows);
void size_acks(Config& config, std::uint64_t flows);
void size_translated(Config& config, std::uint64_t flows);
void size_forged(Config& config, std::uint64_t flows);

}  // namespace ajar::dataplane
