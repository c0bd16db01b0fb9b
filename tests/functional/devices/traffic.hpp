// A source and a sink on an lcore of their own: frames into one set of doors, out of another.
#pragma once

#include <gtest/gtest.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <span>

#include "support/dataplane/synthetic.hpp"

namespace ajar::test {

/// Where frames are pushed into and pulled out of the appliance; both move up to a burst and say how many.
struct Door {
    std::function<std::uint16_t(rte_mbuf**, std::uint16_t)> push, pull;
};

class Traffic {
public:
    static constexpr std::uint16_t kBurstOfTraffic = 32;

    /// `doors[0]` takes what the clients send, `doors[1]` what the servers do. Frames come from `pool`. No
    /// more than `under_way` of them are in the appliance at once, so that none need be lost.
    Traffic(std::vector<Door> doors, rte_mempool* pool, std::uint32_t flows, std::uint64_t packets,
            std::uint64_t under_way)
        : doors_(std::move(doors)),
          pool_(pool),
          synthetic_(dataplane::Pattern::established, flows, 9),
          packets_(packets),
          under_way_(under_way) {
        synthetic_.fill_checksums(true);
    }

    void start(unsigned lcore) {
        lcore_ = lcore;
        rte_eal_remote_launch([](void* t) { return static_cast<Traffic*>(t)->run(); }, this, lcore);
    }
    /// After the appliance has let go of everything.
    void stop() {
        stop_ = true;
        rte_eal_wait_lcore(lcore_);
    }
    [[nodiscard]] bool done() const { return returned_ + lost_ >= packets_; }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    [[nodiscard]] std::uint64_t returned() const { return returned_; }
    /// No more than so many, a burst aside, until more are allowed; all are at first.
    void allow(std::uint64_t n) { allowed_ = n; }
    /// Frames that somebody else has counted as lost: they are waited for no longer.
    void lost(std::uint64_t n) { lost_ = n; }

private:
    int run() {
        while (!stop_) {
            const bool any_sent = send();
            const bool any_received = receive();
            if (!any_sent && !any_received) sched_yield();
        }
        while (receive()) {
        }
        return 0;
    }
    // The two doors are polled one after the other, so an answer could overtake its question. It cannot if
    // the question has left the appliance before the answer enters: side 1 stays as many packets behind side
    // 0 as may be under way. (And a flow's next question stays behind its answer as long as there are flows
    // enough.)
    bool send() {
        if (sent_ >= allowed_ || sent_ - returned_ - lost_ > under_way_) return false;
        const bool ask = sent_by_[0] < packets_ / 2;
        const bool answer =
            sent_by_[1] < packets_ / 2 && (!ask || sent_by_[0] > sent_by_[1] + 2 * under_way_);
        if (ask) send(0);
        if (answer) send(1);
        return ask || answer;
    }
    void send(std::uint8_t side) {
        std::array<rte_mbuf*, kBurstOfTraffic> frames;
        if (rte_pktmbuf_alloc_bulk(pool_, frames.data(), kBurstOfTraffic) != 0) {
            ADD_FAILURE() << "no buffers";
            return;
        }
        for (rte_mbuf* m : frames) {
            constexpr auto kLength = dataplane::Synthetic::kFrameBytes;
            auto* const bytes = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(m, kLength));
            synthetic_.write(side, std::span<std::uint8_t, kLength>(bytes, kLength));
        }
        for (std::uint16_t n = 0; n < kBurstOfTraffic;) {
            const std::uint16_t moved =
                doors_[side].push(frames.data() + n, static_cast<std::uint16_t>(kBurstOfTraffic - n));
            n = static_cast<std::uint16_t>(n + moved);
            if (moved == 0 && !receive()) sched_yield();
        }
        sent_by_[side] += kBurstOfTraffic;
        sent_ += kBurstOfTraffic;
    }
    bool receive() {
        std::uint64_t moved = 0;
        for (const Door& door : doors_) {
            std::array<rte_mbuf*, kBurstOfTraffic> frames;
            const std::uint16_t n = door.pull(frames.data(), kBurstOfTraffic);
            rte_pktmbuf_free_bulk(frames.data(), n);
            moved += n;
        }
        returned_ += moved;
        return moved > 0;
    }

    std::vector<Door> doors_;
    rte_mempool* pool_;
    dataplane::Synthetic synthetic_;
    std::uint64_t packets_;
    std::uint64_t under_way_;
    std::array<std::uint64_t, 2> sent_by_{};
    unsigned lcore_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> sent_{0}, returned_{0}, lost_{0};
    std::atomic<std::uint64_t> allowed_{std::numeric_limits<std::uint64_t>::max()};
};

/// The last lcore: the appliance takes the first ones.
inline unsigned traffic_lcore() {
    unsigned last = 0, id = 0;
    RTE_LCORE_FOREACH_WORKER(id) { last = id; }
    return last;
}

}  // namespace ajar::test
