// The way of a flow through a shard: verdicts, stores, counters, readers.
#include "lab.hpp"

#include <map>

namespace ajar::test {
namespace {

TEST(Flow, AHandshakeIsPromotedAtItsAck) {
    Lab lab;
    EXPECT_EQ(lab.client({}, S, 1000).state, TcpState::syn_sent);
    EXPECT_EQ(lab.server({}, SA, 5000, 1001).state, TcpState::syn_recv);
    EXPECT_EQ(lab.counters().flows_promoted.get(), 0U);
    EXPECT_EQ(lab.client({}, A, 1001, 5001).state, TcpState::established);
    EXPECT_EQ(lab.counters().flows_promoted.get(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(lab.flows(TcpState::syn_recv), 0U);
}

TEST(Flow, TwoPacketsOfANewFlowInOneBurst) {
    Lab lab;
    const std::array burst = {lab.packet({}, true, S, 1000), lab.packet({}, false, SA, 5000, 1001),
                              lab.packet({}, true, A, 1001, 5001)};
    std::array<Verdict, 3> verdicts;
    lab.tracker().process(burst, verdicts, lab.policy);
    EXPECT_EQ(verdicts[2].state, TcpState::established);
    EXPECT_EQ(lab.counters().flows_created.get(), 1U);
}

TEST(Flow, AClosedPortStaysOutOfTheConfirmedTable) {
    Lab lab;
    lab.client({}, S, 1000);
    EXPECT_EQ(lab.server({}, R | A, 0, 1001).state, TcpState::close);
    EXPECT_EQ(lab.counters().flows_promoted.get(), 0U);
    lab.pass(11s);
    ASSERT_EQ(lab.events.size(), 1U);
    EXPECT_EQ(lab.events[0].reason, Reason::closed_by_rst);
}

TEST(Flow, APortReusedInTimeWaitIsANewFlow) {
    Lab lab;
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.server({}, F, 5001, 1002);
    lab.client({}, A, 1002, 5002);
    EXPECT_EQ(lab.client({}, S, 900000).ct, CtVerdict::fresh);
    EXPECT_EQ(lab.server({}, SA, 70000, 900001).state, TcpState::syn_recv);
    EXPECT_EQ(lab.client({}, A, 900001, 70001).state, TcpState::established);
    EXPECT_EQ(lab.counters().flows_created.get(), 2U);
    ASSERT_EQ(lab.of(EventKind::flow_end).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::flow_end)[0].reason, Reason::closed_by_fin);
}

TEST(Flow, MidStreamIsRefusedWhereThePolicySaysSo) {
    Lab lab;
    lab.policy.mid_stream = MidStream::refuse;
    const Verdict v = lab.client({}, A, 1001, 5001, 10);
    EXPECT_EQ(v.disposal, Disposal::drop);
    EXPECT_EQ(v.reason, Reason::no_flow);
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 10).disposal, Disposal::forward);
}

TEST(Flow, MidStreamIsCorroboratedByBothDirections) {
    Lab lab;
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 10).state, TcpState::unverified);
    EXPECT_EQ(lab.server({}, A, 5001, 1011, 10).state, TcpState::established);
    EXPECT_EQ(lab.counters().flows_promoted.get(), 1U);
}

TEST(Flow, ABadChecksumTouchesNothing) {
    Lab lab;
    Packet p = lab.packet({}, true, S, 1000);
    p.checksum = Checksum::bad;
    const Verdict v = lab.feed(p);
    EXPECT_EQ(v.disposal, Disposal::forward);
    EXPECT_EQ(v.reason, Reason::bad_tcp_checksum);
    EXPECT_EQ(lab.counters().flows_created.get(), 0U);
    lab.policy.checksums = ChecksumPolicy::ignore;
    EXPECT_EQ(lab.feed(p).state, TcpState::syn_sent);
}

TEST(Flow, AnIcmpErrorIsRelatedToItsFlowAlone) {
    Lab lab;
    Packet p = lab.packet({}, true, 0, 0);
    p.kind = PacketKind::icmp_error;
    EXPECT_EQ(lab.feed(p).reason, Reason::icmp_unrelated);
    lab.connect({});
    EXPECT_EQ(lab.feed(p).reason, Reason::icmp_related);
    EXPECT_EQ(lab.flows(TcpState::established), 1U) << "ICMP never ends a flow";
}

