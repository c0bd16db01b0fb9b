// Thousands of connections that fall silent and are asked, some of whose ends are gone, while questions and
// answers get lost: is each found, in the right end, and nobody else?
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "checker.hpp"
#include "lab.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

using test::A;
using test::Lab;

constexpr std::uint32_t kFirstClient = 0x0a010000;
constexpr unsigned kLossPercent = 2;
constexpr std::uint8_t kClientGone = 1, kServerGone = 2;

/// Both ends of each connection, as far as they are still there.
class Hosts {
public:
    explicit Hosts(std::uint32_t n) : truths_(n) {
        for (auto& truth : truths_) truth = kTruths[random_() % kTruths.size()];
        lab.policy.probe.on = true;
        lab.policy.flow_end_events = false;
        lab.policy.timeouts[static_cast<std::size_t>(TimerClass::established)] = std::chrono::minutes(1);
        lab.policy.timeouts[static_cast<std::size_t>(TimerClass::unacknowledged)] = std::chrono::minutes(1);
    }

    void talk() {
        for (std::uint32_t n = 0; n < truths_.size(); ++n) {
            say(n, true, test::S, 1000, 0);
            say(n, false, test::SA, 5000, 1001);
            say(n, true, A, 1001, 5001, 100);
            say(n, false, A, 5001, 1101, 50);
            say(n, true, A, 1101, 5051);
            lab.now += std::chrono::microseconds(100);
        }
    }
    void pass(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            lab.pass(std::chrono::seconds(1));
            const auto asked = std::move(lab.frames);
            lab.frames.clear();
            for (const Craft& c : asked) hear(c);
        }
    }
    /// Who has the connection no more: kClientGone, kServerGone, or both.
    [[nodiscard]] std::uint8_t truth(std::uint32_t n) const { return truths_[n]; }
    [[nodiscard]] std::uint32_t number_of(const KeyV6& key) const {
        return address(key, client_of(key)) - kFirstClient;
    }
    /// `lost` of an evidence, by client and server.
    [[nodiscard]] std::uint8_t told(const Event& e) const {
        const bool swapped = client_of(e.key) == 1;
        const std::uint8_t lost = e.evidence.lost;
        return swapped ? static_cast<std::uint8_t>((lost >> 1U & 1U) | (lost & 1U) << 1U) : lost;
    }

    Lab lab{{1U << 20U, 1U << 18U, 1U << 18U, 25, 25}, 1, 1U << 16U, Recording::off};
    Checker checker;

private:
    static constexpr std::array<std::uint8_t, 4> kTruths = {0, kClientGone, kServerGone,
                                                            kClientGone | kServerGone};

    static std::uint32_t address(const KeyV6& key, Side s) {
        const auto& bytes = key.address[s];
        return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
               std::uint32_t{bytes[2]} << 8U | bytes[3];
    }
    static Side client_of(const KeyV6& key) { return address(key, 0) >= kFirstClient ? 0 : 1; }

    void say(std::uint32_t n, bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
             std::uint32_t payload = 0) {
        const Packet p = lab.packet(test::tuple(n), client, flags, seq, ack, payload);
        checker.see(p);
        lab.feed(p);
    }
    bool lost() { return random_() % 100 < kLossPercent; }
    /// A question reaches an end, which answers by a duplicate ACK (RFC 9293 3.10.7.4).
    void hear(const Craft& c) {
        if (c.flags.rst() || lost()) return;
        const std::uint32_t n = number_of(c.key);
        const bool client = other(c.from) == client_of(c.key);
        const bool gone = (truths_[n] & (client ? kClientGone : kServerGone)) != 0;
        if (!gone && !lost()) say(n, client, A, c.ack, c.seq + 1);
    }

    std::mt19937 random_{7};
    std::vector<std::uint8_t> truths_;
};

TEST(Silent, AreToldFromTheLivingInTheRightEnd) {
    const auto all = static_cast<std::uint32_t>(connections() / 5);
    Hosts hosts(all);
    hosts.talk();
    hosts.pass(300);
    std::array<std::array<std::uint64_t, 5>, 4> told{};  // by truth and by what was told; the last: nothing
    std::vector<bool> certain(all), heard(all);
    std::uint64_t refuted = 0;
    for (const Event& e : hosts.lab.of(EventKind::probed)) {
        if (e.reason != Reason::proven_dead) continue;
        const std::uint32_t n = hosts.number_of(e.key);
        ASSERT_TRUE(e.evidenced);
        heard[n] = true;
        ++told[hosts.truth(n)][hosts.told(e)];
        certain[n] = e.evidence.confidence == Confidence::high;
        const auto objection = hosts.checker.object_silence(e, hosts.lab.policy.probe.interval);
        if (!objection.empty() && ++refuted <= 10) ADD_FAILURE() << objection;
    }
    std::uint64_t one_gone = 0, found = 0, high = 0;
    for (std::uint32_t n = 0; n < all; ++n) {
        const bool one = hosts.truth(n) == kClientGone || hosts.truth(n) == kServerGone;
        one_gone += one ? 1 : 0;
        found += one && certain[n] ? 1 : 0;
        high += certain[n] ? 1 : 0;
        told[hosts.truth(n)][4] += heard[n] ? 0 : 1;
    }
    for (std::size_t truth = 0; truth < 4; ++truth)
        std::cout << fmt::format("gone {:02b}: told 01 {}, 10 {}, 11 {}, nothing {}\n", truth, told[truth][1],
                                 told[truth][2], told[truth][3], told[truth][4]);
    EXPECT_GE(one_gone, connections() * 3 / 40);
    EXPECT_GE(static_cast<double>(found), 0.999 * static_cast<double>(one_gone));
    EXPECT_GE(static_cast<double>(found), 0.999 * static_cast<double>(high));
    EXPECT_EQ(told[kClientGone][kServerGone] + told[kServerGone][kClientGone], 0U);
    EXPECT_EQ(told[0][1] + told[0][2] + told[0][3], 0U);
    EXPECT_EQ(refuted, 0U);
}

/// The second opinion itself.
TEST(Silent, TheCheckerObjectsToWhoHasSpoken) {
    Hosts hosts(200);
    hosts.talk();
    hosts.pass(300);
    const Duration interval = hosts.lab.policy.probe.interval;
    std::size_t looked = 0;
    for (Event e : hosts.lab.of(EventKind::probed)) {
        if (e.reason != Reason::proven_dead || e.evidence.lost == 3) continue;
        ++looked;
        EXPECT_EQ(hosts.checker.object_silence(e, interval), "");
        ++e.evidence.expected;
        EXPECT_NE(hosts.checker.object_silence(e, interval), "");
        --e.evidence.expected;
        e.evidence.lost ^= 3U;
        EXPECT_NE(hosts.checker.object_silence(e, interval), "");
        e.evidence.lost = 3;
        EXPECT_NE(hosts.checker.object_silence(e, interval), "");
    }
    EXPECT_GT(looked, 50U);
}

}  // namespace
}  // namespace ajar::signs
