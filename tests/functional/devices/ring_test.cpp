// net_ring carries ten million packets, also across a restart of its ports.
#include <gtest/gtest.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

#include "dataplane/link_watch.hpp"
#include "dataplane/pool.hpp"
#include "support/dataplane/rig.hpp"
#include "traffic.hpp"

namespace ajar {
namespace {

using test::count;

constexpr unsigned kSlots = 4096;
constexpr std::uint32_t kFlows = 4096;

struct RingDeleter {
    void operator()(rte_ring* r) const { rte_ring_free(r); }
};
using Ring = std::unique_ptr<rte_ring, RingDeleter>;

/// A port over two rings: what is pushed into `in` it receives, what it sends is pulled from `out`.
struct RingPort {
    explicit RingPort(const std::string& name)
        : in(rte_ring_create((name + "_in").c_str(), kSlots, 0, RING_F_SP_ENQ | RING_F_SC_DEQ)),
          out(rte_ring_create((name + "_out").c_str(), kSlots, 0, 0)) {
        rte_ring* rx = in.get();
        // Two workers, one ring of each kind: the second queue is a ring of its own that stays empty.
        std::array<rte_ring*, 1> rxs = {rx}, txs = {out.get()};
        port = rte_eth_from_rings(name.c_str(), rxs.data(), 1, txs.data(), 1, 0);
        device = "net_ring_" + name;
    }
    [[nodiscard]] test::Door door() const {
        return {[r = in.get()](rte_mbuf** frames, std::uint16_t n) {
                    return static_cast<std::uint16_t>(
                        rte_ring_enqueue_burst(r, reinterpret_cast<void**>(frames), n, nullptr));
                },
                [r = out.get()](rte_mbuf** frames, std::uint16_t n) {
                    return static_cast<std::uint16_t>(
                        rte_ring_dequeue_burst(r, reinterpret_cast<void**>(frames), n, nullptr));
                }};
    }
    Ring in, out;
    std::string device;
    int port = -1;
};

class NetRing : public testing::Test {
protected:
    NetRing() {
        auto made = dataplane::make_pool("traffic", 16384, 2048, 0);
        if (!made)
            ADD_FAILURE() << made.error();
        else
            pool_ = std::move(*made);
    }
    ~NetRing() override { EXPECT_EQ(dataplane::buffers_in_use(pool_.get()), 0U) << "buffers of the traffic"; }

