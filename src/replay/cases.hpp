// Which connections a report shows: those that were flagged, evicted, refused or found half open, with all
// that was told of each. Bounded, and fair: a flood of one Reason leaves room for the others.
//
// Of each Reason the first kOfEach are taken, and kShared more of whatever comes. A connection is often
// flagged first and understood later, by when it may have been passed over: so what was told last of those is
// kept for a while.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "ajar/event.hpp"

namespace ajar::replay {

struct Case {
    std::uint64_t flow_id = 0;
    std::vector<Event> events;   ///< by time, the end too
    std::uint64_t left_out = 0;  ///< beyond kMostEvents
};

class Cases {
public:
    static constexpr std::size_t kOfEach = 8, kShared = 100, kMostEvents = 24, kPassed = 2048;

    void add(const Event& event);

    /// In the order in which they were taken.
    [[nodiscard]] const std::vector<Case>& taken() const { return taken_; }
    /// Events that told of a connection in trouble, by Reason.
    [[nodiscard]] const std::array<std::uint64_t, kReasonCount>& told() const { return told_; }

private:
    bool take(Reason reason);
    void pass_over(const Event& event);
    static void keep(Case& c, const Event& event);

    std::vector<Case> taken_;
    std::unordered_map<std::uint64_t, std::size_t> places_;  // by flow id, of taken_
    std::deque<Event> passed_;                               // the latest of others
    std::array<std::uint64_t, kReasonCount> told_{};
    std::array<std::uint32_t, kReasonCount> taken_of_{};
    std::size_t shared_ = 0;
};

/// What stands over a connection in a report.
const Event& headline_of(const Case& c);

}  // namespace ajar::replay
