// What memory alone would allow: random cache lines, a burst of them fetched at once, then read and written.
//
// "line" is one a key; half its rate is the bound of a table that reads a line of index and a line of state.
// "two lines" is that walk itself, with both addresses known from the start: no table can know the second.
// The walk over `limit` bytes is that of memory, where the table's own size would leave a part in a cache.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "peer.hpp"

namespace ajar::bench {

class RandomLines {
public:
    explicit RandomLines(std::size_t bytes)
        : memory_(setup().pages), lines_(take_array<Line>(memory_, bytes / sizeof(Line))) {
        for (auto& l : lines_) l.words[0] = 1;
    }

    std::uint64_t touch(std::span<const std::uint64_t> random, std::uint32_t now) {
        for (const auto r : random) __builtin_prefetch(&at(r), 1);
        std::uint64_t sum = 0;
        for (const auto r : random) sum += visit(at(r), now);
        return sum;
    }
    /// One of the first `index` lines is read beside it.
    std::uint64_t touch_two(std::span<const std::uint64_t> random, std::uint32_t now, std::uint32_t index) {
        for (const auto r : random) {
            __builtin_prefetch(&lines_[(r >> 32U) & (index - 1)]);
            __builtin_prefetch(&at(r), 1);
        }
        std::uint64_t sum = 0;
        for (const auto r : random) sum += lines_[(r >> 32U) & (index - 1)].words[0] + visit(at(r), now);
        return sum;
    }

private:
    struct alignas(64) Line {
        std::array<std::uint64_t, 8> words;
    };
    Line& at(std::uint64_t random) { return lines_[random & (lines_.size() - 1)]; }
    static std::uint64_t visit(Line& line, std::uint32_t now) {
        line.words[1] = now;
        return line.words[0];
    }

    PageMemory memory_;
    std::span<Line> lines_;
};

}  // namespace ajar::bench
