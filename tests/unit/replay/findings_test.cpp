// Does each event land in the finding that a person would put it under, and each flow in one only?
#include "replay/findings.hpp"

#include <gtest/gtest.h>

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

TEST(Findings, WhatWasWholeIsNone) {
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::closed_by_fin)), std::nullopt);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::alive_at_end)), std::nullopt);
    EXPECT_EQ(finding_of(event(EventKind::flow_end, Reason::alive_at_end, TcpState::syn_recv)),
              Finding::opening);
}

}  // namespace
}  // namespace ajar::replay
