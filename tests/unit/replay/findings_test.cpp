// Does each event land in the finding that a person would put it under, and each flow in one only?
#include "replay/findings.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ajar::replay {
namespace {

Event event(EventKind kind, Reason reason, TcpState state = TcpState::established) {
    Event e;
    e.kind = kind;
    e.reason = reason;
    e.state = state;
    return e;
}

TEST(Findings, StaleHandshakesAreToldApart) {
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::stale_syn_recv)), Finding::unfinished);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::stale_syn_sent)), Finding::unanswered);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::embryonic_full)), Finding::gave_way);
    EXPECT_EQ(finding_of(event(EventKind::refused, Reason::confirmed_full)), Finding::refused);
}

TEST(Findings, AnEvictionCountsAtTheFlowsEndAlone) {
    EXPECT_EQ(finding_of(event(EventKind::evicted, Reason::stale_syn_recv)), std::nullopt);
    EXPECT_EQ(finding_of(event(EventKind::reset_sent, Reason::stale_syn_recv)), std::nullopt);
}

Event of_flow(std::uint64_t id, Event e) {
    e.flow_id = id;
    return e;
}
Event sign(Reason reason, Confidence confidence = Confidence::high) {
    Event e = event(EventKind::half_open, reason);
    e.evidenced = true;
    e.evidence.sign = reason;
    e.evidence.confidence = confidence;
    return e;
}

TEST(Findings, AFlaggedFlowCountsAtItsFlagAlone) {
    FoundOnce found;
    const Event flag = event(EventKind::flagged, Reason::idle);
    const Event end = event(EventKind::flow_end, Reason::alive_at_end, TcpState::fin_wait);
    EXPECT_EQ(found.take(of_flow(1, flag)), Finding::silent);
    EXPECT_EQ(found.take(of_flow(2, flag)), Finding::silent);
    EXPECT_EQ(found.take(of_flow(1, flag)), std::nullopt) << "flagged again";
    EXPECT_EQ(found.take(of_flow(1, end)), std::nullopt);
    EXPECT_EQ(found.take(of_flow(3, end)), Finding::half_closed_at_end);
    EXPECT_EQ(found.take(of_flow(1, end)), Finding::half_closed_at_end) << "nobody remembers what has ended";
}

TEST(Findings, AFlowThatPassesOneWayIsNotFlaggedForThat) {
    FoundOnce found;
    Event end = event(EventKind::flow_end, Reason::alive_at_end, TcpState::fin_wait);
    end.conn.unheard = 1;
    EXPECT_EQ(found.take(end), Finding::half_closed_at_end);
}

TEST(Findings, ASignCountsWhenItIsToldAndNotAgain) {
    FoundOnce found;
    EXPECT_EQ(found.take(of_flow(1, sign(Reason::unanswered_retransmission))), Finding::unheard);
    for (int n = 0; n < 1000; ++n)
        EXPECT_EQ(found.take(of_flow(1, sign(Reason::unanswered_retransmission))), std::nullopt);
    EXPECT_EQ(found.take(of_flow(1, sign(Reason::unanswered_keepalive))), std::nullopt);
    EXPECT_EQ(found.take(of_flow(2, sign(Reason::unanswered_keepalive))), Finding::unkept);
    EXPECT_EQ(found.take(of_flow(1, event(EventKind::flagged, Reason::unacknowledged_idle))), std::nullopt);
    EXPECT_EQ(found.take(of_flow(1, event(EventKind::flow_end, Reason::idle))), std::nullopt);
}

TEST(Findings, WhatIsNotTrustedCountsAtTheFlagOrTheEnd) {
    FoundOnce found;
    const Event doubtful = sign(Reason::unanswered_retransmission, Confidence::low);
    Event flag = event(EventKind::flagged, Reason::unacknowledged_idle);
    flag.evidenced = true;
    flag.evidence = doubtful.evidence;
    EXPECT_EQ(found.take(of_flow(1, doubtful)), std::nullopt);
    EXPECT_EQ(found.take(of_flow(1, flag)), Finding::unacknowledged);
}

TEST(Findings, ARefusalIsOfNoFlow) {
    FoundOnce found;
    for (int n = 0; n < 2; ++n)
        EXPECT_EQ(found.take(event(EventKind::refused, Reason::confirmed_full)), Finding::refused);
}

TEST(Findings, EverySignHasOne) {
    std::set<Finding> found;
    for (std::size_t r = 0; r < kReasonCount; ++r) {
        if (kReasonTable[r].fate != Fate::sign) continue;
        const auto finding = finding_of(sign(static_cast<Reason>(r)));
        ASSERT_TRUE(finding) << kReasonTable[r].name;
        EXPECT_TRUE(found.insert(*finding).second) << kReasonTable[r].name;
    }
    EXPECT_EQ(found.size(), 7U);
}

TEST(Findings, WhatWasWholeIsNone) {
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::closed_by_fin)), std::nullopt);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::alive_at_end)), std::nullopt);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::alive_at_end, TcpState::syn_recv)),
              Finding::opening);
}

}  // namespace
}  // namespace ajar::replay
