// Packets, epochs and the end, as they come out of the reader's ring.
#include "dataplane/lockstep_worker.hpp"

#include <algorithm>

#include "ajar/flow/timer_sweep.hpp"

namespace ajar::dataplane {
namespace {

// Neither a burst of kBurst packets nor this many timer visits say more than half an event ring of 4096,
// which is the least that the configuration grants with this clock.
constexpr std::size_t kEpochBudget = 10 * TimerSweep::kDueCost;
constexpr std::size_t kEndBudget = 128;
constexpr std::size_t kEventRoom = 2048;

}  // namespace

LockstepWorker::LockstepWorker(Wiring& wiring, std::uint32_t index, Tracker& tracker)
    : wiring_(wiring),
      index_(index),
      tally_(wiring.tally[index]),
      lane_(wiring, index, tracker),
      inbound_(*wiring.hand_off[wiring.workers][index]),
      event_room_(std::min(kEventRoom, tracker.events().capacity() / 2)) {}

void LockstepWorker::run() {
    rte_rcu_qsbr_thread_register(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_online(wiring_.qsbr.get(), index_);
    while (!round()) {
        tally_.rounds.add();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
    }
    rte_rcu_qsbr_thread_offline(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_unregister(wiring_.qsbr.get(), index_);
}

bool LockstepWorker::round() {
    Handoff item;
    const bool popped = inbound_.pop(item);
    const Orders orders = wiring_.orders();  // after the frame: the posture of its epoch was told before it
    if (!popped) {
        judge(orders);
        lane_.egress().flush();
        tally_.idle_rounds.add();
        idle(wiring_.share_cpus, ++idle_rounds_);
        return false;
    }
    idle_rounds_ = 0;
    switch (item.kind) {
        case HandoffKind::frame:
            take(item, orders);
            return false;
        case HandoffKind::epoch:
            pass_epoch(item.packet.time, orders);
            return false;
        case HandoffKind::end:
            break;
    }
    finish(item.packet.time, orders);
    return true;
}

void LockstepWorker::take(const Handoff& item, const Orders& orders) {
    if (taken_ == 0) await_event_room();
    lane_.adopt(item.packet, item.frame);
    tally_.taken_over.add();
    taken_ = (taken_ + 1) % kBurst;  // at 0 the lane has judged by itself
    lane_.take(item.frame, item.strung, orders);
}

void LockstepWorker::judge(const Orders& orders) {
    lane_.judge(orders);
    taken_ = 0;
}

void LockstepWorker::pass_epoch(Time start, const Orders& orders) {
    judge(orders);
    do await_event_room();
    while (!lane_.advance(start, kEpochBudget, orders));
    wiring_.progress[index_].passed.store(start.time_since_epoch().count(), std::memory_order_release);
}

void LockstepWorker::finish(Time now, const Orders& orders) {
    judge(orders);
    do await_event_room();
    while (!lane_.tracker().finish(now, kEndBudget, orders.policy, orders.posture));
    lane_.egress().flush();
    wiring_.progress[index_].passed.store(std::numeric_limits<std::int64_t>::max(),
                                          std::memory_order_release);
}

void LockstepWorker::await_event_room() {
    std::uint32_t waits = 0;
    while (lane_.tracker().events().space() < event_room_) idle(wiring_.share_cpus, ++waits);
}

}  // namespace ajar::dataplane
