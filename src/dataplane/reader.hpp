// The one lane that receives and transmits with `clock = "packet"`: merges the captures by time, and sends
// each packet to the worker that owns it.
//
// The order is part of the law, `ajar replay` of a merged capture sees the same: the earliest timestamp among
// the captures' next packets goes first; of equal ones that of the lower port (pair by pair, a before b),
// then of the lower queue. Within a capture the file's order stands, whatever its timestamps say. A packet's
// time is the running maximum over that order, its ordinal the position in it.
//
// Before the first packet of a non-empty 10 ms epoch a mark with the epoch's start goes to every worker, and
// after the last packet an end mark with its time. Nothing is lost: the reader waits for room in the rings
// and for buffers in the pools, and while it waits it transmits, so that no worker waits for the reader in
// turn.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/capture_stamps.hpp"
#include "dataplane/egress.hpp"
#include "dataplane/fragments.hpp"
#include "dataplane/guard.hpp"
#include "dataplane/intake.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

class Reader final : FragmentDesk::Judge {
public:
    /// `devices` are the ports' device strings, in the order of Wiring::ports. `pace`: packets a second, 0 =
    /// as fast as they are judged.
    static Result<std::unique_ptr<Reader>> make(Wiring& wiring, Guard& guard,
                                                const std::vector<std::string>& devices,
                                                const FragmentLimits& fragments, std::uint32_t pace);

    /// On the reader's own lcore, until the captures end or the stage is no longer `running`, and every
    /// worker is done.
    void run();

    /// Packets whose capture header did not fit the frame that the device delivered: 0, or something is
    /// wrong.
    [[nodiscard]] std::uint64_t faults() const { return faults_.get(); }

private:
    static constexpr std::size_t kReadBurst = 16;
    struct Source {
        std::uint16_t port = 0, queue = 0;
        CaptureStamps stamps;
        std::array<rte_mbuf*, kReadBurst> frames{};
        std::array<Stamp, kReadBurst> stamp{};
        std::size_t next = 0, count = 0;
        bool ended = false;
    };

    Reader(Wiring& wiring, Guard& guard, const FragmentLimits& fragments, std::uint32_t pace);
    void merge();
    void await_turn();
    Source* earliest();
    void refill(Source& source);
    bool await_buffers(const PortState& port);
    bool await_running(const PortState& port);
    void deliver(Source& source);
    void mark_epoch();
    void await_workers(Time start);
    void judge(rte_mbuf* frames, bool strung, const Packet& packet) override;
    void give_owner(const Handoff& item);
    void give(std::uint32_t lane, const Handoff& item);
    void give_all(HandoffKind kind);
    [[nodiscard]] bool workers_done() const;
    [[nodiscard]] bool workers_passed(std::int64_t time) const;

    Wiring& wiring_;
    Guard& guard_;
    std::uint32_t index_;
    Tally& tally_;
    Egress egress_;
    FragmentDesk fragments_;
    std::vector<Source> sources_;
    Time now_ = Time(Duration(0));
    std::int64_t epoch_ = -1;
    std::uint64_t ordinal_ = 0;
    std::uint64_t period_;    ///< cycles from packet to packet
    std::uint64_t turn_ = 0;  ///< when the next one may be taken, in cycles
    Scratch scratch_{};
    Counter faults_;
};

}  // namespace ajar::dataplane
