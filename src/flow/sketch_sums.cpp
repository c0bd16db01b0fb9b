// Adding a shard's sketch.
#include "ajar/flow/sketch_sums.hpp"

#include <cassert>

namespace ajar {

void SketchSums::add(const CountMin& sketch) {
    assert(sketch.lines() == lines_);
    std::uint64_t outside = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        const auto sum = std::uint64_t{cells_[i]} + sketch.cell(i);
        outside |= sum >> 32U;
        cells_[i] = static_cast<std::uint32_t>(sum);
    }
    assert(outside == 0);
}

void SketchSums::add_modulo(const CountMin& sketch) {
    assert(sketch.lines() == lines_);
    for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += sketch.cell(i);
}

}  // namespace ajar
