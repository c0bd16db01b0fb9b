// Is everything that the writer writes read back, and is everything else refused by its name?
#include "explain/read_incident.hpp"

#include <nlohmann/json.hpp>
#include <random>

#include "evidence.hpp"
#include "explain/fields.hpp"

namespace ajar::explain {
namespace {

using exporting::stale_syn_recv;

std::string fault_of(const std::string& line) {
    const auto read = read_incident(line);
    return read ? "" : read.error();
}

/// The line after a change to its JSON.
template <typename Change>
std::string fault_after(Change&& change, const Event& event = stale_syn_recv()) {
    auto json = nlohmann::json::parse(line_of_event(event));
    change(json);
    return fault_of(json.dump());
}

TEST(ReadIncident, AnEvictionComesBackWhole) {
    const Incident i = incident_of(stale_syn_recv());
    EXPECT_EQ(i.time, Time(std::chrono::microseconds(1'700'000'060'123'456)));
    EXPECT_EQ(i.kind, EventKind::evicted);
    EXPECT_EQ(i.uid, "COBVXlx1pEYAiM1zFU");
    EXPECT_EQ(i.flow_id, 8086463330923024U);
    EXPECT_EQ(text_of(i.ends[kClient]), "10.0.0.1:40000");
    EXPECT_EQ(text_of(i.ends[kServer]), "192.0.2.7:80");
    EXPECT_EQ(i.sent[kClient].packets, 3U);
    EXPECT_EQ(i.sent[kServer].bytes, 120U);
    EXPECT_EQ(i.begun, Time(std::chrono::seconds(1'700'000'000)));
    EXPECT_EQ(i.reason, Reason::stale_syn_recv);
    EXPECT_EQ(i.cause, Cause::embryonic_stale);
    EXPECT_EQ(i.mode, Mode::enforce);
    EXPECT_EQ(i.action, Action::evict_reset);
    EXPECT_EQ(i.state, TcpState::syn_recv);
    EXPECT_EQ(i.timer, TimerClass::syn_recv);
    EXPECT_EQ(i.timeout, std::chrono::seconds(60));
    EXPECT_EQ(i.attempt, Attempt::abandoned);
    EXPECT_EQ(i.history, "Sh");
    EXPECT_FALSE(i.expected[kClient]);
    EXPECT_EQ(i.expected[kServer], 1001U);
    EXPECT_EQ(i.pair, 1U);
    EXPECT_EQ(i.generation, 3U);
    EXPECT_FALSE(i.suspected || i.reset || i.probe || i.last);
}

TEST(ReadIncident, EvidenceComesBackWithItsPackets) {
    const Incident i = incident_of(stuck());
    ASSERT_TRUE(i.suspected);
    EXPECT_EQ(i.suspected->sign, Reason::crash_reopen_stuck);
    EXPECT_EQ(i.suspected->confidence, Confidence::high);
    EXPECT_TRUE(i.suspected->lost[kClient]);
    EXPECT_FALSE(i.suspected->lost[kServer]);
    EXPECT_EQ(i.suspected->count, 2U);
    EXPECT_EQ(i.suspected->expected, 1101U);
    EXPECT_EQ(i.suspected->seen, 9000U);
    ASSERT_EQ(i.suspected->packets[kServer].size(), 2U);
    const Glimpse& ack = i.suspected->packets[kServer][0];
    EXPECT_EQ(ack.time, Time(std::chrono::milliseconds(1'700'000'010'001)));
    EXPECT_EQ(ack.seq, 5051U);
    EXPECT_EQ(ack.ack, 1101U);
    EXPECT_EQ(ack.window, 500);
    EXPECT_EQ(ack.ttl, 64);
    EXPECT_EQ(ack.flags.bits, TcpFlags::kAck);
}

TEST(ReadIncident, WhatPassesElsewhereIsRead) {
    EXPECT_EQ(incident_of(stuck()).suspected->visibility, Visibility::whole);
    Event e = stuck();
    e.evidence.visibility = Visibility::low_coverage;
    EXPECT_EQ(incident_of(e).suspected->visibility, Visibility::low_coverage);
}

TEST(ReadIncident, AResetNamesItsReceiver) {
    auto e = stale_syn_recv();
    e.kind = EventKind::reset_sent;
    e.reset_seq = 1001;
    for (const Side to : {Side{0}, Side{1}}) {
        e.reset_to = to;
        const Incident i = incident_of(e);
        ASSERT_TRUE(i.reset);
        EXPECT_EQ(i.reset->to, to == 1 ? kClient : kServer);
        EXPECT_EQ(i.reset->seq, 1001U);
    }
}

TEST(ReadIncident, AProbingTellsWhoSaidWhat) {
    auto e = stale_syn_recv();
    e.kind = EventKind::probed;
    e.rounds = 5;
    e.interval = std::chrono::milliseconds(1500);
    e.pulse = {Pulse::silent, Pulse::alive};
    const Incident i = incident_of(e);
    ASSERT_TRUE(i.probe);
    EXPECT_EQ(i.probe->rounds, 5U);
    EXPECT_EQ(i.probe->interval, std::chrono::milliseconds(1500));
    EXPECT_EQ(i.probe->pulse[kClient], Pulse::alive);
    EXPECT_EQ(i.probe->pulse[kServer], Pulse::silent);
}

TEST(ReadIncident, NoRoundLastsForAges) {
    auto e = stale_syn_recv();
    e.kind = EventKind::probed;
    e.rounds = 255;
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["probe"]["interval"] = 3.9e9; }, e),
              "ajar.probe.interval is no number of seconds up to 86400")
        << "as many of them as can be told have to fit into our clock";
}

TEST(ReadIncident, AFlowRecordIsAnEnd) {
    auto e = stale_syn_recv();
    e.kind = EventKind::flow_end;
    e.key.zone = zone_of(0, 100, 7);
    const Incident i = incident_of(e);
    EXPECT_EQ(i.kind, EventKind::flow_end);
    EXPECT_EQ(i.uid, "COBVXlx1pEYAiM1zFU");
    EXPECT_EQ(i.reason, Reason::stale_syn_recv);
    EXPECT_EQ(i.begun, Time(std::chrono::seconds(1'700'000'000)));
    EXPECT_EQ(i.last, Time(std::chrono::milliseconds(1'700'000'001'500)));
    EXPECT_EQ(i.vlans, (std::vector<std::uint16_t>{100, 7}));
    EXPECT_EQ(i.sent[kClient].packets, 3U);
    EXPECT_FALSE(i.generation);
}

TEST(ReadIncident, EveryKindReasonAndStateIsRead) {
    for (std::size_t kind = 0; kind < exporting::kEventTypes.size(); ++kind)
        for (std::size_t reason = 0; reason < kReasonCount; ++reason)
            for (std::size_t state = 0; state < kTcpStateCount; ++state) {
                auto e = stuck();
                e.kind = static_cast<EventKind>(kind);
                e.reason = static_cast<Reason>(reason);
                e.state = static_cast<TcpState>(state);
                const auto read = read_incident(line_of_event(e));
                ASSERT_TRUE(read && *read) << (read ? "" : read.error());
                EXPECT_EQ((*read)->kind, e.kind);
                EXPECT_EQ((*read)->reason, e.reason);
                EXPECT_EQ((*read)->state, e.state);
            }
}

TEST(ReadIncident, WhatTheDefenceTellsIsAboutNoConnection) {
    const auto read = read_incident(R"({"timestamp":"x","event_type":"defence","ajar":{}})");
    ASSERT_TRUE(read);
    EXPECT_FALSE(*read);
}

TEST(ReadIncident, OthersJsonIsNoEvent) {
    EXPECT_EQ(fault_of("[]"), "no JSON object");
    EXPECT_EQ(fault_of("{"), "no JSON object");
    EXPECT_EQ(fault_of("1e999"), "no JSON object");
    EXPECT_EQ(fault_of("{\"a\":\"\xff\"}"), "no JSON object") << "no UTF-8";
    EXPECT_EQ(fault_of(R"({"frames": 7})"), "neither an event of Ajar nor a flow record");
    EXPECT_EQ(fault_of(std::string(60'000, '[')), "no JSON object");
}

TEST(ReadIncident, AFieldThatIsNotAsItShouldBeIsNamed) {
    EXPECT_EQ(fault_after([](auto& j) { j["timestamp"] = "yesterday"; }),
              "timestamp is no time such as 2023-11-14T22:13:20.000000+0000");
    EXPECT_EQ(fault_after([](auto& j) { j["event_type"] = "alert"; }),
              "event_type is \"alert\", which this version of Ajar does not know");
    EXPECT_EQ(fault_after([](auto& j) { j["src_ip"] = "10.0.0"; }), "src_ip is no address");
    EXPECT_EQ(fault_after([](auto& j) { j["dest_port"] = 65536; }), "dest_port is no number from 0 to 65535");
    EXPECT_EQ(fault_after([](auto& j) { j["dest_port"] = -1; }), "dest_port is no number from 0 to 65535");
    EXPECT_EQ(fault_after([](auto& j) { j.erase("ajar"); }), "ajar is no object");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["timeout"] = "60"; }),
              "ajar.timeout is no number of seconds up to 4000000000");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["timeout"] = -1; }),
              "ajar.timeout is no number of seconds up to 4000000000");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["timeout"] = 1e300; }),
              "ajar.timeout is no number of seconds up to 4000000000");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"].erase("uid"); }), "ajar.uid is no plain text");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["history"] = "S\x1b[2J"; }),
              "ajar.history is no plain text")
        << "it would reach a terminal";
    EXPECT_EQ(fault_after([](auto& j) {
                  j["vlan"] = {100, "7"};
              }),
              "vlan holds what is no number from 0 to 4095");
    EXPECT_EQ(
        fault_after([](auto& j) { j["ajar"]["evidence"]["packets"]["orig"][0]["flags"] = "SX"; }, stuck()),
        "ajar.evidence.packets.orig[].flags holds what is no flag of TCP");
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["evidence"]["packets"]["resp"] = 7; }, stuck()),
              "ajar.evidence.packets.resp is no list");
}

