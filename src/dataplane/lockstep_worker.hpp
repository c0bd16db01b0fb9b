// The life of a worker with `clock = "packet"`: what the reader sends, in the reader's order, and nothing
// lost.
#pragma once

#include "dataplane/lane.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

class LockstepWorker {
public:
    LockstepWorker(Wiring& wiring, std::uint32_t index, Tracker& tracker);

    /// On the worker's own lcore, until the reader's end mark.
    void run();

private:
    /// True when the end mark was reached.
    bool round();
    void take(const Handoff& item, const Orders& orders);
    void judge(const Orders& orders);
    void pass_epoch(Time start, const Orders& orders);
    void finish(Time now, const Orders& orders);
    void await_event_room();

    Wiring& wiring_;
    std::uint32_t index_;
    Tally& tally_;
    Lane lane_;
    HandoffRing& inbound_;
    std::size_t event_room_;
    std::size_t taken_ = 0;  // since the last judgement
    std::uint32_t idle_rounds_ = 0;
};

}  // namespace ajar::dataplane
