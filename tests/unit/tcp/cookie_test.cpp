// Cookies: what comes back out of them, who may use them, for how long, and how often a guess succeeds.
#include "ajar/tcp/cookie.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>

namespace ajar::tcp::cookie {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Secret kMaster = {0x0123456789abcdef, 0xfedcba9876543210};

Time at(Duration since) { return Time(seconds(1'000'005) + since); }  // a period begins
Keys keys(Duration since) { return {kMaster, at(since)}; }

class Cookie : public testing::TestWithParam<Family> {
protected:
    Packet syn = make_syn();

    static Packet make_syn() {
        Packet p;
        p.kind = PacketKind::tcp;
        p.family = GetParam();
        p.flags = {TcpFlags::kSyn};
        p.side = 1;
        p.seq = 0xfffffff0;
        if (p.family == Family::ipv4) {
            p.v4 = KeyV4{{be32::of(0x0a000001), be32::of(0xc0000201)}, {be16::of(80), be16::of(40000)}, 7};
        } else {
            p.v6 =
                KeyV6{{Ipv6Address{0x20, 1, 5}, Ipv6Address{0x20, 1, 9}}, {be16::of(80), be16::of(40000)}, 7};
        }
        return p;
    }
    void say(std::uint16_t mss, int scale, bool sack) {
        syn.options = {};
        if (mss != 0) syn.options.present |= TcpOptions::kMss;
        syn.options.mss = mss;
        if (scale >= 0) syn.options.present |= TcpOptions::kWindowScale;
        syn.options.window_scale = static_cast<std::uint8_t>(std::max(scale, 0));
        if (sack) syn.options.present |= TcpOptions::kSackPermitted;
    }
    /// What a client answers to the answer.
    [[nodiscard]] Packet ack_of(std::uint32_t cookie) const {
        Packet p = syn;
        p.flags = {TcpFlags::kAck};
        p.seq = syn.seq + 1;
        p.ack = cookie + 1;
        p.options = {};
        return p;
    }
    [[nodiscard]] std::optional<Offer> there_and_back() const {
        return open(keys(seconds(0)), ack_of(seal(keys(seconds(0)), syn)));
    }
};
INSTANTIATE_TEST_SUITE_P(Families, Cookie, testing::Values(Family::ipv4, Family::ipv6),
                         [](const auto& p) { return p.param == Family::ipv4 ? "Ipv4" : "Ipv6"; });

TEST_P(Cookie, KeepsWhatTheSynSaid) {
    const std::uint16_t full = GetParam() == Family::ipv4 ? 1460 : 1440;
    say(full, 7, true);
    EXPECT_EQ(there_and_back(), (Offer{.mss = full, .window_scale = 7, .sack_permitted = true}));
}

TEST_P(Cookie, WhatWasNotSaidIsNotThere) { EXPECT_EQ(there_and_back(), Offer{}); }

TEST_P(Cookie, RoundsDownAndNeverUp) {
    const std::uint16_t least = GetParam() == Family::ipv4 ? 536 : 1220;
    for (unsigned mss = 0; mss < 0x10000; mss += 7) {
        say(static_cast<std::uint16_t>(mss), static_cast<int>(mss % 15), false);
        const auto offer = there_and_back();
        ASSERT_TRUE(offer);
        EXPECT_LE(offer->mss, mss);
        EXPECT_EQ(offer->mss == 0, mss < least) << mss;
        EXPECT_TRUE(offer->window_scale);
        EXPECT_LE(*offer->window_scale, mss % 15);
        EXPECT_GE(*offer->window_scale + 4U, mss % 15);
    }
}

TEST_P(Cookie, TimestampsKeepTheScaleToTheBit) {
    for (int scale = -1; scale <= 14; ++scale) {
        say(1460, scale, scale % 2 == 0);
        syn.options.present |= TcpOptions::kTimestamps;
        syn.flags = {TcpFlags::kSyn | TcpFlags::kEce | TcpFlags::kCwr};
        const std::uint32_t stamp = seal_timestamp(0xffffffff, syn);
        EXPECT_EQ(stamp >> 6U, 0xffffffffU >> 6U);
        Packet ack = ack_of(seal(keys(seconds(0)), syn));
        ack.options.present = TcpOptions::kTimestamps;
        ack.options.ts_echo = stamp;
        const auto offer = open(keys(seconds(0)), ack);
        ASSERT_TRUE(offer);
        EXPECT_EQ(offer->window_scale ? *offer->window_scale : -1, scale);
        EXPECT_EQ(offer->sack_permitted, scale % 2 == 0);
        EXPECT_TRUE(offer->timestamps && offer->ecn);
    }
}

TEST_P(Cookie, BelongsToItsEndpointsAndNumber) {
    const std::uint32_t cookie = seal(keys(seconds(0)), syn);
    const auto refused = [&](auto&& change) {
        Packet ack = ack_of(cookie);
        change(ack);
        return !open(keys(seconds(0)), ack);
    };
    const bool v4 = GetParam() == Family::ipv4;
    EXPECT_FALSE(refused([](Packet&) {}));
    EXPECT_TRUE(refused([](Packet& p) { ++p.seq; }));
    EXPECT_TRUE(refused([](Packet& p) { p.side = 0; }));
    EXPECT_TRUE(refused([&](Packet& p) { (v4 ? p.v4.port : p.v6.port)[1] = be16::of(40001); }));
    EXPECT_TRUE(refused([&](Packet& p) { (v4 ? p.v4.port : p.v6.port)[0] = be16::of(81); }));
    EXPECT_TRUE(refused([&](Packet& p) { ++(v4 ? p.v4.zone : p.v6.zone); }));
    EXPECT_TRUE(refused([&](Packet& p) {
        if (v4) p.v4.address[1] = be32::of(0xc0000202);
        if (!v4) p.v6.address[1][15] = 1;
    }));
}

TEST_P(Cookie, EachOfItsBitsIsSealed) {
    say(1460, 7, true);
    const std::uint32_t cookie = seal(keys(seconds(0)), syn);
    for (unsigned bit = 0; bit < 32; ++bit)
        EXPECT_FALSE(open(keys(seconds(0)), ack_of(cookie ^ (1U << bit)))) << "bit " << bit;
}

TEST_P(Cookie, LivesForThePeriodOfItsKeyAndOneMore) {
    for (const Duration sealed : {Duration(seconds(0)), Duration(milliseconds(14'999))}) {
        const Packet ack = ack_of(seal(keys(sealed), syn));
        EXPECT_TRUE(open(keys(sealed), ack));
        EXPECT_TRUE(open(keys(seconds(15)), ack));
        EXPECT_TRUE(open(keys(milliseconds(28'999)), ack));
        for (int later = 30; later < 300; ++later) EXPECT_FALSE(open(keys(seconds(later)), ack)) << later;
    }
}

TEST_P(Cookie, OfAClockAheadIsAcceptedInTheLastSecond) {
    const Packet ack = ack_of(seal(keys(seconds(15)), syn));
    EXPECT_FALSE(open(keys(milliseconds(13'999)), ack));
    EXPECT_TRUE(open(keys(milliseconds(14'000)), ack));
}

TEST_P(Cookie, AnotherMasterKeyKnowsNothingOfIt) {
    const Packet ack = ack_of(seal(keys(seconds(0)), syn));
    EXPECT_TRUE(open(Keys(kMaster, at(seconds(3))), ack)) << "another appliance of the fleet";
    EXPECT_FALSE(open(Keys({kMaster[0], kMaster[1] ^ 1U}, at(seconds(3))), ack));
}

TEST_P(Cookie, OfAllTagsOneIsRight) {
    const Keys now = keys(seconds(0));
    const std::uint32_t codes = seal(now, syn) & 0xffU;
    unsigned accepted = 0;
    for (std::uint32_t tag = 0; tag < 1U << 24U; ++tag)
        accepted += open(now, ack_of(tag << 8U | codes)) ? 1U : 0U;
    EXPECT_EQ(accepted, 1U);
}

/// Expected: 1/4. Five or more would be chance in one run of a hundred thousand.
TEST_P(Cookie, GuessesSucceedOnceInTwoToThe24) {
    const Keys now = keys(seconds(0));
    std::mt19937 engine(7);
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    unsigned accepted = 0;
    for (std::uint32_t i = 0; i < 1U << 22U; ++i) {
        Packet ack = ack_of(random());
        ack.seq = random();
        accepted += open(now, ack) ? 1U : 0U;
    }
    EXPECT_LT(accepted, 5U);
}

#if defined(__AES__)
/// FIPS 197, appendix B.
TEST(CookieMac, IsAes) {
    using Block = std::array<std::uint8_t, 16>;
    const Block key = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                       0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    const Block input = {0x32, 0x43, 0xf6, 0xa8, 0x88, 0x5a, 0x30, 0x8d,
                         0x31, 0x31, 0x98, 0xa2, 0xe0, 0x37, 0x07, 0x34};
    const Block output = {0x39, 0x25, 0x84, 0x1d, 0x02, 0xdc, 0x09, 0xfb,
                          0xdc, 0x11, 0x85, 0x97, 0x19, 0x6a, 0x0b, 0x32};
    const Mac mac(std::bit_cast<Secret>(key));
    EXPECT_EQ(std::bit_cast<Block>(mac.encrypt(std::bit_cast<__m128i>(input))), output);
}
#endif

}  // namespace
}  // namespace ajar::tcp::cookie
