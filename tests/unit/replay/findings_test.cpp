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

TEST(Findings, AFlaggedFlowCountsAtItsFlagAlone) {
    EXPECT_EQ(finding_of(event(EventKind::flagged, Reason::idle)), Finding::silent);
    auto end = event(EventKind::flow_end, Reason::alive_at_end, TcpState::fin_wait);
    EXPECT_EQ(finding_of(end), Finding::half_closed_at_end);
    end.conn.flagged_for = static_cast<std::uint8_t>(Reason::half_closed_idle);
    EXPECT_EQ(finding_of(end), std::nullopt);
}

TEST(Findings, ASignCountsWhenItIsToldAndNotAgain) {
    Event sign = event(EventKind::half_open, Reason::unanswered_retransmission);
    sign.evidenced = true;
    sign.evidence.sign = sign.reason;
    sign.evidence.confidence = Confidence::high;
    EXPECT_EQ(finding_of(sign), Finding::unheard);
    Event later = event(EventKind::flagged, Reason::unacknowledged_idle);
    EXPECT_EQ(finding_of(later), Finding::unacknowledged);
    later.evidenced = true;
    later.evidence = sign.evidence;
    EXPECT_EQ(finding_of(later), std::nullopt);
    sign.evidence.confidence = Confidence::low;
    EXPECT_EQ(finding_of(sign), std::nullopt);
}

TEST(Findings, EverySignHasOne) {
    std::set<Finding> found;
    for (std::size_t r = 0; r < kReasonCount; ++r) {
        if (kReasonTable[r].fate != Fate::sign) continue;
        Event sign = event(EventKind::half_open, static_cast<Reason>(r));
        sign.evidence.confidence = Confidence::high;
        ASSERT_TRUE(finding_of(sign)) << kReasonTable[r].name;
        EXPECT_TRUE(found.insert(*finding_of(sign)).second) << kReasonTable[r].name;
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
