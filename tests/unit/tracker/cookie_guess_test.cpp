// What does an attacker get out of cookies? Through the whole tracker, with a key that is known here.
#include <algorithm>
#include <random>

#include "ajar/packet/build.hpp"
#include "proxy_lab.hpp"

namespace ajar::test {
namespace {

struct Attack : Proxy {
    Attack() { lab.policy.flow_end_events = false; }
    [[nodiscard]] std::uint64_t accepted() { return lab.counters().cookies_accepted.get(); }
    [[nodiscard]] std::uint64_t refused() { return lab.counters().cookies_refused.get(); }
};

/// A guess of the right bits 0..7, with a byte of data: there is one look at each.
Packet guess_of(Packet ack) {
    ack.payload = 1;
    return ack;
}

// Of all tags of one tuple, number and code exactly one is accepted: a guess succeeds once in 2^24.
TEST_F(Attack, AGuessSucceedsOnceInAllTags) {
    const Packet right = guess_of(ack_of(cookie()));
    constexpr std::uint32_t kTags = 1U << 24U;
    std::array<Packet, kBurst> guesses;
    std::array<Verdict, kBurst> verdicts;
    guesses.fill(right);
    for (std::uint32_t tag = 0; tag < kTags;) {
        std::size_t n = 0;
        for (; n < kBurst && tag < kTags; ++tag) {
            const std::uint32_t cookie = tag << 8U | ((right.ack - 1) & 0xffU);
            if (cookie + 1 != right.ack) guesses[n++].ack = cookie + 1;
        }
        lab.tracker().process(std::span(guesses).first(n), std::span(verdicts).first(n), lab.policy, posture);
    }
    EXPECT_EQ(refused(), kTags - 1);
    EXPECT_EQ(accepted(), 0U);
    EXPECT_EQ(lab.counters().flows_created.get(), 0U) << "and none leaves anything behind";
    EXPECT_EQ(lab.feed(right).reason, Reason::cookie_accepted);
}

TEST_F(Attack, EachBitOfACookieCounts) {
    const Packet right = guess_of(ack_of(cookie()));
    for (unsigned bit = 0; bit < 32; ++bit) {
        Packet forged = right;
        forged.ack = ((right.ack - 1) ^ (1U << bit)) + 1;
        EXPECT_NE(lab.feed(forged).reason, Reason::cookie_accepted)
            << "another MSS, scale, SACK, key, or tag";
    }
    EXPECT_EQ(refused(), 32U);
}

TEST_F(Attack, ACookieIsNoGoodForAnotherConnection) {
    const Craft answer = cookie();
    const auto moved = [&](Tuple t, std::uint32_t seq) {
        Packet p = guess_of(ack_of(answer));
        const Packet there = lab.packet(t, true, A, seq, p.ack, 1);
        p.v4 = there.v4;
        p.side = there.side;
        p.hash = there.hash;
        p.partition = there.partition;
        p.seq = seq;
        return lab.feed(p).reason;
    };
    EXPECT_NE(moved({.client = 0x0a0000ff}, kClientIsn + 1), Reason::cookie_accepted);
    EXPECT_NE(moved({.client_port = 40001}, kClientIsn + 1), Reason::cookie_accepted);
    EXPECT_NE(moved({.server = 0x0a000003}, kClientIsn + 1), Reason::cookie_accepted);
    EXPECT_NE(moved({.server_port = 81}, kClientIsn + 1), Reason::cookie_accepted);
    EXPECT_NE(moved({}, kClientIsn + 2), Reason::cookie_accepted);
    EXPECT_EQ(moved({}, kClientIsn + 1), Reason::cookie_accepted);
}

TEST_F(Attack, ACookieDiesWithItsKey) {
    const Packet ack = guess_of(ack_of(cookie()));
    const auto later = [&](Duration age) {
        posture.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, kStart + age);
        Packet replayed = ack;
        replayed.time = lab.now = kStart + age;
        return lab.feed(replayed).reason;
    };
    for (int seconds = 30; seconds < 300; seconds += 5)
        EXPECT_NE(later(std::chrono::seconds(seconds)), Reason::cookie_accepted) << seconds;
    EXPECT_EQ(later(14s), Reason::cookie_accepted);
}

TEST_F(Attack, ACookieOpensOneConnectionAtATime) {
    const Packet ack = ack_of(cookie());
    lab.feed(ack);
    for (int n = 0; n < 10; ++n) EXPECT_EQ(lab.feed(ack).disposal, Disposal::consume);
    EXPECT_EQ(accepted(), 1U);
    EXPECT_EQ(lab.frames.size(), 1U) << "the server is asked once";
}

TEST_F(Attack, NobodyUnprovenGetsMoreFramesThanHeSent) {
    std::mt19937 generator(1);
    const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
    const std::array<std::uint8_t, 8> flags = {S, S, A, R, F, S | TcpFlags::kFin, R | A, SA};
    std::size_t before = 0;
    for (int n = 0; n < 20000; ++n) {
        Packet p = lab.packet(tuple(random() % 500), true, flags[random() % flags.size()], random(), random(),
                              random() % 2 * 100);
        if (random() % 2 != 0) p = with_options(p);
        lab.now += std::chrono::milliseconds(random() % 50);
        p.time = lab.now;
        lab.feed(p);
        const std::size_t sent = lab.answers.size() + lab.frames.size();
        EXPECT_LE(sent, before + 1);
        before = sent;
    }
    EXPECT_GT(before, 1000U);
    EXPECT_EQ(accepted(), 0U);
    lab.pass(300s);
    EXPECT_EQ(lab.answers.size() + lab.frames.size(), before) << "nor does time";
}

struct Size {
    std::uint8_t option;
    std::size_t bytes;
};
constexpr std::array kSizes = {Size{TcpOptions::kMss, 4}, Size{TcpOptions::kWindowScale, 3},
                               Size{TcpOptions::kSackPermitted, 2}, Size{TcpOptions::kTimestamps, 10}};

// Whatever its options, and however tightly they stand in it.
TEST_F(Attack, NorMoreBytes) {
    constexpr std::size_t kLink = 14, kTcp = 20, kLeastFrame = 60;
    for (const bool ipv6 : {false, true}) {
        for (unsigned set = 0; set < 16; ++set) {
            Packet asked = with_options(lab.packet({.ipv6 = ipv6}, true, S, kClientIsn));
            asked.options.present = 0;
            std::size_t options = 0;
            for (std::size_t o = 0; o < kSizes.size(); ++o) {
                if ((set >> o & 1U) == 0) continue;
                asked.options.present |= kSizes[o].option;
                options += kSizes[o].bytes;
            }
            const std::size_t wire = kLink + (ipv6 ? 40 : 20) + kTcp + (options + 3) / 4 * 4;
            know_service_of(asked);
            ASSERT_EQ(lab.feed(asked).disposal, Disposal::answer);
            std::array<std::uint8_t, kMaxCrafted> frame;
            EXPECT_LE(build(lab.answers.back(), frame), std::max(wire, kLeastFrame)) << ipv6 << " " << set;
        }
    }
}

}  // namespace
}  // namespace ajar::test
