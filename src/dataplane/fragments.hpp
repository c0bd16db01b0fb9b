// Frames of fragmented datagrams, held until their datagram is whole.
//
// The rules are FragmentHolder's (ajar/flow/fragments.hpp), one holder for each partition of the lane, so
// that what is evicted does not depend on the number of workers. Here stands what happens to the frames.
#pragma once

#include <rte_mbuf.h>

#include <array>
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
    /// Where frames go that are held no longer: to be judged as a packet, so that policy decides about each
    /// of them and the tracker counts it.
    struct Judge {
        virtual ~Judge() = default;
        /// A frame, or a string of the frames of one datagram, with its packet: a whole datagram, or a
        /// fragment that passes or is refused. Takes them. `packet` is valid during the call, the link header
        /// at packet.frame too.
        virtual void judge(rte_mbuf* frames, bool strung, const Packet& packet) = 0;
    };

    /// For the partitions of lane `lane` (all of them where it is the reader). Takes all its memory.
    FragmentDesk(const Wiring& wiring, std::uint32_t lane, const FragmentLimits& limits, Judge& judge);

    /// Takes a frame whose packet is of kind fragment.
    void add(rte_mbuf* m, const Packet& fragment);
    /// Lets go what has waited too long.
    void expire(Time now);
    /// Lets go all: none of it will become whole.
    void clear(Time now);
    /// Buffers of the frames in the holders; a long frame has several.
    [[nodiscard]] std::uint64_t held() const { return held_; }

private:
    void give_back(const FragmentOutcome& outcome, rte_mbuf* m);
    rte_mbuf* string(std::span<const FrameHandle> earlier, rte_mbuf* last);
    void let_go(std::span<const FrameHandle> handles, Reason reason);
    void let_go(rte_mbuf* m, Reason reason);
    void make_room();

    const Wiring& wiring_;
    Judge& judge_;
    PageMemory memory_;
    std::array<std::unique_ptr<FragmentHolder>, kPartitions> holders_;
    std::uint64_t held_ = 0;
    Packet datagram_;
    Packet loose_{};  // of a frame that goes without its datagram
    Scratch scratch_{};
};

}  // namespace ajar::dataplane
