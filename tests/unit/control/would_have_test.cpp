// Is what mode observe has left undone counted, and nothing else?
#include "control/would_have.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace ajar::control {
namespace {

Event let_go(Reason reason, Action action) {
    Event e;
    e.kind = EventKind::evicted;
    e.mode = Mode::observe;
    e.reason = reason;
    e.action = action;
    return e;
}

std::uint64_t sum(const WouldHave::Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST(WouldHave, CountsConnectionsAndResetsByReason) {
    WouldHave would;
    for (int i = 0; i < 3; ++i) would.add(let_go(Reason::stale_syn_recv, Action::evict_reset));
    would.add(let_go(Reason::stale_syn_sent, Action::evict));
    Event rst = let_go(Reason::stale_syn_recv, Action::evict_reset);
    rst.kind = EventKind::reset_sent;
    would.add(rst);
    EXPECT_EQ(would.evicted[static_cast<std::size_t>(Reason::stale_syn_recv)], 3U);
    EXPECT_EQ(would.evicted[static_cast<std::size_t>(Reason::stale_syn_sent)], 1U);
    EXPECT_EQ(sum(would.evicted), 4U);
    EXPECT_EQ(would.resets, 1U);
}

TEST(WouldHave, WhatWasDoneOrWouldNotBeIsNotCounted) {
    WouldHave would;
    Event done = let_go(Reason::stale_syn_recv, Action::evict_reset);
    done.mode = Mode::enforce;
    would.add(done);
    done.kind = EventKind::reset_sent;
    would.add(done);
    would.add(let_go(Reason::idle, Action::flag));
    Event flagged = let_go(Reason::stale_syn_recv, Action::evict);
    flagged.kind = EventKind::flagged;
    would.add(flagged);
    EXPECT_EQ(sum(would.evicted) + would.resets, 0U);
}

}  // namespace
}  // namespace ajar::control
