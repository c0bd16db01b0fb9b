// What the lanes of an appliance share: ports, partitions' owners, rings, policy, the stage of its life.
//
// A lane is an lcore with frames to look after: the workers, and with `clock = "packet"` one more, the
// reader, which alone receives and transmits. Everything here is fixed before the lanes start, but for the
// atomics.
//
//                 hand_off[from][to]: parsed frames to the lane that owns their partition
//    lane `from` ------------------------------------------------------------------> lane `to`
//                 to_send[from][to]: judged frames to the lane that has the port's tx queue
#pragma once

#include <rte_config.h>
#include <rte_rcu_qsbr.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/spsc_ring.hpp"
#include "ajar/tracker.hpp"
#include "dataplane/order_desk.hpp"
#include "dataplane/port.hpp"
#include "dataplane/tally.hpp"
#include "export/packets/flagged_packets.hpp"

struct rte_mbuf;
struct rte_mempool;

namespace ajar::dataplane {

/// A port as the lanes see it. Written by main, read by lanes.
struct PortState {
    std::uint16_t device = 0;  ///< DPDK's number
    std::uint8_t pair = 0;
    std::uint8_t side = 0;   ///< 0 = a, 1 = b
    std::uint16_t twin = 0;  ///< index of the pair's other port
    QueuePlan queues;
    std::uint32_t mtu = 1500;
    rte_mempool* pool = nullptr;
    std::atomic<bool> link_up{true};  ///< relaxed: a frame more or less goes to a dead link either way
    /// False while the port is restarted. A lane that has reported a quiescent state after the change is in
    /// no burst of it.
    std::atomic<bool> running{true};
};

enum class HandoffKind : std::uint8_t {
    frame,
    epoch,  ///< packet clock: collect what is due at packet.time
    end,    ///< packet clock: no frame follows, finish at packet.time
};

/// A parsed frame on its way to the owner of its partition.
struct Handoff {
    rte_mbuf* frame = nullptr;
    HandoffKind kind = HandoffKind::frame;
    bool strung = false;  ///< heads the frames of one datagram
    Packet packet{};
};

/// A judged frame on its way to the lane that can transmit it.
struct ToSend {
    rte_mbuf* frame = nullptr;
    std::uint16_t port = 0;  ///< index
};

using HandoffRing = SpscRing<Handoff>;
using SendRing = SpscRing<ToSend>;

/// The life of the lanes, in order, but that a rest ends in `running`. Main moves it on; a lane sees the
/// change within a round.
enum class Stage : std::uint8_t {
    running,
    draining,   ///< nobody receives, rings run dry
    resting,    ///< lanes leave their lcores, flows stay as they are
    finishing,  ///< what is held is let go, flows end with their records
};

/// Packet clock: how far a worker is. Written by it, read by main.
struct alignas(64) Progress {
    /// Nanoseconds; everything before has happened, and its events are in the ring. Release, partner: acquire
    /// of the event pump.
    std::atomic<std::int64_t> passed{std::numeric_limits<std::int64_t>::min()};
};

/// What holds for a lane while it looks at one burst.
struct Orders {
    const Policy& policy;
    const Posture& posture;
};

struct QsbrDeleter {
    void operator()(rte_rcu_qsbr* q) const;
};

struct Wiring {
    std::deque<PortState> ports;
    std::array<std::uint8_t, RTE_MAX_ETHPORTS> index_of{};  ///< DPDK's number to index
    std::array<std::uint8_t, kPartitions> owner{};          ///< lane of a partition
    std::uint32_t workers = 1;
    std::uint32_t lanes = 1;
    Steering steering{};
    Tunnels decapsulate{};
    bool packet_clock = false;
    bool share_cpus = false;  ///< an idle lane yields its CPU
    /// With a port or a pool that makes no room for the last resets. Of whoever empties a port in software,
    /// it is how long he may be without a CPU.
    std::uint32_t port_patience_ms = 200;
    std::uint64_t fragment_buffers = 0;  ///< that a lane may hold, of all pools together
    std::deque<Tally> tally;             ///< one a lane
    std::deque<Progress> progress;       ///< one a worker
    std::deque<OrderDesk> desks;  ///< one a worker; none with the packet clock, which knows no operators
    /// Packets of flagged flows, from each worker to main; none where nobody wants them.
    std::deque<SpscRing<exporting::WatchedPacket>> watched;
    std::uint32_t watched_bytes = 0;                                  ///< of each that are copied
    std::vector<std::vector<std::unique_ptr<HandoffRing>>> hand_off;  ///< null where no lane needs it
    std::vector<std::vector<std::unique_ptr<SendRing>>> to_send;
    std::unique_ptr<rte_rcu_qsbr, QsbrDeleter> qsbr;
    std::atomic<const Policy*> policy{
        nullptr};  ///< release by main, acquire by lanes; reclaimed through qsbr
    std::atomic<const Posture*> posture{&Posture::calm()};  ///< likewise; by whoever moves the epochs on
    std::atomic<Stage> stage{Stage::running};               ///< likewise
    /// Frames of our own that did not leave, though the link was up. Relaxed, by any lane: silence proves
    /// nothing while it grows.
    std::atomic<std::uint64_t> own_lost{0};
    /// Workers whose flows have all ended. Release by them, acquire by each other: while one has resets to
    /// send, those with a queue look after it.
    std::atomic<std::uint32_t> finished{0};

    [[nodiscard]] Orders orders() const {
        return {*policy.load(std::memory_order_acquire), *posture.load(std::memory_order_acquire)};
    }

    /// The lane that transmits on port p for lane `lane`: itself where it has a queue.
    [[nodiscard]] std::uint32_t sender_for(std::uint32_t lane, const PortState& p) const {
        if (packet_clock) return workers;
        return lane % p.queues.tx;
    }
    [[nodiscard]] bool rings_empty() const;
};

/// Owners, tallies, rings and the RCU variable for `config` over ports that stand already.
void wire(Wiring& wiring, const Config& config);

/// What an lcore does with nothing to do.
void idle(bool share_cpus, std::uint32_t rounds_without_work);

}  // namespace ajar::dataplane
