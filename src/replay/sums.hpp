// The counters of a replay, over all shards.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/counters.hpp"

namespace ajar::replay {

struct Sums {
    std::uint64_t packets = 0, tcp = 0;
    std::uint64_t forwarded = 0, dropped = 0, consumed = 0;
    std::array<std::uint64_t, kReasonCount> reasons{};    ///< packets and flows, by Reason
    std::array<std::uint64_t, kAttemptCount> attempts{};  ///< flows that ended, by Attempt

    void add(const Sums& other) {
        packets += other.packets;
        tcp += other.tcp;
        forwarded += other.forwarded;
        dropped += other.dropped;
        consumed += other.consumed;
        for (std::size_t r = 0; r < kReasonCount; ++r) reasons[r] += other.reasons[r];
        for (std::size_t a = 0; a < kAttemptCount; ++a) attempts[a] += other.attempts[a];
    }
    void add(const Counters& shard) {
        packets += shard.packets.get();
        tcp += shard.tcp_packets.get();
        forwarded += shard.forwarded.get();
        dropped += shard.dropped.get();
        consumed += shard.consumed.get();
        for (std::size_t r = 0; r < kReasonCount; ++r) reasons[r] += shard.reason[r].get();
        for (std::size_t a = 0; a < kAttemptCount; ++a) attempts[a] += shard.attempts[a].get();
    }
};

}  // namespace ajar::replay
