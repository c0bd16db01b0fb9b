// What do all shards count together? The sum of their sketches, as control takes it at an epoch.
//
// One thread's own. Cells are numbered as cells_of() numbers them, for whoever keeps something beside each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "ajar/flow/count_min.hpp"

namespace ajar {

class SketchSums {
public:
    /// Of sketches with so many lines.
    SketchSums(Memory& memory, std::uint32_t lines)
        : cells_(take_array<std::uint32_t>(memory, std::size_t{lines} * kSketchLine)), lines_(lines) {}

    void clear() { std::fill(cells_.begin(), cells_.end(), 0U); }
    /// Same number of lines, same hash key. Its writer may be at work.
    void add(const CountMin& sketch);
    /// The same of sketches that were shifted: modulo 2^32.
    void add_modulo(const CountMin& sketch);

    /// At least the sum of the key's counts.
    [[nodiscard]] std::uint32_t estimate(std::uint64_t hash) const {
        const auto [a, b, c, d] = cells_of(hash, lines_);
        return std::min({cells_[a], cells_[b], cells_[c], cells_[d]});
    }
    [[nodiscard]] std::span<const std::uint32_t> cells() const { return cells_; }
    [[nodiscard]] std::uint32_t lines() const { return lines_; }

private:
    std::span<std::uint32_t> cells_;
    std::uint32_t lines_;
};

}  // namespace ajar
