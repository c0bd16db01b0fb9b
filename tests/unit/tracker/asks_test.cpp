// Which packets ask for a connection, and does it matter which shard they meet?
#include "ajar/flow/asks.hpp"

#include "ajar/defence/defence.hpp"
#include "lab.hpp"

namespace ajar::test {
namespace {

struct AsksLab {
    explicit AsksLab(std::size_t shards = 1)
        : lab({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, shards), count(shards) {}
    Asks asked(Second second = second_of(kStart)) {
        std::vector<AskPart> parts;
        std::uint64_t sum = 0;
        for (std::size_t s = 0; s < count; ++s) {
            lab.tracker(s).asked(second, parts);
            sum += lab.tracker(s).asked(second);
        }
        const Asks all = sum_up(second, parts);
        EXPECT_EQ(sum, all.count);
        return all;
    }
    Lab lab;
    std::size_t count;
};

CountKey service(std::uint32_t server = 0x0a000002) {
    return count_key(CountKind::service, be32::of(server), 0, be16::of(80));
}

TEST(Asks, IsASynThatFindsNoFlow) {
    AsksLab a;
    a.lab.client({}, S, 1000);
    a.lab.client({}, S, 1000);  // again: it is known
    a.lab.server({}, SA, 5000, 1001);
    a.lab.client({}, A, 1001, 5001);
    a.lab.client(tuple(1), A, 1, 1);                // mid-stream
    a.lab.client(tuple(2), SA, 1, 1);               // nobody asked
    a.lab.client(tuple(3), S | TcpFlags::kRst, 1);  // nonsense
    const Asks asked = a.asked();
    EXPECT_EQ(asked.count, 1U);
    ASSERT_EQ(asked.ranked[kServices].size(), 1U);
    EXPECT_EQ(asked.ranked[kServices][0], (Talker{service(), 1}));
    EXPECT_EQ(asked.ranked[kSources][0].key, count_key(CountKind::source, be32::of(0x0a000001), 0));
    EXPECT_EQ(asked.ranked[kHosts][0].key, count_key(CountKind::destination, be32::of(0x0a000002), 0));
}

TEST(Asks, OfAllPortsOfAHostAreTheHosts) {
    AsksLab a;
    for (std::uint16_t port = 1; port <= 100; ++port) a.lab.client({.server_port = port}, S, 1000);
    const Asks asked = a.asked();
    EXPECT_EQ(asked.ranked[kServices].size(), Asks::kMost);
    EXPECT_EQ(asked.ranked[kServices][0].count, 1U);
    ASSERT_EQ(asked.ranked[kHosts].size(), 1U);
    EXPECT_EQ(asked.ranked[kHosts][0].count, 100U);
}

TEST(Asks, TheClientMayStandOnEitherSide) {
    AsksLab a;
    a.lab.client({.client = 0x0a000001, .server = 0x0a000002}, S, 1);
    a.lab.client({.client = 0x0a000003, .server = 0x0a000002}, S, 1);
    EXPECT_EQ(a.asked().ranked[kServices][0], (Talker{service(), 2}));
}

TEST(Asks, ASynThatIsRefusedIsOneToo) {
    AsksLab a;
    a.lab.policy.timeouts[static_cast<std::size_t>(TimerClass::time_wait)] = 1h;
    Posture posture;
    posture.active = true;
    posture.crowded = CellSet(sketch_lines({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}));
    const auto hash = a.lab.tracker().hash_of(count_key(CountKind::source, be32::of(0x0a000001), 0));
    for (const auto cell : cells_of(hash, sketch_lines({1U << 14U, 1U << 14U, 1U << 12U, 25, 25})))
        posture.crowded.set(cell);
    a.lab.posture = &posture;
    for (int n = 0; n < 3; ++n) EXPECT_EQ(a.lab.client({}, S, 1000).reason, Reason::source_limit);
    EXPECT_EQ(a.asked().count, 3U);
}

TEST(Asks, InIPv6) {
    AsksLab a;
    a.lab.client({.ipv6 = true}, S, 1000);
    const Asks asked = a.asked();
    EXPECT_EQ(asked.ranked[kSources][0].key, count_key(CountKind::source, Ipv6Address{10, 0, 0, 1}, 0));
    EXPECT_EQ(asked.ranked[kServices][0].key,
              count_key(CountKind::service, Ipv6Address{10, 0, 0, 2}, 0, be16::of(80)));
}

/// More than are remembered.
TEST(Asks, IsTheSameForAnyNumberOfShards) {
    std::vector<Asks> told;
    for (const std::size_t shards : {1U, 2U, 3U}) {
        AsksLab a(shards);
        for (std::uint32_t n = 0; n < 100'000; ++n)
            a.lab.client(
                {n % 10 == 0 ? 0x0a000001 : 0x0b000000 + n, static_cast<std::uint16_t>(1024 + n / 10)}, S,
                1000);
        told.push_back(a.asked());
    }
    EXPECT_GT(told[0].weight, 1U);
    EXPECT_EQ(told[0], told[1]);
    EXPECT_EQ(told[0], told[2]);
}

}  // namespace
}  // namespace ajar::test
