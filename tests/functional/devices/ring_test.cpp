// net_ring carries ten million packets, also across a restart of its ports.
#include <gtest/gtest.h>
#include <rte_eth_ring.h>
#include <rte_ring.h>

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
    EXPECT_LE(o.memory_growth_kb, 4096U);
}

TEST_F(NetRing, RestartsAPortUnderTraffic) {
    const RingPort a("a1"), b("b1");
    const std::uint64_t packets = std::min<std::uint64_t>(test::packets_wanted(), 400'000) / 64 * 64;
    test::Rig rig(test::small_config(a.device, b.device));
    ASSERT_TRUE(rig.make());
    ASSERT_TRUE(rig.start());
    test::Traffic traffic({a.door(), b.door()}, pool_.get(), kFlows, packets, 512);
    traffic.start(test::traffic_lcore());
    std::uint64_t restarts = 0;
    rig.run_until([&] {
        if (restarts < 20 && rig.received() > restarts * packets / 25) {
            EXPECT_TRUE(rig.appliance().restart_port(restarts % 2).ok());
            ++restarts;
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
    EXPECT_EQ(traffic.returned() + count(o.last.frames.by_reason, Reason::port_down) +
                  count(o.last.frames.by_reason, Reason::ring_full),
              packets);
}

}  // namespace
}  // namespace ajar
