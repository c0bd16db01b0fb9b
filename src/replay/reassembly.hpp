// Fragments in a replay: which frame stands for its datagram, and what becomes of the others.
//
// The frame that completes a datagram is tracked in its place; those held before it share its fate, and are
// counted with it by the tracker. A frame of no whole datagram is counted here.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "ajar/flow/fragments.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tracker.hpp"
#include "replay/sums.hpp"

namespace ajar::replay {

class Reassembly {
public:
    Reassembly(const FragmentLimits& limits, const Steering& steering, const Policy& policy)
        : limits_(share_of(limits, kPartitions)), steering_(steering), policy_(policy) {}

    /// Takes a packet of kind fragment and the frame it came in. True: the tracker is to see it now, as what
    /// it has become. False: it is held.
    bool take(Packet& packet, std::span<const std::uint8_t> frame);
    /// After the last frame: what is still held.
    void finish();
    [[nodiscard]] const Sums& sums() const { return sums_; }

private:
    FragmentHolder& holder(std::size_t partition);
    void count(std::size_t frames, Reason reason);

    FragmentLimits limits_;
    const Steering& steering_;
    Policy policy_;
    PageMemory memory_;
    std::array<std::unique_ptr<FragmentHolder>, kPartitions> holders_;  // each made with its first fragment
    Sums sums_;
};

}  // namespace ajar::replay
