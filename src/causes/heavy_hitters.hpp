// Who appears most often in a stream, in bounded memory: for display, and the same for the same stream.
//
// Counts are exact until more than kCapacity endpoints have been seen; then the lighter half is forgotten, so
// that from there on a count is what was seen at least (the idea of Manku and Motwani's lossy counting).
//
// Rows stand densely and are found by an open index of their numbers. A node for each endpoint, as in
// std::unordered_map, made this a third of the time of replaying a flood from spoofed sources.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "causes/endpoint.hpp"

namespace ajar::causes {

class HeavyHitters {
public:
    static constexpr std::size_t kCapacity = 1U << 16U;
    using Row = std::pair<Endpoint, std::uint64_t>;

    void add(const Endpoint& endpoint);
    /// The heaviest first, equal ones by address.
    [[nodiscard]] std::vector<Row> top(std::size_t n) const;
    /// Endpoints seen: exact as long as exact() holds; later one that was forgotten counts again.
    [[nodiscard]] std::size_t distinct() const { return rows_.size() + forgotten_; }
    [[nodiscard]] bool exact() const { return forgotten_ == 0; }

private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    std::uint32_t& place_of(const Endpoint& endpoint);
    void index_anew(std::size_t places);
    void forget_lighter_half();

    std::vector<Row> rows_;
    std::vector<std::uint32_t> places_;  ///< by hash, with linear probing: a row's number or kNone
    std::size_t forgotten_ = 0;
};

}  // namespace ajar::causes