TEST(ReadIncident, WhoLostItIsAnEnd) {
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["evidence"]["lost"] = {"server"}; }, stuck()),
              "ajar.evidence.lost names what is no end");
}

TEST(ReadIncident, WhoseCountItIsHasAName) {
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["evidence"]["counted_by"] = "server"; }, stuck()),
              "ajar.evidence.counted_by is not \"self\"");
}

/// The client is side 1, and counts the server's bytes from a cookie that is 100 below the server's ISN.
TEST(ReadIncident, OfACookiesConnectionEachEndIsToldByItsOwnCount) {
    EXPECT_FALSE(incident_of(stuck()).suspected->own_counts);
    Event e = stuck();
    e.conn.set_mark(Conn::kTranslated);
    e.conn.set_originator(1);
    e.warm.set_translation({100, 0});
    e.evidence.kept = {1, 1};
    e.evidence.last[1][0] = {e.time, 1100, 5051, 0, 500, {TcpFlags::kAck}, 64};
    Incident i = incident_of(e);
    EXPECT_TRUE(i.suspected->own_counts);
    EXPECT_EQ(i.expected[kClient], 4951U);
    EXPECT_EQ(i.expected[kServer], 1101U);
    EXPECT_EQ(i.suspected->packets[kClient][0].seq, 1100U);
    EXPECT_EQ(i.suspected->packets[kClient][0].ack, 4951U) << "as it was on the wire";
    EXPECT_EQ(i.suspected->packets[kServer][0].seq, 5051U);
    EXPECT_EQ(i.suspected->packets[kServer][0].ack, 1101U);
    EXPECT_EQ(i.suspected->expected, 1101U);

    e.evidence.sign = Reason::silent_after_probe;
    e.evidence.expected = 5051;
    e.evidence.seen = 5050;
    for (std::uint8_t lost = 1; lost <= 3; ++lost) {  // bits of sides
        e.evidence.lost = lost;
        i = incident_of(e);
        EXPECT_EQ(i.suspected->expected, lost == 2 ? 4951U : 5051U) << "what the probe had, on its side";
        EXPECT_EQ(i.suspected->seen, i.suspected->expected - 1);
    }
}

