// How many half-open flows does a key have, at least that many, in memory that a flood cannot fill?
//
// A count-min sketch (Cormode, Muthukrishnan 2005) in blocks: a key's hash names one line of 16 counters and
// 4 of them, so that a count costs one cache line. A count is added to the four, the estimate is the least of
// them. No conservative update: the sketch is a linear sum, so a count can be taken back, sketches of one
// size and key add up (flow/sketch_sums.hpp), and the sum does not depend on who counted what.
//
// Bits of the hash: 0..25 name the line, 32..63 the counters.
//
// How far an estimate lies above the truth. N = all counts together, n = keys alive, m = lines.
//   Expected   at most N/4m. Any other key has its count in x's line with probability 1/m, and there on one
//              of x's four counters on average (4 x 4/16): the four sum to N/m, and the least is at most a
//              quarter.
//   Tail       of n keys of equal weight: the least is at most a quarter of S, the sum over Poisson(n/m) keys
//              of how many of x's counters each of them hits, H (mean 1, variance 0.56 to 0.75 by x). So it
//              passes t no more often than min over z of exp(n/m (E[e^zH] - 1) - 4zt): about n/4m with a
//              standard deviation below sqrt(n/9m).
//   Skew       one heavy key makes another look as heavy once in 1214 m pairs of keys: all four in common.
// Measured against exact counts of a million keys (tests/property/flow_sketch_error_test.cpp): the mean over
// all keys, and what 99 % and 99.9 % of them stay below, as parts of N/4m.
//
//                      one flow each                  four million flows after Zipf, s = 1
//     lines            N/4m   mean   99 %   99.9 %    N/4m   mean   99 %   99.9 %
//     2^14 (1 MiB)     15.3   0.77   1.18   1.38      61.0   0.19   0.63   1.37
//     2^16 (4 MiB)      3.8   0.55   1.31   1.84      15.3   0.09   0.52   1.34
//     2^18 (16 MiB)     0.95  0.23   2.10   2.10       3.8   0.02   0.52   1.31
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"
#include "ajar/flow/prefetch.hpp"

namespace ajar {

inline constexpr std::uint32_t kSketchLine = 16;        ///< counters in a line
inline constexpr std::uint32_t kMostLines = 1U << 26U;  ///< 4 GiB

/// A key's four counters, as indices of cells.
using SketchCells = std::array<std::uint32_t, 4>;

/// Four different numbers below 16, a byte each: one of each group of four, by two bits, then all of them
/// times an odd number and turned on, which keeps them apart. That makes 1628 sets, unlike 256 of the groups
/// alone, and without a branch; to choose among all 1820 takes a sort.
constexpr std::uint32_t counters_of(std::uint64_t hash) {
    const auto bits = static_cast<std::uint32_t>(hash >> 32U);
    const auto groups = (bits & 0x03030303U) | 0x0c080400U;
    const auto odd = (bits >> 9U & 6U) | 1U, turn = (bits >> 2U & 3U) * 0x01010101U;
    return (groups * odd + turn) & 0x0f0f0f0fU;  // no byte passes 15 x 7 + 3
}

/// `lines` is a power of two.
constexpr std::uint32_t first_cell_of(std::uint64_t hash, std::uint32_t lines) {
    return (static_cast<std::uint32_t>(hash) & (lines - 1)) * kSketchLine;
}
constexpr SketchCells cells_of(std::uint64_t hash, std::uint32_t lines) {
    const auto first = first_cell_of(hash, lines), counters = counters_of(hash);
    return {first + (counters & 0xffU), first + (counters >> 8U & 0xffU), first + (counters >> 16U & 0xffU),
            first + (counters >> 24U)};
}

/// One writer. Readers may look at any moment: each counter is whole, two of them need not agree.
///
/// A counter is at most the sum of all counts of all sketches that will be added up, and that sum stays below
/// 2^32: four keys for each of fewer than 2^30 flows (tables.embryonic). So no counter saturates; one that
/// would leave its 32 bits, at either end, is an error of the caller and an assertion.
class CountMin {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t lines) {
        return std::uint64_t{lines} * kSketchLine * sizeof(std::uint32_t);
    }

    /// `lines` is a power of two, at most kMostLines.
    CountMin(Memory& memory, std::uint32_t lines)
        : cells_(take_array<std::uint32_t>(memory, std::size_t{lines} * kSketchLine)), lines_(lines) {
        assert(std::has_single_bit(lines) && lines <= kMostLines);
    }

    /// Before add(), for a hash whose line may be far.
    void prefetch(std::uint64_t hash) const { prefetch_line_to_write(&cells_[first_cell_of(hash, lines_)]); }

    /// What is taken away has been added before.
    void add(std::uint64_t hash, std::int32_t change) {
        auto* line = &cells_[first_cell_of(hash, lines_)];
        asm("" : "+r"(line));  // one register, instead of a sum of indices for each counter
        auto counters = counters_of(hash);
        std::int64_t outside = 0;
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i, counters >>= 8U) {
            auto& counter = line[counters & 0xffU];
            const auto next = std::int64_t{counter} + change;
            outside |= next >> 32U;
            // Partner: cell(), in another thread. Nothing hangs on its order.
            __atomic_store_n(&counter, static_cast<std::uint32_t>(next), __ATOMIC_RELAXED);
        }
        assert(outside == 0);
    }

    /// The same modulo 2^32, for what only differences over a time are wanted of.
    void shift(std::uint64_t hash, std::int32_t change) {
        for (const std::uint32_t i : cells_of(hash, lines_))
            __atomic_store_n(&cells_[i], cells_[i] + static_cast<std::uint32_t>(change), __ATOMIC_RELAXED);
    }

    /// At least the count. Any thread.
    [[nodiscard]] std::uint32_t estimate(std::uint64_t hash) const {
        const auto [a, b, c, d] = cells_of(hash, lines_);
        return std::min({cell(a), cell(b), cell(c), cell(d)});
    }

    /// Any thread.
    [[nodiscard]] std::uint32_t cell(std::size_t i) const {
        return __atomic_load_n(&cells_[i], __ATOMIC_RELAXED);
    }
    [[nodiscard]] std::uint32_t lines() const { return lines_; }
    [[nodiscard]] std::size_t cells() const { return cells_.size(); }

private:
    std::span<std::uint32_t> cells_;
    std::uint32_t lines_;
};

}  // namespace ajar
