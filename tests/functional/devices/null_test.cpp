// net_null carries ten million packets, with the right RSS and with none.
#include <gtest/gtest.h>

#include "support/dataplane/null_source.hpp"
#include "support/dataplane/rig.hpp"

namespace ajar {
namespace {

using dataplane::Pattern;
using test::count;

constexpr std::uint32_t kNullFlows = 4096;

struct Case {
    bool rss;
    std::uint64_t packets;
};

test::Outcome run(const Config& config, Pattern pattern, Case c) {
    test::Rig rig(config);
    if (!rig.make()) return {};
    const std::uint32_t queues = c.rss ? config.workers : 1;
    const std::uint64_t each = c.packets / (2 * queues);
    dataplane::SyntheticSource source(
        rig.appliance().wiring(),
        {.pattern = pattern, .flows = kNullFlows, .queues = queues, .rss = c.rss, .packets_each = each});
    if (!rig.start()) return {};
    const std::uint64_t sides = pattern == Pattern::flood ? 1 : 2;
    rig.run_until([&] { return rig.received() >= each * sides * queues; });
    return rig.finish([&] { source.detach(); });
}

TEST(NetNull, CarriesEverythingWithTheRightRss) {
    const auto packets = test::packets_wanted();
    const auto o = run(test::small_config("net_null0,size=60", "net_null1,size=60"), Pattern::established,
                       {.rss = true, .packets = packets});
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.received, packets / 4 * 4);
    EXPECT_EQ(o.last.frames.transmitted, o.last.frames.received);
    EXPECT_EQ(o.last.frames.handed_over, 0U) << "each worker got the packets of its own partitions";
    EXPECT_EQ(o.last.tracker.created, 2 * kNullFlows);
    EXPECT_EQ(o.last.tracker.promoted, 2 * kNullFlows);
    EXPECT_EQ(count(o.last.tracker.reasons, Reason::invalid_seq_high), 0U);
    test::expect_memory_flat(o);
}

// Whatever one queue gets, the owners judge: the same flows come out.
TEST(NetNull, HandsOverWhatRssSentToTheWrongWorker) {
    const auto packets = test::packets_wanted() / 4;
    Config config = test::small_config("net_null0,size=60", "net_null1,size=60");
    config.ring_size = 1U << 16U;
    const auto o = run(config, Pattern::established, {.rss = false, .packets = packets});
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.received, packets / 2 * 2);
    // A ring to the other worker is full where that one is off its CPU.
    const auto no_room = count(o.last.frames.by_reason, Reason::ring_full);
    EXPECT_GT(o.last.frames.handed_over + no_room, o.last.frames.received / 4);
    EXPECT_EQ(o.last.frames.transmitted + no_room, o.last.frames.received);
    EXPECT_EQ(o.last.tracker.created, kNullFlows);
}

TEST(NetNull, FloodOverflowsTheEmbryonicStoreAndNothingElse) {
    Config config = test::small_config("net_null0,size=60", "net_null1,size=60,no-rx=1");
    config.sizes.embryonic = 1U << 14U;
    const auto packets = test::packets_wanted() / 4;  // half of them come: one port receives
    const auto o = run(config, Pattern::flood, {.rss = true, .packets = packets});
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.transmitted, o.last.frames.received);
    EXPECT_GT(count(o.last.tracker.reasons, Reason::embryonic_full), 0U);
}

TEST(NetNull, CannotFollowALinkAndSaysSoAtStart) {
    Config config = test::small_config("net_null0", "net_null1");
    config.link_follow = true;
    const auto made = dataplane::Appliance::make(config, [](const Event&) {});
    ASSERT_FALSE(made.ok());
    EXPECT_NE(made.error().find("net_null, cannot take a link down"), std::string::npos) << made.error();
    EXPECT_NE(made.error().find("link_follow = false"), std::string::npos) << made.error();
}

}  // namespace
}  // namespace ajar
