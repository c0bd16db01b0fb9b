// Are the latest connections in trouble there, whatever else floods in, in bounded memory?
#include "live/flags.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ajar::live {
namespace {

using namespace std::chrono_literals;

Event told(EventKind kind, Reason reason, std::uint64_t flow, Duration at = 0s) {
    Event e;
    e.kind = kind;
    e.reason = reason;
    e.flow_id = flow;
    e.time = Time(1'700'000'000s) + at;
    return e;
}

std::size_t of(const std::vector<Flagged>& all, Reason reason) {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const Flagged& f) { return f.events.front().reason == reason; }));
}

TEST(Flags, TheLatestComeFirst) {
    Flags flags;
    for (std::uint64_t n = 1; n <= 5; ++n)
        flags.add(told(EventKind::flagged, Reason::idle, n, std::chrono::seconds(n)));
    const auto latest = flags.latest(10);
    ASSERT_EQ(latest.size(), Flags::kOfEach);
    for (std::size_t i = 0; i < latest.size(); ++i) EXPECT_EQ(latest[i].flow_id, 5 - i);
    EXPECT_EQ(flags.latest(2).size(), 2U);
    EXPECT_EQ(flags.told()[static_cast<std::size_t>(Reason::idle)], 5U);
}

TEST(Flags, AFloodOfOneReasonLeavesTheOthersTheirPlaces) {
    Flags flags;
    flags.add(told(EventKind::half_open, Reason::crash_reopen_stuck, 1));
    for (std::uint64_t n = 2; n < 100'000; ++n)
        flags.add(told(EventKind::evicted, Reason::stale_syn_recv, n, std::chrono::microseconds(n)));
    flags.add(told(EventKind::flagged, Reason::idle, 100'001, 100ms));
    const auto latest = flags.latest(100);
    EXPECT_EQ(latest.size(), 2 + Flags::kOfEach);
    EXPECT_EQ(of(latest, Reason::crash_reopen_stuck), 1U);
    EXPECT_EQ(latest.front().events.front().reason, Reason::idle);
    EXPECT_EQ(flags.told()[static_cast<std::size_t>(Reason::stale_syn_recv)], 99'998U);
}

TEST(Flags, AFloodIsLookedAtAFewTimesASecond) {
    Flags flags;
    for (std::uint64_t n = 1; n <= 1000; ++n) flags.add(told(EventKind::evicted, Reason::idle, n));
    EXPECT_EQ(flags.latest(1).front().flow_id, Flags::kASecond);
    flags.add(told(EventKind::evicted, Reason::idle, 2000, 1s));
    EXPECT_EQ(flags.latest(1).front().flow_id, 2000U);
}

TEST(Flags, AConnectionHasAllThatIsToldOfItWithinItsRoom) {
    Flags flags;
    flags.add(told(EventKind::probed, Reason::proven_dead, 7));
    EXPECT_TRUE(flags.latest(1).empty()) << "no trouble yet";
    flags.add(told(EventKind::flagged, Reason::idle, 7));
    flags.add(told(EventKind::half_open, Reason::active_side_discovery, 7, 1s));
    flags.add(told(EventKind::flow_end, Reason::closed_by_rst, 8));
    auto latest = flags.latest(5);
    ASSERT_EQ(latest.size(), 1U);
    EXPECT_EQ(latest[0].events.size(), 2U);
    for (int n = 0; n < 100; ++n) flags.add(told(EventKind::flagged, Reason::idle, 7, 2s));
    flags.add(told(EventKind::flow_end, Reason::closed_by_rst, 7, 3s));
    latest = flags.latest(5);
    ASSERT_EQ(latest.size(), 1U);
    EXPECT_EQ(latest[0].events.size(), Flags::kMostEvents);
    EXPECT_EQ(latest[0].events.back().kind, EventKind::flow_end) << "its end is worth more than one of many";
    EXPECT_EQ(latest[0].left_out + latest[0].events.size(), 103U);
}

}  // namespace
}  // namespace ajar::live
