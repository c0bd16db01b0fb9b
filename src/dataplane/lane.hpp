// One shard at work: packets are collected into bursts, judged, and their verdicts carried out.
#pragma once

#include <rte_mbuf.h>

#include <algorithm>
#include <array>

#include "ajar/tracker.hpp"
#include "dataplane/egress.hpp"
#include "dataplane/frame.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

class Lane {
public:
    Lane(Wiring& wiring, std::uint32_t index, Tracker& tracker);

    /// The place of the next packet, and room for its head. Valid until take().
    Packet& next_packet() { return packets_[count_]; }
    Scratch& next_scratch() { return scratch_[count_]; }
    /// The packet of a frame (or string of them) that another lane has read: its head is found again here.
    void adopt(const Packet& packet, const rte_mbuf* m) {
        Packet& next = packets_[count_];
        next = packet;
        next.frame = head_of(m, scratch_[count_]).data();
    }
    /// Copies the link header of next_packet() to where it outlives the frame's head.
    void keep_link_header() {
        Packet& packet = packets_[count_];
        std::copy_n(packet.frame, std::min<std::size_t>(packet.link_length, kHeadBytes),
                    scratch_[count_].data());
        packet.frame = scratch_[count_].data();
    }
    /// The packet in next_packet() counts, with its frame (or string of frames). Judges when the burst is
    /// full.
    void take(rte_mbuf* m, bool strung, const Orders& orders) {
        tracker_.expect(packets_[count_]);
        frames_[count_] = m;
        strung_[count_] = strung;
        if (++count_ == kBurst) judge(orders);
    }
    /// Judges what has been taken and acts on it.
    void judge(const Orders& orders);
    /// Timers; true when nothing that is due is left.
    bool advance(Time now, std::size_t budget, const Orders& orders);
    /// On an operator's order; false if there is no such flow.
    bool evict(const Packet& tuple, Time now, const EvictTerms& terms, const Orders& orders);
    /// The process ends, and so do flows: true when none is left.
    bool finish(Time now, std::size_t budget, const Orders& orders);

    Egress& egress() { return egress_; }
    Tracker& tracker() { return tracker_; }

private:
    void act(std::size_t i);
    void copy_watched();
    void copy_watched(const rte_mbuf* m, const Packet& packet);
    void forward(std::size_t i);
    void dispose(std::size_t i);
    void answer(std::size_t i, const Craft& craft);
    void send_crafted();

    /// Where frames of a port go.
    struct Way {
        const PortState* out = nullptr;
        std::uint16_t index = 0;
    };

    Wiring& wiring_;
    Tally& tally_;
    Tracker& tracker_;
    Egress egress_;
    SpscRing<exporting::WatchedPacket>* watched_;  // null where nobody wants packets of flagged flows
    std::array<Way, RTE_MAX_ETHPORTS> ways_{};     // by DPDK's number of the port that a frame came in by
    std::uint64_t own_lost_ = 0;                   // as of the latest look
    std::size_t count_ = 0;
    std::size_t rewritten_ = 0, answered_ = 0;  // of the burst that is acted on
    std::array<rte_mbuf*, kBurst> frames_{};
    std::array<bool, kBurst> strung_{};
    std::array<Packet, kBurst> packets_;
    std::array<Verdict, kBurst> verdicts_{};
    std::array<Scratch, kBurst> scratch_;
};

}  // namespace ajar::dataplane
