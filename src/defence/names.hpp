// Names out of the samples of asks: what control's parts have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/count_min.hpp"
#include "ajar/policy/services.hpp"
#include "ajar/tracker.hpp"

namespace ajar {

/// Of the second under way, and of the one before. In an order that depends on who saw them.
inline std::vector<AskPart> asked_lately(std::span<Tracker* const> shards, Time now) {
    std::vector<AskPart> parts;
    for (const Tracker* shard : shards) {
        shard->asked(second_of(now), parts);
        shard->asked(second_of(now) - 1, parts);
    }
    return parts;
}

/// At least a key's count, by the cells of a sketch with so many lines.
inline std::uint32_t estimate_of(std::uint64_t hash, std::span<const std::uint32_t> cells,
                                 std::uint32_t lines) {
    const auto [a, b, c, d] = cells_of(hash, lines);
    return std::min({cells[a], cells[b], cells[c], cells[d]});
}

/// The named service that a service is of, if any.
inline const Service* named_of(const Policy& policy, const CountKey& service) {
    if (policy.services == nullptr) return nullptr;
    ServiceId id = 0;
    if (service.family == Family::ipv4) {
        Ipv4Address address;
        std::copy_n(service.address.begin(), address.bytes.size(), address.bytes.begin());
        id = policy.services->find(address, service.port);
    } else {
        id = policy.services->find(service.address, service.port);
    }
    return id == 0 ? nullptr : &(*policy.services)[id];
}

/// Lets each hash pass once, mostly.
class Sieve {
public:
    bool passes(std::uint64_t hash) { return std::exchange(seen_[hash % seen_.size()], hash) != hash; }

private:
    std::array<std::uint64_t, 1024> seen_{};
};

}  // namespace ajar
