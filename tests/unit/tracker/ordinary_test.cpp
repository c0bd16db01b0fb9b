// Does the short way of ordinary segments keep the timers and the books that the long way keeps?
#include <gtest/gtest.h>

#include "unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

using std::chrono::seconds;

/// Data and its acknowledgment, after which history has all its letters and the flow its resting stamp: the
/// same again, and data once more, go the short way.
class Ordinary : public testing::TestWithParam<bool> {
protected:
    Lab lab{{1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, Recording::off};
    Tuple tuple{.ipv6 = GetParam()};

    void SetUp() override {
        at(TimerClass::established) = seconds(100);
        at(TimerClass::unacknowledged) = seconds(10);
        for (auto& action : lab.policy.actions) action = Action::evict;
        lab.connect(tuple);
        lab.pass(seconds(1));
        for (std::uint32_t seq = 1001; seq < 1201; seq += 100) {
            ASSERT_EQ(lab.client(tuple, A, seq, 5001, 100).reason, Reason::none);
            ASSERT_EQ(lab.server(tuple, A, 5001, seq + 100).reason, Reason::none);
        }
        ASSERT_EQ(lab.client(tuple, A, 1201, 5001, 100).reason, Reason::none);
    }
    Duration& at(TimerClass c) { return lab.policy.timeouts[static_cast<std::size_t>(c)]; }
    std::size_t evicted() { return lab.of(EventKind::evicted).size(); }
    /// Silence from now on: it lives for `alive`, and no longer than `more` beyond that.
    void expect_end_after(Duration alive, Duration more, Reason reason) {
        lab.pass(alive);
        EXPECT_EQ(evicted(), 0U);
        lab.pass(more);
        ASSERT_EQ(evicted(), 1U);
        EXPECT_EQ(lab.of(EventKind::evicted)[0].reason, reason);
    }
};
INSTANTIATE_TEST_SUITE_P(Families, Ordinary, testing::Bool(),
                         [](const auto& p) { return p.param ? "Ipv6" : "Ipv4"; });

TEST_P(Ordinary, UnacknowledgedDataEndsByTheShorterTimer) {
    expect_end_after(seconds(9), seconds(2), Reason::unacknowledged_idle);
}

TEST_P(Ordinary, AnAcknowledgmentBringsTheLongerTimerBack) {
    lab.pass(seconds(5));
    lab.server(tuple, A, 5001, 1301);
    expect_end_after(seconds(98), seconds(3), Reason::idle);
}

TEST_P(Ordinary, DataAfterTheAnswerCountsAnew) {
    for (std::uint32_t i = 1; i < 5; ++i) {
        lab.pass(seconds(5));
        lab.server(tuple, A, 5001, 1201 + 100 * i);
        lab.pass(seconds(5));
        lab.client(tuple, A, 1201 + 100 * i, 5001, 100);
    }
    expect_end_after(seconds(9), seconds(2), Reason::unacknowledged_idle);
}

TEST_P(Ordinary, EachSegmentCounts) {
    lab.server(tuple, A, 5001, 1301);
    lab.finish();
    const auto ends = lab.of(EventKind::flow_end);
    ASSERT_EQ(ends.size(), 1U);
    const auto& sent = ends[0].warm.sent;
    EXPECT_EQ(sent[0].packets + sent[1].packets, 9U);
    EXPECT_EQ(sent[0].ip_bytes + sent[1].ip_bytes, 9U * 40 + 300);
    EXPECT_EQ(lab.counters().tcp_packets.get(), 9U);
    EXPECT_EQ(lab.counters().forwarded.get(), 9U);
}

}  // namespace
}  // namespace ajar::test
