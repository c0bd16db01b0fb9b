// Are times, addresses and uids written as their readers want them?
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <set>

#include "export/text.hpp"

namespace ajar::exporting {
namespace {

using namespace std::chrono_literals;

template <typename F>
std::string written(F put) {
    Text out;
    put(out);
    return fmt::to_string(out);
}

std::string seconds(Duration d) {
    return written([&](Text& out) { put_seconds(out, d); });
}
std::string iso(std::int64_t ns) {
    return written([&](Text& out) { put_iso_time(out, Time(Duration(ns))); });
}
std::string ipv6(const Ipv6Address& a) {
    return written([&](Text& out) { put_address(out, Family::ipv6, a); });
}
std::string uid(std::uint64_t id) {
    return written([&](Text& out) { put_uid(out, id); });
}
Ipv6Address address(const char* text) {
    Ipv6Address out{};
    EXPECT_EQ(inet_pton(AF_INET6, text, out.data()), 1) << text;
    return out;
}

TEST(Seconds, HaveSixDigits) {
    EXPECT_EQ(seconds(0s), "0.000000");
    EXPECT_EQ(seconds(1'700'000'000s + 5us), "1700000000.000005");
    EXPECT_EQ(seconds(1999ns), "0.000001");
    EXPECT_EQ(seconds(-1500ms), "-1.500000");
}

TEST(IsoTime, IsUtcWithMicroseconds) {
    EXPECT_EQ(iso(0), "1970-01-01T00:00:00.000000+0000");
    EXPECT_EQ(iso(1'700'000'060'123'456'789), "2023-11-14T22:14:20.123456+0000");
    EXPECT_EQ(iso(951'827'696'000'000'000), "2000-02-29T12:34:56.000000+0000");
    EXPECT_EQ(iso(-1'000), "1969-12-31T23:59:59.999999+0000");
}

TEST(Address, Ipv4IsADottedQuad) {
    EXPECT_EQ(written([](Text& out) { put_address(out, Family::ipv4, {10, 0, 255, 1}); }), "10.0.255.1");
}

/// RFC 5952, sections 4 and 5, without its dotted quads.
TEST(Address, Ipv6IsCanonical) {
    for (const char* text :
         {"::", "::1", "1::", "2001:db8::1", "fe80::1:0:0:abcd", "1:0:0:2::3", "a:b:c:d:e:f:1:2",
          "0:1:2:3:4:5:6:7", "1:2:3:4:5:6:7:0", "2001:db8:0:1:1:1:1:1", "2001::1:0:0:1", "ff02::fb"})
        EXPECT_EQ(ipv6(address(text)), text);
    EXPECT_EQ(ipv6(address("2001:0DB8:0:0:1:0:0:1")), "2001:db8::1:0:0:1");
}

TEST(Uid, LooksLikeZeeksAndTellsFlowsApart) {
    std::set<std::string> seen;
    for (std::uint64_t id = 0; id < 10'000; ++id) EXPECT_TRUE(seen.insert(uid(id)).second) << id;
    EXPECT_EQ(uid(0).size(), 18U);
    EXPECT_EQ(uid(~std::uint64_t{0}).size(), 18U);
    EXPECT_EQ(uid(7).front(), 'C');
    EXPECT_EQ(uid(7).find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
              std::string::npos);
}

TEST(Quoted, EscapesWhatJsonForbids) {
    EXPECT_EQ(written([](Text& out) { put_quoted(out, "a\"b\\c\n\t\x01\xc3\xa4"); }),
              "\"a\\\"b\\\\c\\n\\t\\u0001\xc3\xa4\"");
}

}  // namespace
}  // namespace ajar::exporting