TEST(ReadIncident, ACookiesConnectionWhoseServerHasNotAnswered) {
    Event e = stale_syn_recv();
    e.conn = Conn{};
    e.conn.set_originator(1);
    e.conn.set_mark(Conn::kTranslated);
    e.conn.timer = TimerClass::attempt;
    e.warm.isn = {4000, 1000};
    const Incident i = incident_of(e);
    EXPECT_EQ(i.expected[kClient], 4001U) << "it has acknowledged the cookie";
    EXPECT_FALSE(i.expected[kServer]) << "it has acknowledged nothing";
}

TEST(ReadIncident, AResetToAStrangerIsNone) {
    auto e = stale_syn_recv();
    e.kind = EventKind::reset_sent;
    EXPECT_EQ(fault_after([](auto& j) { j["ajar"]["reset"]["port"] = 81; }, e),
              "ajar.reset.to is no end of the connection");
}

TEST(IsoTime, IsReadAsItIsWritten) {
    EXPECT_EQ(parse_iso_time("2023-11-14T22:13:20.123456+0000"),
              Time(std::chrono::microseconds(1'700'000'000'123'456)));
    EXPECT_EQ(parse_iso_time("2024-02-29T00:00:00.000000+0000"), Time(std::chrono::seconds(1'709'164'800)));
    for (const char* const bad : {"", "2023-11-14T22:13:20.123456", "2023-11-14T22:13:20.123456+0100",
                                  "2023-02-29T00:00:00.000000+0000", "2023-13-01T00:00:00.000000+0000",
                                  "2023-11-14 22:13:20.123456+0000", "2023-11-14T24:00:00.000000+0000",
                                  "9999-11-14T22:13:20.123456+0000", "2023-11-14T22:-1:20.123456+0000",
                                  "2023-11-14T2x:13:20.123456+0000"})
        EXPECT_FALSE(parse_iso_time(bad)) << bad;
}

/// Whatever stands in a line: an error that says something, or an incident, and no crash.
void survives(const std::string& line) {
    const auto read = read_incident(line);
    EXPECT_TRUE(read || !read.error().empty());
}

TEST(ReadIncident, SurvivesEveryTruncation) {
    for (const Event& e : {stale_syn_recv(), stuck()}) {
        const std::string line = line_of_event(e);
        for (std::size_t n = 0; n < line.size(); ++n) {
            survives(line.substr(0, n));
            EXPECT_FALSE(read_incident(line.substr(0, n))) << n;
            survives(line.substr(n));
        }
    }
}

TEST(ReadIncident, SurvivesRandomBytes) {
    std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same each time
    const std::string line = line_of_event(stuck());
    for (int round = 0; round < 20'000; ++round) {
        std::string broken = line;
        for (auto changes = 1 + random() % 4; changes > 0; --changes)
            broken[random() % broken.size()] = static_cast<char>(random() % 256);
        survives(broken);
    }
}

/// Valid JSON, of which any value is another one.
TEST(ReadIncident, SurvivesOtherValues) {
    const auto flat = nlohmann::json::parse(line_of_event(stuck())).flatten();
    const std::vector<nlohmann::json> others = {
        nullptr, true, -1, 1e300, 18446744073709551615U, "", "x", nlohmann::json::array(), {{"a", 1}}};
    for (const auto& field : flat.items())
        for (const auto& other : others) {
            auto json = flat.unflatten();
            json[nlohmann::json::json_pointer(field.key())] = other;
            survives(json.dump());
        }
}

}  // namespace
}  // namespace ajar::explain
