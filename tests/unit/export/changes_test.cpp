// Does a change of the defence say, to a program and to a person, whom it is about and why?
#include "export/changes.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ajar::exporting {
namespace {

using namespace std::chrono_literals;

const Ipv6Address kDeepAddress = {0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7};

Change change_of(ChangeKind kind) {
    Change c;
    c.kind = kind;
    c.time = Time(1'700'000'060s) + 10ms;
    c.since = Time(1'700'000'000s);
    c.mode = Mode::enforce;
    c.generation = 3;
    return c;
}
Change flooded_service() {
    Change c = change_of(ChangeKind::flooded);
    c.subject = Subject::name;
    c.name = count_key(CountKind::service, be32::of(0xc0000207), zone_of(1, 100, 0), be16::of(80));
    c.gauge = Gauge::half_open;
    c.value = 1200;
    c.enter = 1000;
    c.leave = 250;
    return c;
}
Change blocked_source(ChangeKind kind, std::uint32_t address) {
    Change c = change_of(kind);
    c.subject = Subject::name;
    c.name = count_key(CountKind::source, be32::of(address), 0);
    return c;
}
Change rung_change(ChangeKind kind, Rung rung) {
    Change c = change_of(kind);
    c.subject = Subject::rung;
    c.rung = rung;
    c.gauge = Gauge::embryonic;
    c.value = 912;
    c.enter = 900;
    c.leave = 450;
    return c;
}

nlohmann::json parsed_change(const Change& c) {
    Text out;
    append_change(out, c);
    const auto line = fmt::to_string(out);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    return nlohmann::json::parse(line);
}

TEST(ChangeJson, TellsOfAFloodedService) {
    EXPECT_EQ(parsed_change(flooded_service()), nlohmann::json::parse(R"({
  "timestamp": "2023-11-14T22:14:20.010000+0000", "event_type": "defence",
  "dest_ip": "192.0.2.7", "dest_port": 80, "proto": "TCP", "vlan": [100],
  "ajar": {"change": "flooded", "sentence": "its SYNs are answered with cookies", "about": "service",
           "name": "192.0.2.7:80", "mode": "enforce", "gauge": "half_open", "value": 1200, "enter": 1000,
           "leave": 250, "method": "cookie", "server_known": true, "pair": 1, "generation": 3}})"));
}

TEST(ChangeJson, AFloodNamesTheMethod) {
    Change c = flooded_service();
    c.method = SynProof::challenge;
    EXPECT_EQ(parsed_change(c)["ajar"]["method"], "challenge");
    EXPECT_EQ(parsed_change(c)["ajar"]["sentence"], "its SYNs are challenged");
    c.method = SynProof::challenge_cookie;
    EXPECT_EQ(parsed_change(c)["ajar"]["method"], "challenge + cookie");
    c.kind = ChangeKind::flood_over;
    EXPECT_FALSE(parsed_change(c)["ajar"].contains("method"));
}

TEST(ChangeJson, ASourceStandsWhereEveHasIt) {
    Change c = blocked_source(ChangeKind::source_subsided, 0x0a000001);
    c.until = Time(1'700'000'120s);
    auto json = parsed_change(c);
    EXPECT_EQ(json["src_ip"], "10.0.0.1");
    EXPECT_FALSE(json.contains("dest_ip"));
    EXPECT_EQ(json["ajar"]["since"], "2023-11-14T22:13:20.000000+0000");
    EXPECT_EQ(json["ajar"]["until"], "2023-11-14T22:15:20.000000+0000");
    c.name = count_key(CountKind::source, kDeepAddress, 0);
    json = parsed_change(c);
    EXPECT_EQ(json["src_ip"], "2001:db8:1:2::");
    EXPECT_EQ(json["ajar"]["name"], "2001:db8:1:2::/64");
}

TEST(ChangeJson, AStageSaysWhatItDoes) {
    const auto json = parsed_change(rung_change(ChangeKind::rung_entered, Rung::cookies))["ajar"];
    EXPECT_EQ(json["about"], "rung");
    EXPECT_EQ(json["name"], "cookies");
    EXPECT_EQ(json["sentence"], "SYNs to all services are answered");
    EXPECT_EQ(json["gauge"], "embryonic");
    EXPECT_EQ(json["value"], 912);
}

TEST(ChangeJson, ANameFromTheConfigurationIsQuoted) {
    Change c = flooded_service();
    c.subject = Subject::named;
    c.name = {};
    c.service = "the \"web\"";
    const auto json = parsed_change(c);
    EXPECT_EQ(json["ajar"]["name"], "the \"web\"");
    EXPECT_EQ(json["ajar"]["about"], "named_service");
    EXPECT_FALSE(json.contains("dest_ip"));
}

TEST(ChangeJson, EveryKindSubjectAndGaugeIsValid) {
    for (std::size_t kind = 0; kind < kChangeCount; ++kind)
        for (unsigned subject = 0; subject < 4; ++subject)
            for (std::size_t gauge = 0; gauge < kGaugeNames.size(); ++gauge)
                for (std::size_t r = 0; r < kRungCount; ++r) {
                    Change c = change_of(static_cast<ChangeKind>(kind));
                    c.subject = static_cast<Subject>(subject);
                    c.gauge = static_cast<Gauge>(gauge);
                    c.rung = static_cast<Rung>(r);
                    EXPECT_EQ(parsed_change(c)["ajar"]["change"], kChangeTable[kind].name);
                    EXPECT_FALSE(line_of(c).empty());
                }
}

TEST(ChangeLine, SaysWhoWhatAndWhy) {
    EXPECT_EQ(line_of(flooded_service()),
              "192.0.2.7:80: flooded, 1,200 half open (mark 1,000): its SYNs are answered with cookies");
    Change unknown = flooded_service();
    unknown.server_known = false;
    unknown.mode = Mode::observe;
    EXPECT_EQ(line_of(unknown),
              "(observing) 192.0.2.7:80: flooded, 1,200 half open (mark 1,000): its SYNs are answered with "
              "cookies; clients are challenged until their server has been seen to answer");
    Change over = flooded_service();
    over.kind = ChangeKind::flood_over;
    over.value = 12;
    EXPECT_EQ(line_of(over), "192.0.2.7:80: flood over, 12 half open (mark 250): its SYNs pass again");
    EXPECT_EQ(line_of(rung_change(ChangeKind::rung_left, Rung::shorter_timers)),
              "stage shorter timers: left, embryonic table 91.2 % full (marks 90.0 % and 45.0 %): no "
              "longer");
    EXPECT_EQ(line_of(change_of(ChangeKind::answers_for_all)),
              "answers for all: SYNs to all services are answered");
    Change calm = blocked_source(ChangeKind::source_subsided, 0x0a000001);
    calm.until = calm.time + 90s;
    EXPECT_EQ(line_of(calm),
              "10.0.0.1: source subsided, 1 min 30 s more: its SYNs stay dropped for the block time");
}

Situation busy_situation() {
    Situation s;
    s.add(rung_change(ChangeKind::rung_entered, Rung::shorter_timers));
    s.add(flooded_service());
    for (std::uint32_t n = 1; n <= 6; ++n) s.add(blocked_source(ChangeKind::source_blocked, 0x0a000000 + n));
    return s;
}

TEST(Standing, IsToldByMeasure) {
    EXPECT_EQ(
        standing_text(busy_situation(), {}),
        "flooded 192.0.2.7:80; blocked 10.0.0.1 (goes on), 10.0.0.2 (goes on), 10.0.0.3 (goes on), 10.0.0.4 "
        "(goes on) and 2 more; pressure: "
        "stage shorter timers");
    EXPECT_EQ(standing_text({}, {}), "");
}

TEST(Standing, IsCountedAndListedAsJson) {
    const auto counts = nlohmann::json::parse(changes_json(busy_situation()));
    EXPECT_EQ(counts["source_blocked"], 6);
    EXPECT_FALSE(counts.contains("source_unblocked"));
    EXPECT_EQ(counts["stages"], nlohmann::json::parse(R"({"shorter_timers": 1})"));
    const auto standing = nlohmann::json::parse(standing_json(busy_situation()));
    ASSERT_EQ(standing.size(), 8U);
    EXPECT_EQ(standing[1]["name"], "192.0.2.7:80");
    EXPECT_EQ(standing[1]["since"], 1'700'000'060.01);
    EXPECT_EQ(standing_json({}), "[]");
    EXPECT_EQ(changes_json({}), "{}");
}

}  // namespace
}  // namespace ajar::exporting
