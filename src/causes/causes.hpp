// Why did connections fail, who made them, and who scans? What the events of a run add up to.
//
// Fed with every event, by one thread that is no worker: `ajar replay` and the control thread use it alike.
// It needs the ends of all flows (Policy::flow_end_events): without those that went well, everybody who ever
// met a closed port would look like a scanner. Events that were lost are missing in its sums.
#pragma once

#include <array>

#include "ajar/event.hpp"
#include "causes/heavy_hitters.hpp"
#include "causes/window.hpp"

namespace ajar::causes {

/// Attempts of one label, and who was in them.
struct LabelTally {
    std::uint64_t count = 0;
    HeavyHitters servers, clients;
};

class Causes {
public:
    explicit Causes(const HashKey& key) : key_(prepare(key)), window_(key) {}

    void add(const Event& event);
    /// After the last event; before it, sums lack the window under way.
    void finish();

    [[nodiscard]] const LabelTally& of(Label label) const {
        return tallies_[static_cast<std::size_t>(label)];
    }
    /// Attempts that came to nothing and have a label.
    [[nodiscard]] std::uint64_t failed() const;
    [[nodiscard]] const Suspects& suspects() const { return window_.suspects(); }

private:
    [[nodiscard]] Window::Sink sum_up();

    PreparedHashKey key_;
    std::array<LabelTally, kLabelCount> tallies_;
    Window window_;
};

}  // namespace ajar::causes
