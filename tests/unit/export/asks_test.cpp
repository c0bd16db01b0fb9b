// What is said of who asks for connections, and what is better left unsaid?
#include "export/asks.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "export/human.hpp"

namespace ajar::exporting {
namespace {

const Ipv6Address kLong = {0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7};

Talker source(std::uint32_t n, std::uint64_t count) {
    return {count_key(CountKind::source, be32::of(0x0a000000 + n), 0), count};
}
Asks asked_by(std::vector<Talker> sources, std::uint64_t count, std::uint64_t weight) {
    Asks asked{1'700'000'000, count, weight, {}};
    asked.ranked[kSources] = std::move(sources);
    return asked;
}
std::string sources(const Asks& asked) { return outstanding(asked, kSources, human_count); }

TEST(Names, AreWrittenAsTheyAreKnown) {
    const auto v4 = be32::of(0xc0000207);
    EXPECT_EQ(name_text(count_key(CountKind::service, v4, 0, be16::of(80))), "192.0.2.7:80");
    EXPECT_EQ(name_text(count_key(CountKind::destination, v4, 0)), "192.0.2.7");
    EXPECT_EQ(name_text(count_key(CountKind::source, v4, 0)), "192.0.2.7");
    EXPECT_EQ(name_text(count_key(CountKind::network, v4, 0)), "192.0.2.0/24");
    EXPECT_EQ(name_text(count_key(CountKind::service, kLong, 0, be16::of(443))), "[2001:db8:1:2::7]:443");
    EXPECT_EQ(name_text(count_key(CountKind::source, kLong, 0)), "2001:db8:1:2::/64");
    EXPECT_EQ(name_text(count_key(CountKind::network, kLong, 0)), "2001:db8:1::/48");
}

TEST(Outstanding, AreThreeAtMost) {
    EXPECT_EQ(sources(asked_by({source(1, 500), source(2, 300), source(3, 100), source(4, 90)}, 1000, 1)),
              "10.0.0.1 (500), 10.0.0.2 (300), 10.0.0.3 (100) and 1 more");
}

TEST(Outstanding, HaveAFiftiethOfAll) {
    EXPECT_EQ(sources(asked_by({source(1, 1000), source(2, 199)}, 10'000, 1)), "10.0.0.1 (1,000)");
    EXPECT_EQ(sources(asked_by({source(1, 150)}, 10'000, 1)), "none above 150");
    EXPECT_EQ(sources(asked_by({}, 10'000, 1)), "none above 0");
}

TEST(Outstanding, SayWhatTheirCountsMayBeWrongBy) {
    EXPECT_EQ(sources(asked_by({source(1, 100'000)}, 1'000'000, 16)), "10.0.0.1 (100,000 +-6%)");
    EXPECT_EQ(sources(asked_by({source(1, 400)}, 10'000, 16)), "none above 933") << "it may be chance";
}

TEST(BusiestSecond, IsToldWhereItWasBusy) {
    EXPECT_EQ(busiest_text(asked_by({source(1, 999)}, 999, 1)), "");
    EXPECT_EQ(busiest_text(asked_by({source(1, 600)}, 1200, 1)),
              "\nBusiest second: 1,200 connections asked for, from 2023-11-14 22:13:20.000000 UTC on\n\n"
              "  services  none above 0\n"
              "  sources   10.0.0.1 (600)\n"
              "  networks  none above 0\n"
              "  hosts     none above 0\n");
}

TEST(AsksJson, HoldsCountsAndBounds) {
    const auto json =
        nlohmann::json::parse(asks_json(asked_by({source(1, 100'000), source(2, 100)}, 1'000'000, 16)));
    EXPECT_EQ(json["second"], 1'700'000'000);
    EXPECT_EQ(json["asked"], 1'000'000);
    ASSERT_EQ(json["sources"].size(), 1U) << "the other one may have asked once";
    EXPECT_EQ(json["sources"][0]["name"], "10.0.0.1");
    EXPECT_EQ(json["sources"][0]["count"], 100'000);
    EXPECT_EQ(json["sources"][0]["least"], bounds_of(100'000, 16).least);
    EXPECT_EQ(json["sources"][0]["most"], bounds_of(100'000, 16).most);
}

TEST(AsksJson, IsWholeWhereNobodyAsked) {
    EXPECT_EQ(asks_json({}), R"({"asked":0,"services":[],"sources":[],"networks":[],"hosts":[]})");
}

}  // namespace
}  // namespace ajar::exporting
