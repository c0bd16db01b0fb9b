// Frames of fragmented datagrams, held until their datagram is whole.
//
// The rules are FragmentHolder's (ajar/flow/fragments.hpp), one holder for each partition of the lane, so
// that what is evicted does not depend on the number of workers. Here stands what happens to the frames.
#pragma once

#include <rte_mbuf.h>

#include <array>
#include <functional>
#include <memory>

#include "ajar/flow/fragments.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/packet/packet.hpp"
#include "dataplane/frame.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Of one lane, on its thread.
class FragmentDesk {
public:
    /// What becomes of frames that are held no longer. Both take the frames.
    struct Exits {
        virtual ~Exits() = default;
        /// A string of frames to be judged as this one packet: a whole datagram, or fragments that pass or
        /// were refused. `packet` is valid during the call, the link header at packet.frame too.
        virtual void judge(rte_mbuf* frames, bool strung, const Packet& packet) = 0;
        virtual void drop(rte_mbuf* frame, Reason reason) = 0;
    };

    /// For the partitions of lane `lane` (all of them where it is the reader). Takes all its memory.
    FragmentDesk(const Wiring& wiring, std::uint32_t lane, const FragmentLimits& limits, Exits& exits);

    /// Takes a frame whose packet is of kind fragment.
    void add(rte_mbuf* m, Packet& fragment);
    /// Drops what has waited too long.
    void expire(Time now);
    /// Drops all.
    void clear();
    /// Frames in the holders.
    [[nodiscard]] std::uint64_t held() const { return held_; }

private:
    void drop_all(std::span<const FrameHandle> handles, Reason reason);
    rte_mbuf* string(std::span<const FrameHandle> handles);

    const Wiring& wiring_;
    Exits& exits_;
    PageMemory memory_;
    std::array<std::unique_ptr<FragmentHolder>, kPartitions> holders_;
    std::uint64_t held_ = 0;
    std::uint64_t most_held_;  // as many buffers as the pools were given for this
    Packet datagram_;
    Scratch scratch_{};
};

}  // namespace ajar::dataplane