    dataplane::Pool pool_;
};

// One rx ring and one tx ring for two workers: frames change hands on the way in and on the way out.
TEST_F(NetRing, CarriesEverything) {
    const RingPort a("a0"), b("b0");
    const auto packets = test::packets_wanted() / 64 * 64;
    test::Rig rig(test::small_config(a.device, b.device));
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    test::Traffic traffic({a.door(), b.door()}, pool_.get(), kFlows, packets, 512);
    traffic.start(test::traffic_lcore());
    rig.run_until([&] { return traffic.done(); });
    const auto o = rig.finish();
    traffic.stop();
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.received, packets);
    EXPECT_EQ(traffic.returned(), packets) << "none was lost";
    EXPECT_GT(o.last.frames.handed_over, packets / 8);
    EXPECT_EQ(o.last.tracker.created, kFlows);
    test::expect_memory_flat(o);
}

// More resets at once than rings, bursts and buffers hold, half of them from the worker without a queue.
TEST_F(NetRing, EveryFlowsResetsLeaveAtTheEnd) {
    const RingPort a("a6"), b("b6");
    constexpr std::uint32_t kMany = 16384;
    constexpr std::uint64_t kPackets = 4 * kMany;
    Config config = test::small_config(a.device, b.device);
    config.policy.mode = Mode::enforce;
    config.policy.on_exit = OnExit::reset;
    test::Rig rig(config);
    ASSERT_TRUE(rig.make());
    rig.appliance().wiring().port_patience_ms = 10'000;  // the traffic's thread empties the ports
    ASSERT_TRUE(rig.start());
    test::Traffic traffic({a.door(), b.door()}, pool_.get(), kMany, kPackets, 512);
    traffic.start(test::traffic_lcore());
    rig.run_until([&] { return traffic.done(); });
    const auto o = rig.finish([&] { traffic.stop(); });
    test::expect_sums_hold(o);
    EXPECT_EQ(count(o.last.tracker.reasons, Reason::reset_at_exit), kMany);
    // Each flow's last packet is data: who is about to get it is told both numbers.
    EXPECT_EQ(traffic.returned(), kPackets + 3 * kMany) << "a RST to each end, and one behind the data";
}

TEST_F(NetRing, RestartsAPortUnderTraffic) {
    const RingPort a("a1"), b("b1");
    const std::uint64_t packets = std::min<std::uint64_t>(test::packets_wanted(), 400'000) / 64 * 64;
    test::Rig rig(test::small_config(a.device, b.device));
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    test::Traffic traffic({a.door(), b.door()}, pool_.get(), kFlows, packets, 512);
    // Each restart finds traffic under way, and behind it there is enough for all of the others.
    std::uint64_t restarts = 0;
    const auto for_the_next = [&] { return restarts < 20 ? (restarts + 2) * packets / 25 : packets; };
    traffic.allow(for_the_next());
    traffic.start(test::traffic_lcore());
    rig.run_until([&] {
        if (restarts < 20 && rig.received() > restarts * packets / 25) {
            EXPECT_TRUE(rig.appliance().restart_port(restarts % 2).ok());
            ++restarts;
            traffic.allow(for_the_next());
        }
        const auto sums = rig.appliance().sample().frames;
        traffic.lost(sums.disposed);
        return traffic.done();
    });
    const auto o = rig.finish();
    traffic.stop();
    test::expect_sums_hold(o);
    EXPECT_EQ(restarts, 20U);
    EXPECT_EQ(o.last.frames.received, packets) << "what came while a port stood waited in its ring";
    EXPECT_EQ(traffic.returned() + count(o.last.frames.by_reason, Reason::port_restarting) +
                  count(o.last.frames.by_reason, Reason::ring_full),
              packets);
    EXPECT_EQ(count(o.last.frames.by_reason, Reason::port_down), 0U) << "no link was ever down";
}

TEST_F(NetRing, ALinkThatGoesTakesItsTwinsWithIt) {
    const RingPort a("a2"), b("b2");
    Config config = test::small_config(a.device, b.device);
    config.link_follow = true;
    test::Rig rig(config);
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    dataplane::LinkWatch watch(rig.appliance().wiring(), {"a2", "b2"}, true);
    const auto now = dataplane::LinkWatch::Clock::now();
    using Said = std::vector<std::string>;
    EXPECT_EQ(watch.look(now), Said{});
    rte_eth_dev_set_link_down(static_cast<std::uint16_t>(a.port));
    EXPECT_EQ(watch.look(now), (Said{"port a2: link down", "port b2: link taken down, as its twin's is"}));
    EXPECT_EQ(watch.look(now), Said{"port b2: link down"});
    rte_eth_dev_set_link_up(static_cast<std::uint16_t>(a.port));
    EXPECT_EQ(watch.look(now), (Said{"port a2: link up", "port b2: link taken up, as its twin's is"}));
    EXPECT_EQ(watch.look(now), Said{"port b2: link up"});
    test::expect_sums_hold(rig.finish());
}

// The twin's link takes its time. Until it is up it must not take the first one down again, or both would
// flap for ever.
TEST_F(NetRing, ALinkThatTakesItsTimeToComeUpIsNotLost) {
    using namespace std::chrono_literals;
    const RingPort a("a4"), b("b4");
    Config config = test::small_config(a.device, b.device);
    config.link_follow = true;
    test::Rig rig(config);
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    dataplane::LinkWatch watch(rig.appliance().wiring(), {"a4", "b4"}, true);
    const auto now = dataplane::LinkWatch::Clock::now();
    using Said = std::vector<std::string>;
    EXPECT_EQ(watch.look(now), Said{});  // both are up
    rte_eth_dev_set_link_down(static_cast<std::uint16_t>(a.port));
    watch.look(now);
    watch.look(now);
    rte_eth_dev_set_link_up(static_cast<std::uint16_t>(a.port));
    watch.look(now);
    rte_eth_dev_set_link_down(static_cast<std::uint16_t>(b.port));  // not up yet
    EXPECT_EQ(watch.look(now + 9s), Said{});
    EXPECT_EQ(watch.look(now + 10s), Said{"port a4: link taken down, as its twin's is"}) << "it is lost";
    test::expect_sums_hold(rig.finish());
}

// So with a link that was never up yet: ports that start together come up one after the other.
TEST_F(NetRing, ALinkThatIsNotUpAtTheStartIsWaitedFor) {
    using namespace std::chrono_literals;
    const RingPort a("a5"), b("b5");
    Config config = test::small_config(a.device, b.device);
    config.link_follow = true;
    test::Rig rig(config);
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    rte_eth_dev_set_link_down(static_cast<std::uint16_t>(a.port));
    const auto now = dataplane::LinkWatch::Clock::now();
    dataplane::LinkWatch watch(rig.appliance().wiring(), {"a5", "b5"}, true);
    using Said = std::vector<std::string>;
    EXPECT_EQ(watch.look(now), Said{"port a5: link down"});
    EXPECT_EQ(watch.look(now + 9s), Said{});
    EXPECT_EQ(watch.look(now + 11s), Said{"port b5: link taken down, as its twin's is"});
    test::expect_sums_hold(rig.finish());
}

TEST_F(NetRing, ALinkThatWasTakenDownStaysSoAcrossARestart) {
    const RingPort a("a3"), b("b3");
    Config config = test::small_config(a.device, b.device);
    config.link_follow = true;
    test::Rig rig(config);
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    dataplane::LinkWatch watch(rig.appliance().wiring(), {"a3", "b3"}, true);
    const auto now = dataplane::LinkWatch::Clock::now();
    watch.look(now);  // both are up
    rte_eth_dev_set_link_down(static_cast<std::uint16_t>(a.port));
    watch.look(now);
    watch.look(now);
    ASSERT_TRUE(rig.appliance().restart_port(1).ok());
    watch.restarted(1, now);
    rte_eth_link link{};
    rte_eth_link_get_nowait(static_cast<std::uint16_t>(b.port), &link);
    EXPECT_EQ(link.link_status, RTE_ETH_LINK_DOWN);
    test::expect_sums_hold(rig.finish());
}

}  // namespace
}  // namespace ajar
