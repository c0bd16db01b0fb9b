// Do the fields of a biflow say what its event knows, each under the right direction?
#include <gtest/gtest.h>

#include "ajar/flow/history.hpp"
#include "events.hpp"
#include "export/ipfix/collector.hpp"
#include "export/ipfix/flow.hpp"

namespace ajar::exporting::ipfix {
namespace {

Event ended_flow() {
    Event e = stale_syn_recv();
    e.kind = EventKind::flow_end;
    e.recorded = false;
    e.conn.set_originator(1);
    e.key.zone = zone_of(2, 7, 0);
    e.warm.set_first(Time(std::chrono::seconds(1'700'000'000)));
    e.tick = tick_of(Time(std::chrono::seconds(1'700'000'002)));
    e.warm.sent[0].letters = history::Letter::kSyn;
    e.warm.sent[1].letters = history::Letter::kSyn | history::Letter::kRst;
    e.warm.sent[0].tos = 0x20;
    e.warm.sent[1].tos = 0x10;
    e.warm.sent[0].port = 2;
    e.warm.sent[1].port = 1;
    return e;
}

TEST(IpfixFlow, ForwardIsTheInitiatorWhicheverSideItIs) {
    const Flow f = flow_of(ended_flow());
    EXPECT_EQ(f.address[0], v4(10, 0, 0, 1));
    EXPECT_EQ(f.address[1], v4(192, 0, 2, 7));
    EXPECT_EQ(f.port, (std::array<std::uint16_t, 2>{40000, 80}));
    EXPECT_EQ(f.packets, (std::array<std::uint64_t, 2>{3, 2}));
    EXPECT_EQ(f.bytes, (std::array<std::uint64_t, 2>{180, 120}));
    EXPECT_EQ(f.service_class, (std::array<std::uint8_t, 2>{0x10, 0x20}));
    EXPECT_EQ(f.interface, (std::array<std::uint32_t, 2>{5, 6}));  // the third pair's
    EXPECT_EQ(f.vlan, 7);
    EXPECT_EQ(f.id, 0xfedcba9876543210ULL);
    EXPECT_EQ(f.end, EndReason::idle_timeout);
}

TEST(IpfixFlow, AResponderThatWasNeverHeardHasNoInterface) {
    Event e = ended_flow();
    e.warm.sent[0] = Sent{};
    EXPECT_EQ(flow_of(e).interface, (std::array<std::uint32_t, 2>{5, 0}));
}

TEST(IpfixFlow, ControlBitsAreThoseThatTheHistoryKnows) {
    Event e = ended_flow();
    EXPECT_EQ(flow_of(e).control_bits, (std::array<std::uint16_t, 2>{0x06, 0x12}));  // SYN RST, SYN ACK
    e.warm.sent[1].letters = history::Letter::kSyn | history::Letter::kData | history::Letter::kFin;
    e.warm.sent[0].letters = history::Letter::kAck;
    EXPECT_EQ(flow_of(e).control_bits, (std::array<std::uint16_t, 2>{0x13, 0x10}));
    e.warm.sent[0].letters = 0;
    EXPECT_EQ(flow_of(e).control_bits[1], 0);
}

TEST(IpfixFlow, TimesAreThoseOfPacketsNotOfTheTimerThatEndedIt) {
    Event e = ended_flow();
    EXPECT_NEAR(static_cast<double>(flow_of(e).first_ms), 1'700'000'000'000.0, 1.0);
    EXPECT_EQ(flow_of(e).last_ms, 1'700'000'002'000U);
    e.tick = tick_of(e.begun() - std::chrono::seconds(1));  // no end before the beginning
    EXPECT_EQ(flow_of(e).last_ms, flow_of(e).first_ms);
    e.recorded = true;
    EXPECT_EQ(flow_of(e).last_ms, 1'700'000'001'500U);
}

TEST(IpfixFlow, EachEndHasAReasonOfIanas) {
    const auto is = [](Reason reason, EndReason wanted) {
        EXPECT_EQ(end_reason(reason), wanted) << name(reason);
        EXPECT_EQ(fate(reason), Fate::end) << name(reason);
    };
    for (const auto r : {Reason::closed_by_fin, Reason::closed_by_rst, Reason::reopened, Reason::proven_dead,
                         Reason::server_refused, Reason::server_differs})
        is(r, EndReason::end_of_flow);
    for (const auto r : {Reason::administrative, Reason::reset_at_exit, Reason::alive_at_end})
        is(r, EndReason::forced_end);
    for (const auto r :
         {Reason::embryonic_full, Reason::heaviest_network, Reason::reservation_lost, Reason::backlog_freed})
        is(r, EndReason::lack_of_resources);
    for (const auto r :
         {Reason::stale_syn_sent, Reason::stale_syn_recv, Reason::stale_rebirth, Reason::stale_mid_stream,
          Reason::idle, Reason::half_closed_idle, Reason::closing_idle, Reason::unacknowledged_idle,
          Reason::unverified_rst_idle, Reason::server_silent})
        is(r, EndReason::idle_timeout);
    std::size_t ends = 0;
    for (const auto& row : kReasonTable) ends += row.fate == Fate::end ? 1 : 0;
    EXPECT_EQ(ends, 23U) << "a new reason: which of these is it?";
}

TEST(IpfixCollector, AddressesAndPortsAreReadAsPeopleWriteThem) {
    const auto parsed = [](const char* text) {
        const auto c = parse_collector(text);
        return c ? c->host + " " + c->port : "";
    };
    EXPECT_EQ(parsed("udp:192.0.2.9:9995"), "192.0.2.9 9995");
    EXPECT_EQ(parsed("udp:collector"), "collector 4739");
    EXPECT_EQ(parsed("tcp:[2001:db8::9]:1"), "2001:db8::9 1");
    EXPECT_EQ(parsed("tcp:[2001:db8::9]"), "2001:db8::9 4739");
    EXPECT_EQ(parse_collector("/var/flows.ipfix")->kind, Collector::Kind::file);
    EXPECT_EQ(parse_collector("tcp:a:1")->kind, Collector::Kind::tcp);
    for (const char* text :
         {"udp:", "udp::4739", "tcp:a:0", "tcp:a:65536", "tcp:a:x", "tcp:[::1", "tcp:[::1]4739"})
        EXPECT_FALSE(parse_collector(text)) << text;
}

}  // namespace
}  // namespace ajar::exporting::ipfix
