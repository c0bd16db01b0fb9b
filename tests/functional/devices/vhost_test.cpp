// virtio-user meets net_vhost: ten million packets over two queues in each direction.
#include <gtest/gtest.h>
#include <rte_ethdev.h>

#include <filesystem>

#include "dataplane/pool.hpp"
#include "support/dataplane/rig.hpp"
#include "traffic.hpp"

namespace ajar {
namespace {

using test::count;

constexpr std::uint16_t kQueues = 2;
constexpr std::uint32_t kVhostFlows = 4096;

std::string socket_path(int i) {
    return std::filesystem::temp_directory_path() / fmt::format("ajar_vhost_{}_{}.sock", getpid(), i);
}
std::string vhost(int i) { return fmt::format("net_vhost{},iface={},queues={}", i, socket_path(i), kQueues); }

/// The guest's end of a vhost port, in the same process.
class Guest {
public:
    Guest(int i, rte_mempool* pool) {
        const auto device =
            fmt::format("net_virtio_user{},path={},queues={},queue_size=1024", i, socket_path(i), kQueues);
        auto opened = dataplane::Port::open(device);
        if (!opened) {
            ADD_FAILURE() << opened.error();
            return;
        }
        port_.emplace(std::move(*opened));
        Config config = config::default_config();
        EXPECT_TRUE(port_->configure(config, {kQueues, kQueues}, 0x6d5a, pool).ok());
        EXPECT_TRUE(port_->start().ok());
    }
    /// Queues in turn, each way.
    [[nodiscard]] test::Door door() {
        return {[this](rte_mbuf** frames, std::uint16_t n) {
                    return rte_eth_tx_burst(port_->id(), tx_++ % kQueues, frames, n);
                },
                [this](rte_mbuf** frames, std::uint16_t n) {
                    return rte_eth_rx_burst(port_->id(), rx_++ % kQueues, frames, n);
                }};
    }

private:
    std::optional<dataplane::Port> port_;
    std::uint16_t tx_ = 0, rx_ = 0;
};

TEST(NetVhost, CarriesEverythingFromAndToVirtioUser) {
    auto pool = dataplane::make_pool("guests", 32768, 2048, 0);
    ASSERT_TRUE(pool.ok()) << pool.error();
    const auto packets = test::packets_wanted() / 64 * 64;
    test::Outcome o;
    std::uint64_t returned = 0;
    {
        test::Rig rig(test::small_config(vhost(0), vhost(1)));
        ASSERT_TRUE(rig.make());
        ASSERT_TRUE(rig.start());
        std::optional<Guest> a(std::in_place, 0, pool->get()), b(std::in_place, 1, pool->get());
        test::Traffic traffic({a->door(), b->door()}, pool->get(), kVhostFlows, packets, 512);
        traffic.start(test::traffic_lcore());
        rig.run_until([&] {
            traffic.lost(rig.appliance().sample().frames.disposed);
            return traffic.done();
        });
        traffic.stop();
        returned = traffic.returned();
        o = rig.finish([&] {  // the host must not hang up first
            a.reset();
            b.reset();
        });
    }
    test::expect_sums_hold(o);
    EXPECT_EQ(o.last.frames.received, packets);
    EXPECT_EQ(returned + o.last.frames.disposed, packets);
    EXPECT_EQ(o.last.tracker.created, kVhostFlows);
    test::expect_memory_flat(o);
    EXPECT_EQ(dataplane::buffers_in_use(pool->get()), 0U);
}

}  // namespace
}  // namespace ajar