TEST(Flow, EveryPacketHasOneDisposal) {
    Lab lab;
    lab.connect({});
    lab.client(tuple(1), A, 1, 1, 5);
    lab.client(tuple(2), R, 1);
    Packet p;
    p.kind = PacketKind::pass;
    p.reason = Reason::arp;
    lab.feed(p);
    p.kind = PacketKind::refused;
    p.reason = Reason::truncated_tcp;
    lab.policy.refused = InvalidAction::drop;
    EXPECT_EQ(lab.feed(p).disposal, Disposal::drop);
    const Counters& c = lab.counters();
    EXPECT_EQ(c.packets.get(), 7U);
    EXPECT_EQ(c.forwarded.get() + c.dropped.get() + c.consumed.get(), c.packets.get());
}

/// In a flow that was picked up either end may open anew: to the machine it has then opened, to the record it
/// has not.
TEST(Flow, TheRecordsSidesStayWhenTheOtherEndOpensAnew) {
    Lab lab;
    lab.client({}, A, 1001, 5001, 100);
    lab.server({}, A, 5001, 1101, 100);
    lab.client({}, A, 1101, 5101, 100);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lab.server({}, S, 900000);
    lab.client({}, SA, 700000, 900001);
    EXPECT_EQ(lab.flows(TcpState::syn_recv), 1U);
    lab.finish();
    const auto ends = lab.of(EventKind::flow_end);
    ASSERT_EQ(ends.size(), 1U);
    const Side client = lab.packet({}, true, S, 1).side;
    EXPECT_EQ(ends[0].conn.originator(), other(client));
    EXPECT_EQ(ends[0].record.originator(), client);
    const std::string history(ends[0].record.history_text());
    EXPECT_NE(history.find('s'), std::string::npos) << history;
    EXPECT_NE(history.find('H'), std::string::npos) << history;
}

TEST(Flow, CountsAndTimesOfTheRecord) {
    Lab lab;
    const Packet syn = lab.packet({}, true, S, 1000);
    lab.feed(syn);
    lab.now += 5ms;
    lab.server({}, SA, 5000, 1001);
    lab.now += 5ms;
    lab.client({}, A, 1001, 5001);
    lab.client({}, A, 1001, 5001, 100);
    lab.finish();
    ASSERT_EQ(lab.events.size(), 1U);
    const Event& e = lab.events[0];
    EXPECT_EQ(e.reason, Reason::alive_at_end);
    EXPECT_EQ(e.record.originator(), syn.side);
    EXPECT_EQ(e.warm.sent[syn.side].packets, 3U);
    EXPECT_EQ(e.warm.sent[syn.side].ip_bytes, 220U);
    EXPECT_EQ(e.warm.sent[other(syn.side)].packets, 1U);
    EXPECT_EQ(e.record.first_ns, kStart.time_since_epoch().count());
    EXPECT_EQ(e.record.last_ns - e.record.first_ns, 10'000'000);
    EXPECT_EQ(e.record.history_text(), "ShAD");
}

TEST(Flow, FinishEndsAll) {
    Lab lab;
    for (std::uint32_t n = 0; n < 500; ++n) lab.connect(tuple(n));
    for (std::uint32_t n = 500; n < 900; ++n) lab.client(tuple(n), S, 1);
    lab.finish();
    EXPECT_EQ(lab.of(EventKind::flow_end).size(), 900U);
    EXPECT_EQ(lab.counters().flows_created.get(), lab.counters().flows_ended.get());
    for (std::size_t s = 0; s < kTcpStateCount; ++s) EXPECT_EQ(lab.flows(static_cast<TcpState>(s)), 0U);
}

TEST(Flow, AListingHasEachLivingFlowOnceAcrossPages) {
    Lab lab;
    for (std::uint32_t n = 0; n < 300; ++n) lab.connect(tuple(n));
    for (std::uint32_t n = 300; n < 400; ++n) lab.client(tuple(n), S, 1);
    std::map<std::uint64_t, int> seen;
    std::array<Tracker::Snapshot, 7> page;
    std::uint64_t cursor = 0;
    do {
        const std::size_t n = lab.tracker().list(cursor, page);
        for (std::size_t i = 0; i < n; ++i) ++seen[page[i].warm.birth_ordinal];
    } while (cursor != 0);
    EXPECT_EQ(seen.size(), 400U);
    for (const auto& [ordinal, times] : seen) EXPECT_EQ(times, 1) << ordinal;
}

TEST(Flow, EmbryonicAges) {
    Lab lab;
    lab.client(tuple(0), S, 1);
    lab.now += 6s;
    lab.client(tuple(1), S, 1);
    lab.connect(tuple(2));
    const auto ages = lab.tracker().embryonic_ages(lab.now);
    EXPECT_EQ(ages[0], 1U);
    EXPECT_EQ(ages[2], 1U);
    EXPECT_EQ(ages[0] + ages[1] + ages[2] + ages[3] + ages[4], 2U);
}

}  // namespace
}  // namespace ajar::test
