// Is a connection meant by all that people write for it, and by nothing else?
#include "explain/wanted.hpp"

#include <gtest/gtest.h>

namespace ajar::explain {
namespace {

Endpoint end_v4(std::uint8_t last, std::uint16_t port) { return {Family::ipv4, {10, 0, 0, last}, port}; }
Endpoint end_v6(std::uint8_t last, std::uint16_t port) {
    Endpoint end{Family::ipv6, {0x20, 0x01, 0x0d, 0xb8}, port};
    end.address[15] = last;
    return end;
}

Incident between(const Endpoint& client, const Endpoint& server) {
    Incident i;
    i.uid = "COBVXlx1pEYAiM1zFU";
    i.flow_id = 8086463330923024;
    i.ends = {client, server};
    return i;
}

TEST(Wanted, BothEndsInEitherOrderAndManyHands) {
    const auto flow = between(end_v4(1, 4711), end_v4(2, 80));
    for (const char* const text :
         {"10.0.0.1:4711-10.0.0.2:80", "10.0.0.2:80-10.0.0.1:4711", "10.0.0.1:4711 -> 10.0.0.2:80",
          "10.0.0.1:4711,10.0.0.2:80", "10.0.0.1:4711 10.0.0.2:80", "10.0.0.1.4711 > 10.0.0.2.80"}) {
        const auto wanted = Wanted::parse(text);
        ASSERT_TRUE(wanted) << wanted.error();
        EXPECT_TRUE(wanted->is(flow)) << text;
        EXPECT_FALSE(wanted->is(between(end_v4(1, 4712), end_v4(2, 80)))) << text;
        EXPECT_FALSE(wanted->is(between(end_v4(1, 80), end_v4(2, 4711)))) << text;
    }
}

TEST(Wanted, Ipv6) {
    const auto flow = between(end_v6(1, 4711), end_v6(2, 80));
    for (const char* const text :
         {"[2001:db8::1]:4711-[2001:db8::2]:80", "[2001:DB8:0:0::1]:4711 -> [2001:db8::2]:80",
          "2001:db8::1.4711 > 2001:db8::2.80"}) {
        const auto wanted = Wanted::parse(text);
        ASSERT_TRUE(wanted) << wanted.error();
        EXPECT_TRUE(wanted->is(flow)) << text;
        EXPECT_EQ(wanted->text(), text_of(flow.ends[0]) + "-" + text_of(flow.ends[1]));
    }
}

TEST(Wanted, IdsThatEventsCarry) {
    const auto flow = between(end_v4(1, 4711), end_v4(2, 80));
    EXPECT_TRUE(Wanted::parse("COBVXlx1pEYAiM1zFU")->is(flow));
    EXPECT_TRUE(Wanted::parse("8086463330923024")->is(flow));
    EXPECT_FALSE(Wanted::parse("COBVXlx1pEYAiM1zFV")->is(flow));
    EXPECT_FALSE(Wanted::parse("8086463330923025")->is(flow));
    Incident record = flow;  // has no number
    record.flow_id = 0;
    EXPECT_FALSE(Wanted::parse("0")->is(record));
}

TEST(Wanted, WhatNamesNothingSaysHowItIsWritten) {
    for (const char* const bad :
         {"", "-", "10.0.0.1:4711", "10.0.0.1:4711-", "10.0.0.1-10.0.0.2", "10.0.0.1:4711-10.0.0.2:65536",
          "10.0.0.1:-10.0.0.2:80", "10.0.0.256:1-10.0.0.2:80", "10.0.0.1:1-[2001:db8::2]:80",
          "[2001:db8::1:4711-[::2]:8", "COBVXlx1pEYAiM1zF", "12345678901234567890", "10.0.0.1:+1-10.0.0.2:80",
          "Connection\x1b[31m"}) {
        const auto wanted = Wanted::parse(bad);
        ASSERT_FALSE(wanted) << bad;
        EXPECT_NE(wanted.error().find("10.0.0.1:4711-10.0.0.2:80"), std::string::npos) << wanted.error();
    }
    EXPECT_NE(Wanted::parse("2001:db8::1:4711-2001:db8::2:80").error().find("in brackets"),
              std::string::npos);
}

TEST(Wanted, ALineThatMayBeMeantIsNeverPassedOver) {
    const auto ends = Wanted::parse("10.0.0.2:80-10.0.0.1:4711");
    EXPECT_TRUE(ends->may_be_in(R"({"src_ip":"10.0.0.1","dest_ip":"10.0.0.2"})"));
    EXPECT_FALSE(ends->may_be_in(R"({"src_ip":"10.0.0.11","dest_ip":"10.0.0.2"})"));
    EXPECT_TRUE(Wanted::parse("COBVXlx1pEYAiM1zFU")->may_be_in(R"("uid":"COBVXlx1pEYAiM1zFU")"));
    EXPECT_FALSE(Wanted::parse("COBVXlx1pEYAiM1zFU")->may_be_in(R"("uid":"COBVXlx1pEYAiM1zFV")"));
}

TEST(Wanted, AnotherPortBetweenTheSameHostsIsNear) {
    const auto wanted = Wanted::parse("10.0.0.1:4711-10.0.0.2:80");
    EXPECT_TRUE(wanted->is_near(between(end_v4(1, 4712), end_v4(2, 80))));
    EXPECT_TRUE(wanted->is_near(between(end_v4(2, 80), end_v4(1, 4712))));
    EXPECT_TRUE(wanted->is_near(between(end_v4(1, 4711), end_v4(2, 81))));
    EXPECT_FALSE(wanted->is_near(between(end_v4(1, 4711), end_v4(2, 80)))) << "it is the one";
    EXPECT_FALSE(wanted->is_near(between(end_v4(1, 1), end_v4(2, 2))));
    EXPECT_FALSE(wanted->is_near(between(end_v4(3, 4711), end_v4(2, 80))));
}

}  // namespace
}  // namespace ajar::explain
