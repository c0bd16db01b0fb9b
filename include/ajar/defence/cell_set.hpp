// Which keys are above a mark? Those whose four cells all are: no key that is can be missing, another one can
// be in by chance (flow/count_min.hpp says how seldom).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ajar/flow/count_min.hpp"

namespace ajar {

class CellSet {
public:
    CellSet() = default;
    /// Of a sketch with so many lines.
    explicit CellSet(std::uint32_t lines)
        : lines_(lines), words_((std::size_t{lines} * kSketchLine + 63) / 64) {}

    [[nodiscard]] std::size_t size() const { return size_; }  ///< cells
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] bool has(std::size_t cell) const { return (words_[cell / 64] >> (cell % 64) & 1U) != 0; }
    void set(std::size_t cell) {
        size_ += has(cell) ? 0U : 1U;
        words_[cell / 64] |= std::uint64_t{1} << (cell % 64);
    }
    void clear(std::size_t cell) {
        size_ -= has(cell) ? 1U : 0U;
        words_[cell / 64] &= ~(std::uint64_t{1} << (cell % 64));
    }

    /// With those of another one of the same sketch.
    void join(const CellSet& more) {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            size_ += static_cast<std::size_t>(std::popcount(more.words_[i] & ~words_[i]));
            words_[i] |= more.words_[i];
        }
    }

    /// By a key's hash. False where the set was made for no sketch.
    [[nodiscard]] bool holds(std::uint64_t hash) const {
        if (empty()) return false;
        const auto [a, b, c, d] = cells_of(hash, lines_);
        return has(a) && has(b) && has(c) && has(d);
    }

private:
    std::uint32_t lines_ = 0;
    std::size_t size_ = 0;
    std::vector<std::uint64_t> words_;
};

}  // namespace ajar
