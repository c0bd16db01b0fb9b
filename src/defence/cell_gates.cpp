// Opening and closing the gates of a sketch.
#include "ajar/defence/cell_gates.hpp"

namespace ajar {

bool CellGates::update(std::span<const std::uint32_t> counts, const CountMarks& marks, Tick now) {
    bool changed = false;
    for (std::size_t cell = 0; cell < counts.size(); ++cell) {
        if (counts[cell] < marks.enter && (lingering_.empty() || !lingering_.has(cell))) continue;
        changed |= update(cell, counts[cell], marks, now);
    }
    return changed;
}

bool CellGates::update(std::size_t cell, std::uint32_t count, const CountMarks& marks, Tick now) {
    const auto past = [&](Duration time) {
        return now - since_[cell] >= static_cast<std::int32_t>(ticks_for(time));
    };
    if (count >= marks.enter || (open_.has(cell) && count >= marks.leave)) {
        const bool opens = !open_.has(cell);
        open_.set(cell);
        lingering_.set(cell);
        since_[cell] = now;
        return opens;
    }
    if (open_.has(cell)) {
        if (!past(marks.dwell)) return false;
        open_.clear(cell);
        since_[cell] = now;
        return true;
    }
    if (!past(marks.linger)) return false;
    lingering_.clear(cell);
    return true;
}

}  // namespace ajar
