// Who appears most often in a stream, in bounded memory: for display, and the same for the same stream.
//
// Counts are exact until more than kCapacity endpoints have been seen; then the lighter half is forgotten, so
// that from there on a count is what was seen at least (the idea of Manku and Motwani's lossy counting).
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "replay/endpoint.hpp"

namespace ajar::replay {

class HeavyHitters {
public:
    static constexpr std::size_t kCapacity = 1U << 16U;
    using Row = std::pair<Endpoint, std::uint64_t>;

    void add(const Endpoint& endpoint) {
        if (++counts_[endpoint] == 1 && counts_.size() > kCapacity) forget_lighter_half();
    }
    /// The heaviest first, equal ones by address.
    [[nodiscard]] std::vector<Row> top(std::size_t n) const;
    /// Endpoints seen: exact as long as exact() holds; later one that was forgotten counts again.
    [[nodiscard]] std::size_t distinct() const { return counts_.size() + forgotten_; }
    [[nodiscard]] bool exact() const { return forgotten_ == 0; }

private:
    void forget_lighter_half();

    std::unordered_map<Endpoint, std::uint64_t, EndpointHash> counts_;
    std::size_t forgotten_ = 0;
};

}  // namespace ajar::replay
