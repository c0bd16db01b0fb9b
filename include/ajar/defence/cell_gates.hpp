// One gate with hysteresis for each cell of a sketch (policy/pressure.hpp has one for a single value).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/defence/cell_set.hpp"

namespace ajar {

/// Counts, not parts.
struct CountMarks {
    std::uint32_t enter = 0, leave = 0;
    Duration dwell{};
    Duration linger{};  ///< how long a gate that has closed is remembered
};

class CellGates {
public:
    explicit CellGates(std::uint32_t lines)
        : open_(lines), lingering_(lines), since_(std::size_t{lines} * kSketchLine) {}

    /// Returns whether a gate opened or closed, or one that closed was forgotten.
    bool update(std::span<const std::uint32_t> counts, const CountMarks& marks, Tick now);
    /// Nothing to do while all counts are below the mark.
    [[nodiscard]] bool idle() const { return lingering_.empty(); }

    [[nodiscard]] const CellSet& open() const { return open_; }
    /// Those that are open, and those that were until lately.
    [[nodiscard]] const CellSet& lingering() const { return lingering_; }
    /// When a cell that lingers will be forgotten; none while it is open.
    [[nodiscard]] std::optional<Tick> end_of(std::size_t cell, Duration linger) const {
        if (open_.has(cell) || !lingering_.has(cell)) return std::nullopt;
        return since_[cell] + ticks_for(linger);
    }

private:
    bool update(std::size_t cell, std::uint32_t count, const CountMarks& marks, Tick now);

    CellSet open_, lingering_;
    std::vector<Tick> since_;  // of an open gate: last time that it was busy; of a closed one: its closing
};

}  // namespace ajar
