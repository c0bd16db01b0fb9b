// Which connections are shown: some of each Reason, whatever there is of another, and all that was told of
// them?
#include "replay/cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ajar::replay {
namespace {

Event event(EventKind kind, Reason reason, std::uint64_t flow) {
    Event e;
    e.kind = kind;
    e.reason = reason;
    e.flow_id = flow;
    return e;
}

std::size_t shown(const Cases& cases, Reason reason) {
    return static_cast<std::size_t>(
        std::count_if(cases.taken().begin(), cases.taken().end(),
                      [&](const Case& c) { return headline_of(c).reason == reason; }));
}

TEST(Cases, AFloodOfOneReasonLeavesRoomForTheOthers) {
    Cases cases;
    std::uint64_t flow = 0;
    for (int i = 0; i < 100000; ++i) cases.add(event(EventKind::evicted, Reason::stale_syn_recv, ++flow));
    for (int i = 0; i < 100; ++i) cases.add(event(EventKind::flagged, Reason::idle, ++flow));
    EXPECT_EQ(shown(cases, Reason::stale_syn_recv), Cases::kOfEach + Cases::kShared);
    EXPECT_EQ(shown(cases, Reason::idle), Cases::kOfEach);
    EXPECT_EQ(cases.told()[static_cast<std::size_t>(Reason::stale_syn_recv)], 100000U);
    EXPECT_EQ(cases.told()[static_cast<std::size_t>(Reason::idle)], 100U);
}

TEST(Cases, KeepAllThatIsToldOfAConnection) {
    Cases cases;
    cases.add(event(EventKind::flagged, Reason::idle, 7));
    cases.add(event(EventKind::reset_sent, Reason::idle, 7));
    cases.add(event(EventKind::half_open, Reason::active_side_discovery, 7));
    cases.add(event(EventKind::flow_end, Reason::closed_by_rst, 7));
    cases.add(event(EventKind::flow_end, Reason::closed_by_fin, 8));
    ASSERT_EQ(cases.taken().size(), 1U);
    EXPECT_EQ(cases.taken()[0].events.size(), 4U);
    EXPECT_EQ(headline_of(cases.taken()[0]).reason, Reason::active_side_discovery)
        << "a verdict says more than a flag";
}

TEST(Cases, RememberWhatWasToldOfWhoWasPassedOver) {
    Cases cases;
    std::uint64_t flow = 0;
    for (std::size_t i = 0; i < Cases::kOfEach + Cases::kShared + 10; ++i)
        cases.add(event(EventKind::flagged, Reason::idle, ++flow));
    const auto last = flow;  // there was no room for it
    cases.add(event(EventKind::half_open, Reason::crash_reopen_stuck, last));
    const auto& taken = cases.taken().back();
    EXPECT_EQ(taken.flow_id, last);
    ASSERT_EQ(taken.events.size(), 2U);
    EXPECT_EQ(taken.events[0].reason, Reason::idle);
}

TEST(Cases, OfOneConnectionAreBoundedAndItsEndIsKept) {
    Cases cases;
    for (std::size_t i = 0; i < Cases::kMostEvents + 5; ++i)
        cases.add(event(EventKind::flagged, Reason::idle, 1));
    cases.add(event(EventKind::flow_end, Reason::alive_at_end, 1));
    ASSERT_EQ(cases.taken().size(), 1U);
    EXPECT_EQ(cases.taken()[0].events.size(), Cases::kMostEvents);
    EXPECT_EQ(cases.taken()[0].events.back().kind, EventKind::flow_end);
    EXPECT_EQ(cases.taken()[0].left_out, 6U);
}

}  // namespace
}  // namespace ajar::replay
