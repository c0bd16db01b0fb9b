// The life of a worker on the TSC: receive, judge, take over, look after timers, round after round.
#pragma once

#include <vector>

#include "dataplane/fragments.hpp"
#include "dataplane/intake.hpp"
#include "dataplane/lane.hpp"
#include "dataplane/tsc_clock.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

class LiveWorker final : FragmentDesk::Judge {
public:
    LiveWorker(Wiring& wiring, std::uint32_t index, const TscClock& clock, Tracker& tracker,
               const FragmentLimits& fragments);

    /// On the worker's own lcore, until the stage is `finishing` and all is let go, or it is `resting`.
    void run();

private:
    struct Queue {
        std::uint16_t port = 0;  ///< index
        std::uint16_t queue = 0;
        QueueTally* tally = nullptr;
    };
    bool round();
    bool receive(const Queue& queue, const Orders& orders);
    void accept(rte_mbuf* m, const PortState& port, Time now, const Orders& orders);
    void pass_on(std::uint32_t owner, rte_mbuf* m, bool strung, const Packet& packet);
    bool take_over(HandoffRing& ring, const Orders& orders);
    void judge(rte_mbuf* frames, bool strung, const Packet& packet) override;
    void timers(const Orders& orders);
    bool obey(const Orders& orders);
    /// What has passed since the last call was work, or was not.
    void clock_round(bool busy);
    void let_fragments_go(const Orders& orders);
    void finish(const Orders& orders);
    void stamp(Packet& packet, Time now);

    Wiring& wiring_;
    std::uint32_t index_;
    const TscClock& clock_;
    Tally& tally_;
    Lane lane_;
    FragmentDesk fragments_;
    std::vector<Queue> queues_;
    std::vector<HandoffRing*> inbound_;
    std::uint64_t packets_ = 0;         // stamped so far: ordinals grow within a shard
    std::uint64_t packets_before_ = 0;  // this round
    std::uint64_t next_timers_tsc_ = 0;
    std::uint64_t round_tsc_ = 0;  // of the last clock_round()
    std::uint64_t timers_period_;
    std::uint32_t idle_rounds_ = 0;
};

}  // namespace ajar::dataplane
