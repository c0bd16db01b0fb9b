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

TEST(EventJson, EvidenceTellsWhoLostItAndTheLastPackets) {
    auto e = stale_syn_recv();
    e.kind = EventKind::half_open;
    e.reason = Reason::crash_reopen_stuck;
    e.evidenced = true;
    e.evidence.sign = e.reason;
    e.evidence.confidence = Confidence::high;
    e.evidence.lost = 2;
    e.evidence.count = 2;
    e.evidence.expected = 1101;
    e.evidence.seen = 9000;
    e.evidence.began = Time(std::chrono::seconds(1'700'000'000));
    e.evidence.kept = {1, 2};
    e.evidence.last[1][0] = {e.evidence.began, 9000, 0, 0, 64240, {TcpFlags::kSyn}, 63};
    e.evidence.last[1][1] = {
        e.evidence.began + std::chrono::seconds(1), 9000, 0, 0, 64240, {TcpFlags::kSyn}, 63};
    e.evidence.last[0][0] = {e.evidence.began, 5051, 1101, 10, 500, {TcpFlags::kAck | TcpFlags::kPsh}, 64};
    const auto json = event(e);
    EXPECT_EQ(json["event_type"], "half_open");
    EXPECT_FALSE(json["ajar"].contains("cause"));
    EXPECT_EQ(json["ajar"]["evidence"], nlohmann::json::parse(R"({
  "verdict": "crash_reopen_stuck", "confidence": "high", "lost": ["orig"], "count": 2,
  "expected_seq": 1101, "seen_seq": 9000, "began": "2023-11-14T22:13:20.000000+0000",
  "packets": {
    "orig": [{"time": "2023-11-14T22:13:20.000000+0000", "flags": "S", "seq": 9000, "ack": 0, "len": 0, "win": 64240, "ttl": 63},
             {"time": "2023-11-14T22:13:21.000000+0000", "flags": "S", "seq": 9000, "ack": 0, "len": 0, "win": 64240, "ttl": 63}],
    "resp": [{"time": "2023-11-14T22:13:20.000000+0000", "flags": "PA", "seq": 5051, "ack": 1101, "len": 10, "win": 500, "ttl": 64}]}})"));
}

TEST(EventJson, EvidenceWithoutAVerdictAndOfBothEnds) {
    auto e = stale_syn_recv();
    e.evidenced = true;
    e.evidence.began = Time(std::chrono::seconds(1'700'000'000));
    EXPECT_EQ(event(e)["ajar"]["evidence"], nlohmann::json::parse(R"({
  "began": "2023-11-14T22:13:20.000000+0000", "packets": {"orig": [], "resp": []}})"));
    e.evidence.sign = Reason::silent_after_probe;
    e.evidence.lost = 3;
    e.evidence.predecessor = 1;
    const auto evidence = event(e)["ajar"]["evidence"];
    EXPECT_EQ(evidence["lost"], nlohmann::json({"orig", "resp"}));
    EXPECT_EQ(evidence["replaces"].get<std::string>().size(), 18U);
    EXPECT_FALSE(evidence.contains("visibility"));
    e.evidence.visibility = Visibility::low_coverage;
    EXPECT_EQ(event(e)["ajar"]["evidence"]["visibility"], "low_coverage");
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

TEST(EventJson, AProbingTellsItsTimerItsRoundsAndTheAnswers) {
    auto e = stale_syn_recv();
    e.kind = EventKind::probed;
    e.reason = Reason::proven_dead;
    e.timer = TimerClass::established;
    e.timeout = std::chrono::seconds(7440);
    e.rounds = 5;
    e.interval = std::chrono::seconds(15);
    e.pulse = {Pulse::silent, Pulse::alive};
    const auto ajar = event(e)["ajar"];
    EXPECT_EQ(ajar["timer"], "established");
    EXPECT_EQ(ajar["timeout"], 7440.0);
    EXPECT_EQ(ajar["probe"],
              nlohmann::json::parse(R"({"rounds": 5, "interval": 15.0, "orig": "alive", "resp": "silent"})"));
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
    for (std::size_t kind = 0; kind < 8; ++kind)
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
