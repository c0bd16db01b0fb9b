// When a file of records makes room for a new one, and how many old ones are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "ajar/clock.hpp"

namespace ajar::exporting {

/// FILE becomes FILE.1, that FILE.2 and so on up to FILE.<keep>, whose place the next one takes. Only regular
/// files are rotated, between lines.
struct Rotation {
    std::uint64_t bytes = 0;  ///< before a file grows beyond so many; 0: never
    Duration every{};         ///< at multiples of this since 1970, UTC; 0: never
    std::uint32_t keep = 1;   ///< old files, at least one
    std::function<Time()> now = [] {
        return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    };

    /// Which of the periods an instant lies in.
    [[nodiscard]] std::int64_t period_of(Time t) const {
        return every == Duration(0) ? 0 : t.time_since_epoch() / every;
    }
};

/// Moves `path` and its predecessors on by one. Returns 0, or the error's number: then `path` is where it
/// was.
int make_room(const std::string& path, std::uint32_t keep);

}  // namespace ajar::exporting
