// One network that floods displaces nobody else; a flood of everywhere makes no network heavy.
#include "ajar/defence/heaviest.hpp"

#include <deque>

#include "watch.hpp"

namespace ajar::test {
namespace {

constexpr TableSizes kStore{1U << 18U, 1U << 14U, 1U << 12U, 25, 25};  // 12288 IPv4 handshakes
constexpr std::uint32_t kFlooder = 0xc6336400;                         // a /24

/// Honest clients, each of a network of its own, who take 100 ms for a handshake, beside a flood.
class Crowd {
public:
    explicit Crowd(Watch& watch) : watch_(watch) {}

    /// One epoch: so many begin, and those of 100 ms ago end.
    void step(std::uint32_t honest, const std::function<Tuple(std::uint32_t)>& forged, std::uint32_t flood) {
        auto& under_way = steps_.emplace_back();
        for (std::uint32_t n = 0; n < flood + honest; ++n) {
            if (n % (flood / honest + 1) != 0) {
                watch_.lab.client(forged(next_forged_++), S, 1000);
                continue;
            }
            const Tuple t{0x14000000 + ((next_++ << 8U) & 0xffffff), 4000, 0x0a000002, 80, ipv6};
            watch_.lab.client(t, S, 1000);
            under_way.push_back(t);
        }
        if (steps_.size() > 5)
            for (const Tuple& t : steps_[steps_.size() - 6]) watch_.lab.server(t, SA, 5000, 1001);
        if (steps_.size() > 10) {
            for (const Tuple& t : steps_.front())
                (watch_.lab.client(t, A, 1001, 5001).state == TcpState::established ? finished : lost) += 1;
            for (const Tuple& t : steps_.front()) watch_.lab.client(t, R, 1001, 5001);
            steps_.pop_front();
        }
        watch_.lab.events.clear();
        watch_.update();
    }

    std::uint64_t finished = 0, lost = 0;
    bool ipv6 = false;

private:
    Watch& watch_;
    std::deque<std::vector<Tuple>> steps_;
    std::uint32_t next_ = 0, next_forged_ = 0;
};

/// Of one /24.
Tuple of_flooder(std::uint32_t n) {
    return {kFlooder + n % 256, static_cast<std::uint16_t>(1024 + n / 256 % 60000)};
}
Tuple of_everywhere(std::uint32_t n) {
    return {0x20000000 + n * 2654435761U % 0x60000000U, static_cast<std::uint16_t>(1024 + n % 60000)};
}

struct HeavyNetwork : testing::Test {
    Watch watch{1, kStore};
    Crowd crowd{watch};
    HeavyNetwork() {
        watch.lab.policy.defence.answer = Answering::off;
        watch.lab.policy.flow_end_events = false;
    }
    std::uint64_t told(ChangeKind k) { return watch.situation.count(k); }
};

/// The store turns over in 45 ms: by age alone no handshake would live to its end.
TEST_F(HeavyNetwork, DisplacesNobodyElse) {
    for (int n = 0; n < 40; ++n) crowd.step(250, of_flooder, 2500);
    ASSERT_FALSE(watch.lab.posture->heaviest.empty());
    crowd.finished = crowd.lost = 0;
    const auto displaced = watch.lab.told(Reason::embryonic_full);
    for (int n = 0; n < 100; ++n) crowd.step(250, of_flooder, 2500);
    EXPECT_EQ(crowd.lost, 0U);
    EXPECT_EQ(crowd.finished, 25'000U);
    EXPECT_EQ(watch.lab.told(Reason::embryonic_full), displaced);
    EXPECT_EQ(told(ChangeKind::heavy_network), 1U);
}

TEST_F(HeavyNetwork, WithoutItByAgeAloneAllAreLost) {
    for (int n = 0; n < 40; ++n) crowd.step(250, of_flooder, 2500);
    watch.lab.policy.mode = Mode::observe;
    crowd.finished = crowd.lost = 0;
    for (int n = 0; n < 40; ++n) crowd.step(250, of_flooder, 2500);
    EXPECT_GT(crowd.lost, crowd.finished) << "the test above would prove nothing";
}

TEST_F(HeavyNetwork, OfIpv6) {
    crowd.ipv6 = true;
    const auto v6 = [](std::uint32_t n) {
        Tuple t =
            of_flooder(n / 65000);  // an IPv6 /48 has all of them: the lab widens addresses to the right
        t.client = kFlooder;
        t.client_port = static_cast<std::uint16_t>(500 + n % 65000);
        t.ipv6 = true;
        return t;
    };
    for (int n = 0; n < 40; ++n) crowd.step(80, v6, 800);
    ASSERT_FALSE(watch.lab.posture->heaviest.empty());
    crowd.finished = crowd.lost = 0;
    for (int n = 0; n < 50; ++n) crowd.step(80, v6, 800);
    EXPECT_EQ(crowd.lost, 0U);
    EXPECT_EQ(crowd.finished, 4'000U);
}

TEST_F(HeavyNetwork, AFloodOfEverywhereMakesNone) {
    // Fifty handshakes at a time are a /24's that many clients share.
    const auto forged = [](std::uint32_t n) {
        return n % 300 == 0 ? Tuple{0x14141400 + n % 200, static_cast<std::uint16_t>(2000 + n / 300)}
                            : of_everywhere(n);
    };
    for (int n = 0; n < 100; ++n) {
        crowd.step(250, forged, 2500);
        EXPECT_TRUE(watch.lab.posture->heaviest.empty()) << n;
    }
    EXPECT_TRUE(watch.lab.posture->on(Rung::heaviest_first));
    EXPECT_EQ(watch.lab.told(Reason::heaviest_network), 0U) << "the oldest gives way, as ever";
    EXPECT_GT(watch.lab.told(Reason::embryonic_full), 100'000U);
}

TEST_F(HeavyNetwork, IsNoLongerWhenTheStoreHasRoom) {
    for (int n = 0; n < 40; ++n) crowd.step(250, of_flooder, 2500);
    EXPECT_EQ(told(ChangeKind::heavy_network), 1U);
    for (int n = 0; n < 90; ++n) watch.update(1s);
    EXPECT_TRUE(watch.lab.posture->heaviest.empty());
    EXPECT_EQ(told(ChangeKind::heavy_network_over), 1U);
    EXPECT_TRUE(watch.situation.now().empty());
}

TEST_F(HeavyNetwork, ALightOneBesideAHeavyOneIsNot) {
    const auto two = [](std::uint32_t n) {
        Tuple t = of_flooder(n);
        if (n % 300 == 0) t.client = 0x14141400 + n % 200;  // alone he would be heavy
        return t;
    };
    for (int n = 0; n < 60; ++n) crowd.step(250, two, 2500);
    EXPECT_EQ(told(ChangeKind::heavy_network), 1U);
    const auto light = count_key(CountKind::network, be32::of(0x14141400), 0);
    EXPECT_GT(watch.lab.tracker().half_open().estimate(watch.lab.tracker().hash_of(light)),
              kStore.embryonic / Heaviest::kPart);
}

}  // namespace
}  // namespace ajar::test
