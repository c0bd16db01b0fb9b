// Is every event a line of valid JSON with what an operator needs to know?
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "events.hpp"
#include "export/event_json.hpp"

namespace ajar::exporting {
namespace {

std::string line_of(const Event& e) {
    Text out;
    append_event(out, e);
    return fmt::to_string(out);
}
nlohmann::json event(const Event& e) {
    const auto line = line_of(e);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    return nlohmann::json::parse(line);
}

TEST(EventJson, TellsTheWholeStoryOfAnEviction) {
    EXPECT_EQ(event(stale_syn_recv()), nlohmann::json::parse(R"({
  "timestamp": "2023-11-14T22:14:20.123456+0000", "event_type": "evicted", "flow_id": 8086463330923024,
  "src_ip": "10.0.0.1", "src_port": 40000, "dest_ip": "192.0.2.7", "dest_port": 80, "proto": "TCP",
  "flow": {"pkts_toserver": 3, "pkts_toclient": 2, "bytes_toserver": 180, "bytes_toclient": 120,
           "start": "2023-11-14T22:13:20.000000+0000"},
  "ajar": {"uid": "COBVXlx1pEYAiM1zFU", "reason": "stale_syn_recv", "sentence": "the SYN-ACK was never acknowledged",
           "cause": "embryonic_stale", "mode": "enforce", "action": "evict + reset", "state": "SYN_RECV",
           "timer": "syn_recv", "timeout": 60.0, "attempt": "abandoned", "history": "Sh",
           "expected_seq": {"orig": null, "resp": 1001}, "pair": 1, "generation": 3}})"));
}

TEST(EventJson, ObserveSaysWhatWouldHaveBeenDone) {
    auto e = stale_syn_recv();
    e.mode = Mode::observe;
    const auto ajar = event(e)["ajar"];
    EXPECT_EQ(ajar["would"], "evict + reset");
    EXPECT_FALSE(ajar.contains("action"));
}

TEST(EventJson, AResetNamesItsReceiverAndNumber) {
    auto e = stale_syn_recv();
    e.kind = EventKind::reset_sent;
    e.reset_to = 0;
    e.reset_seq = 1001;
    EXPECT_EQ(event(e)["ajar"]["reset"],
              nlohmann::json::parse(R"({"to": "192.0.2.7", "port": 80, "seq": 1001})"));
}

TEST(EventJson, AStartHasNeitherReasonNorCause) {
    auto e = stale_syn_recv();
    e.kind = EventKind::flow_start;
    e.reason = Reason::none;
    const auto json = event(e);
    EXPECT_EQ(json["event_type"], "flow_start");
    for (const char* key : {"reason", "cause", "action", "would"})
        EXPECT_FALSE(json["ajar"].contains(key)) << key;
}

TEST(EventJson, TagsStandOutsideIn) {
    auto e = stale_syn_recv();
    e.key.zone = zone_of(0, 100, 0);
    EXPECT_EQ(event(e)["vlan"], nlohmann::json({100}));
    e.key.zone = zone_of(0, 100, 7);
    EXPECT_EQ(event(e)["vlan"], nlohmann::json({100, 7}));
    e.conn.set_mark(Conn::kTunnelled);
    EXPECT_FALSE(event(e).contains("vlan"));
}

TEST(EventJson, EveryKindReasonAndStateIsValid) {
    for (std::size_t kind = 0; kind < 6; ++kind)
        for (std::size_t reason = 0; reason < kReasonCount; ++reason)
            for (std::size_t state = 0; state < kTcpStateCount; ++state) {
                auto e = stale_syn_recv();
                e.kind = static_cast<EventKind>(kind);
                e.reason = static_cast<Reason>(reason);
                e.state = static_cast<TcpState>(state);
                EXPECT_TRUE(nlohmann::json::accept(line_of(e)));
            }
}

TEST(EventJson, Ipv6) {
    auto e = stale_syn_recv();
    e.family = Family::ipv6;
    e.key.address[0] = {0x20, 0x01, 0x0d, 0xb8};
    e.key.address[0][15] = 1;
    EXPECT_EQ(event(e)["dest_ip"], "2001:db8::1");
}

}  // namespace
}  // namespace ajar::exporting
