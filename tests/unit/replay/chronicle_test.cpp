// Is every connection in the bins of its life, and in the row of its age?
#include "replay/chronicle.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace ajar::replay {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{Duration(1700000000s)};

Event end_of(Attempt attempt, Reason reason, TcpState state, Duration begun, Duration over,
             std::optional<Duration> last = {}) {
    Event e;
    e.kind = EventKind::flow_end;
    e.time = kStart + over;
    e.attempt = attempt;
    e.reason = reason;
    e.state = state;
    e.recorded = true;
    e.record.first_ns = (kStart + begun).time_since_epoch().count();
    e.record.last_ns = (kStart + last.value_or(over)).time_since_epoch().count();
    return e;
}

Event stale(Duration begun, Duration over) {
    return end_of(Attempt::silent, Reason::stale_syn_sent, TcpState::syn_sent, begun, over);
}

/// What stood at the end of the bin of that time.
std::int64_t unfinished_at(const Chronicle& c, Duration at, std::size_t age) {
    std::int64_t sum = 0;
    Time end = c.bins().begin();
    for (const auto& row : c.bins().rows()) {
        if (end > kStart + at) break;
        sum += row.unfinished[age];
        end += c.bins().width();
    }
    return sum;
}

TEST(Chronicle, AnUnfinishedHandshakeGrowsOlderFromClassToClass) {
    Chronicle c;
    c.add(stale(0s, 63s));
    ASSERT_LE(c.bins().width(), Duration(1s));
    const std::array<Duration, kAgeClasses> inside = {500ms, 3s, 7s, 20s, 50s};
    for (std::size_t at = 0; at < kAgeClasses; ++at)
        for (std::size_t age = 0; age < kAgeClasses; ++age)
            EXPECT_EQ(unfinished_at(c, inside[at], age), at == age ? 1 : 0) << at << " " << age;
    for (std::size_t age = 0; age < kAgeClasses; ++age) EXPECT_EQ(unfinished_at(c, 64s, age), 0) << age;
}

TEST(Chronicle, WhatIsRefusedIsOverWithTheRefusal) {
    Chronicle c;
    c.add(end_of(Attempt::refused, Reason::closed_by_rst, TcpState::close, 0s, 10s, 20ms));
    EXPECT_EQ(unfinished_at(c, 5s, 0) + unfinished_at(c, 5s, 1) + unfinished_at(c, 5s, 2), 0);
    EXPECT_EQ(c.ages()[2][static_cast<std::size_t>(Unfinished::refused)], 1U);  // 10 to 100 ms
}

TEST(Chronicle, AgesAreInTheRowBelowTheirBound) {
    Chronicle c;
    for (const Duration age :
         {Duration(0s), Duration(999us), Duration(1ms), Duration(60s), Duration(120s), Duration(1h)})
        c.add(stale(0s, age));
    const auto in = [&](std::size_t row) {
        return c.ages()[row][static_cast<std::size_t>(Unfinished::unanswered)];
    };
    EXPECT_EQ(in(0), 2U);
    EXPECT_EQ(in(1), 1U);
    EXPECT_EQ(in(8), 1U);
    EXPECT_EQ(in(kAgeRows - 1), 2U);
}

TEST(Chronicle, ConnectionsAreOpenFromTheirFirstPacketToTheirLast) {
    Chronicle c;
    c.add(end_of(Attempt::used, Reason::closed_by_fin, TcpState::time_wait, 1s, 130s, 10s));
    c.add(end_of(Attempt::used, Reason::idle, TcpState::established, 2s, 100s, 3s));
    auto mid = end_of(Attempt::none, Reason::alive_at_end, TcpState::established, 3s, 120s);
    mid.conn.set_mark(Conn::kMidStream);
    c.add(mid);
    std::int64_t open = 0, most = 0;
    std::array<std::uint64_t, kBeginningCount> begun{};
    for (const auto& row : c.bins().rows()) {
        open += row.open;
        most = std::max(most, open);
        for (std::size_t b = 0; b < kBeginningCount; ++b) begun[b] += row.begun[b];
        EXPECT_GE(open, 0);
    }
    EXPECT_EQ(open, 0);
    EXPECT_EQ(most, 3);
    EXPECT_EQ(begun, (std::array<std::uint64_t, kBeginningCount>{2, 0, 1}));
    EXPECT_EQ(c.bins().end(), kStart + 121s) << "the last bin is that of the last end";
}

TEST(Chronicle, CountsWhatIsToldByReason) {
    Chronicle c;
    Event e;
    e.time = kStart;
    for (const auto kind : {EventKind::flagged, EventKind::evicted, EventKind::refused, EventKind::half_open,
                            EventKind::flow_start, EventKind::reset_sent, EventKind::probed}) {
        e.kind = kind;
        e.reason = Reason::idle;
        c.add(e);
    }
    EXPECT_EQ(c.bins().rows().front().told[static_cast<std::size_t>(Reason::idle)], 4U);
}

}  // namespace
}  // namespace ajar::replay
