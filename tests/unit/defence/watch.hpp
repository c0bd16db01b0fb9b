// A tracker and its defence: traffic, epochs, and what was told of them.
#pragma once

#include "ajar/defence/defence.hpp"
#include "lab.hpp"

namespace ajar::test {

inline constexpr std::uint32_t kHigh = 40, kLow = 10;

class Watch {
public:
    explicit Watch(std::size_t shards = 1, TableSizes sizes = {1U << 12U, 1U << 12U, 1U << 12U, 25, 25})
        : lab(sizes, shards), defence_(sizes, {3, 4}) {
        lab.policy.defence.service_high = kHigh;
        lab.policy.defence.service_low = kLow;
        lab.policy.defence.dwell = 2s;
        for (std::size_t s = 0; s < shards; ++s) trackers_.push_back(&lab.tracker(s));
    }
    const Posture& update(Duration later = 10ms) {
        lab.pass(later);
        held_ = defence_.update(lab.now, lab.now + ahead, trackers_, lab.policy);
        lab.posture = held_.get();
        for (const Change& change : defence_.changes()) {
            told.push_back(change);
            situation.add(change);
        }
        return *held_;
    }
    /// From now on names are told, and others'.
    void hear(std::shared_ptr<const Pending> others) { defence_.hear(true, std::move(others)); }
    [[nodiscard]] const Pending& pending() const { return defence_.pending(); }
    /// SYNs of so many clients, from number `first` on.
    void syns(std::uint32_t first, std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) lab.client(tuple(first + i), S, 1000);
    }
    /// Another one, who proves himself if he is challenged, and connects.
    void visit(std::uint32_t n) {
        lab.answers.clear();
        lab.client(tuple(n), S, 1000);
        if (!lab.answers.empty()) {
            lab.client(tuple(n), R, lab.answers.back().ack);
            lab.client(tuple(n), S, 1000);
        }
        lab.server(tuple(n), SA, 5000, 1001);
        lab.client(tuple(n), A, 1001, 5001);
    }
    bool flooded() {
        const auto frames = lab.answers.size();
        lab.client(tuple(50000 + next_++), S, 1000);
        return lab.answers.size() > frames;
    }

    Lab lab;
    Duration ahead{};  ///< of the wall clock
    std::vector<Change> told;
    Situation situation;

private:
    std::vector<Tracker*> trackers_;
    Defence defence_;
    std::shared_ptr<const Posture> held_;
    std::uint32_t next_ = 0;
};

}  // namespace ajar::test
