// Wrong numbers: who may answer them, for how long, and how often a guess succeeds.
#include "ajar/tcp/challenge.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace ajar::tcp::challenge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr cookie::Secret kMaster = {0x0123456789abcdef, 0xfedcba9876543210};

Time at(Duration since) { return Time(seconds(1'000'005) + since); }  // a period begins
cookie::Keys keys(Duration since) { return {kMaster, at(since)}; }

void flip(Ipv4Address& address) { address = be32::of(address.value() ^ 1U); }
void flip(Ipv6Address& address) { address[15] ^= 1U; }

class Challenge : public testing::TestWithParam<Family> {
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
    /// What a client answers to the answer.
    [[nodiscard]] Packet rst_of(const Numbers& numbers) const {
        Packet p = syn;
        p.flags = {TcpFlags::kRst};
        p.seq = numbers.ack;
        return p;
    }
    [[nodiscard]] Packet rst(Duration sealed = seconds(0)) const {
        return rst_of(numbers_for(keys(sealed), syn));
    }
};
INSTANTIATE_TEST_SUITE_P(Families, Challenge, testing::Values(Family::ipv4, Family::ipv6),
                         [](const auto& p) { return p.param == Family::ipv4 ? "Ipv4" : "Ipv6"; });

TEST_P(Challenge, IsMetByItsExactRst) { EXPECT_TRUE(met_by(keys(seconds(0)), rst())); }

TEST_P(Challenge, EachBitCounts) {
    for (unsigned bit = 0; bit < 32; ++bit) {
        Packet forged = rst();
        forged.seq ^= 1U << bit;
        EXPECT_FALSE(met_by(keys(seconds(0)), forged)) << bit;
    }
}

// The RST does not bring the client's number back.
TEST_P(Challenge, IsTheSameForEachSynOfATuple) {
    const auto first = numbers_for(keys(seconds(0)), syn);
    syn.seq += 12345;
    EXPECT_EQ(numbers_for(keys(seconds(3)), syn).ack, first.ack);
}

TEST_P(Challenge, IsOneTuplesAlone) {
    const Packet right = rst();
    const auto moved = [&](auto&& change) {
        Packet p = right;
        if (p.family == Family::ipv4) {
            change(p, p.v4);
        } else {
            change(p, p.v6);
        }
        return met_by(keys(seconds(0)), p);
    };
    EXPECT_TRUE(moved([](Packet&, auto&) {}));
    EXPECT_FALSE(moved([](Packet&, auto& key) { flip(key.address[0]); }));
    EXPECT_FALSE(moved([](Packet&, auto& key) { flip(key.address[1]); }));
    EXPECT_FALSE(moved([](Packet&, auto& key) { key.port[0] = be16::of(81); }));
    EXPECT_FALSE(moved([](Packet&, auto& key) { key.port[1] = be16::of(40001); }));
    EXPECT_FALSE(moved([](Packet&, auto& key) { key.zone = 8; }));
    EXPECT_FALSE(moved([](Packet& p, auto&) { p.side = 0; })) << "the server is not who was challenged";
}

TEST_P(Challenge, LivesAsLongAsItsKey) {
    const Packet first = rst(), last = rst(milliseconds(14'999));
    EXPECT_TRUE(met_by(keys(seconds(29) - milliseconds(1)), first));
    EXPECT_TRUE(met_by(keys(seconds(28)), last));
    EXPECT_FALSE(met_by(keys(seconds(30)), first));
    EXPECT_FALSE(met_by(keys(seconds(30)), last));
    for (int s = 30; s < 300; s += 5) EXPECT_FALSE(met_by(keys(seconds(s)), first)) << s;
}

TEST_P(Challenge, IsMetAtAnotherApplianceOfTheFleet) {
    EXPECT_TRUE(met_by(keys(seconds(14) + milliseconds(300)), rst(milliseconds(15'200))))
        << "whose clock is behind";
    EXPECT_FALSE(met_by({{1, 2}, at(seconds(0))}, rst())) << "a stranger to the fleet";
}

// A cookie and a wrong number of one tuple have nothing in common, whichever key sealed them, not even where
// the client's number and options are zero.
TEST_P(Challenge, TellsNothingOfCookies) {
    for (const auto since : {seconds(0), seconds(15)}) {
        const auto now = keys(since);
        const auto numbers = numbers_for(now, syn);
        for (std::uint32_t n = 0; n < 1U << 16U; ++n) {
            syn.seq = n;
            const auto cookie = cookie::seal(now, syn);
            EXPECT_NE(cookie >> 8U, numbers.ack >> 8U);
            EXPECT_NE(cookie, numbers.seq);
        }
    }
}

// 2^-31 each: of 2^26 guesses at the number of one tuple, half of them next to the right one, none is right
// but that.
TEST_P(Challenge, GuessesSucceedNoOftenerThanTheBitsAllow) {
    constexpr std::uint32_t kGuesses = 1U << 25U;
    const auto now = keys(seconds(0));
    Packet guess = rst();
    const std::uint32_t right = guess.seq;
    std::uint32_t met = 0;
    for (std::uint32_t n = 1; n <= kGuesses; ++n) {
        guess.seq = right + n;
        met += met_by(now, guess) ? 1U : 0U;
        guess.seq = right + n * 0x9e3779b1U;
        met += met_by(now, guess) ? 1U : 0U;
    }
    EXPECT_EQ(met, 0U);
}

// Over many tuples: the numbers are spread over all that there are, and none is preferred.
TEST_P(Challenge, NumbersAreSpreadEvenly) {
    constexpr std::uint32_t kTuples = 1U << 17U;
    const auto now = keys(seconds(0));
    std::array<std::uint32_t, 32> ones{};
    std::set<std::uint32_t> different;
    for (std::uint32_t n = 0; n < kTuples; ++n) {
        if (syn.family == Family::ipv4) {
            syn.v4.address[1] = be32::of(n);
        } else {
            store_be32(syn.v6.address[1].data() + 4, n);
        }
        const std::uint32_t ack = numbers_for(now, syn).ack;
        different.insert(ack);
        for (unsigned bit = 0; bit < 32; ++bit) ones[bit] += ack >> bit & 1U;
    }
    EXPECT_GT(different.size(), kTuples - 40) << "2^33/2^32 = 4 pairs are to be expected";
    for (unsigned bit = 1; bit < 32; ++bit)
        EXPECT_NEAR(ones[bit], kTuples / 2, 6 * 181) << "six standard deviations, bit " << bit;
    EXPECT_TRUE(ones[0] == 0 || ones[0] == kTuples) << "the key's number";
}

}  // namespace
}  // namespace ajar::tcp::challenge
