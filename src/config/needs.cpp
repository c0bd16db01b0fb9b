// What a configuration needs of the machine: the arithmetic.
#include "config/needs.hpp"

#include <algorithm>

#include "ajar/flow/fragments.hpp"
#include "ajar/tracker.hpp"
#include "config/device.hpp"
#include "config/units.hpp"
#include "export/packets/flagged_packets.hpp"
#include "share/desk.hpp"
#include "share/wire.hpp"

namespace ajar::config {
namespace {

/// Of DPDK's, beside the packet itself: headroom, mbuf, mempool object header, padding, ring slot.
constexpr std::uint64_t kBufferOverhead = 448;
/// Bytes of Ethernet, two tags and some labels beside the IP packet; buffers hold 2048 bytes at least.
constexpr std::uint64_t kLinkBytes = 64, kLeastRoom = 2048;
/// Idle buffers in the caches of a thread, and those in its bursts.
constexpr std::uint64_t kThreadBuffers = 2 * 256 + 8 * kBurst;
/// Of bursts of 16 from both captures of a pair, each frame of 64 KiB in pieces of kLeastRoom.
constexpr std::uint64_t kReadAhead = 2 * 16 * 32;
/// For a lane's fragments at the least: four datagrams of 64 KiB.
constexpr std::uint64_t kLeastHeld = 256;
/// Of a map's node and its allocation, beside what it holds.
constexpr std::uint64_t kMapNode = 64;
/// For queues, devices and what DPDK's heap loses.
constexpr std::uint64_t kDeviceSlack = 32 * kMi;

/// Without hugepages DPDK lets no buffer cross a page.
std::uint64_t whole_pages(std::uint64_t bytes) {
    constexpr std::uint64_t kPage = 4096;
    return (bytes + kPage - 1) / kPage * kPage;
}

bool has_af_xdp(const Config& c) {
    return std::any_of(c.ports.begin(), c.ports.end(), [](const auto& pair) {
        return is_driven_by(pair.a, "net_af_xdp") || is_driven_by(pair.b, "net_af_xdp");
    });
}

/// In one rx and one tx queue, at the most.
std::uint64_t queue_buffers(const Config& c) {
    if (!has_af_xdp(c)) return std::uint64_t{c.rx_descriptors} + c.tx_descriptors;
    return std::max<std::uint64_t>(c.rx_descriptors, kAfXdpRing) + c.tx_descriptors + kAfXdpRing;
}

/// Where rx and tx queues of both ports are full and every thread has all it may have; without rings and held
/// fragments.
std::uint64_t busy_buffers(const Config& c, std::uint64_t lanes, std::uint64_t queues) {
    const auto descriptors = 2 * queues * queue_buffers(c);
    return std::max(descriptors, kReadAhead) + lanes * kThreadBuffers;
}

std::uint64_t buffers_of(const Config& c, std::uint64_t lanes, std::uint64_t busy, std::uint64_t held) {
    if (c.mbufs != 0) return c.mbufs;
    const auto rings = lanes > 1 ? lanes * c.ring_size : 0;
    return busy + rings + held;
}

/// What fragments may hold of so many buffers: the others must go on moving.
std::uint64_t held_of(std::uint64_t buffers, std::uint64_t busy, std::uint64_t wanted) {
    return std::min(wanted, std::max(buffers, busy + kLeastHeld) - busy);
}

/// Events for those who follow, events that are remembered, orders to each worker; clients' lines come on
/// top.
std::uint64_t control_bytes_of(const Config& c) {
    constexpr std::uint64_t kFollowed = 4096, kDesk = 1024 * 128;
    if (c.control_socket.empty()) return 0;
    return (kFollowed + c.control_history) * sizeof(Event) + c.workers * kDesk;
}

std::uint64_t pending_bytes(std::uint64_t names, std::uint64_t services) {
    return names * (sizeof(CountKey) + kMapNode) +
           services * (sizeof(std::string) + share::kMostServiceName + kMapNode);
}

/// What others tell: each one's sums, theirs together (the latest, and those before), and blocks (held,
/// removed, as main has them, as it will).
std::uint64_t others_bytes() {
    constexpr std::uint64_t kTexts = 128;  // a prefix and a name
    return share::Others::kMost * pending_bytes(share::kMostNames, share::kMostServices) +
           2 * pending_bytes(Fleet::kHeard, Fleet::kHeard) +
           4 * share::LentBlocks::kMost * (sizeof(share::LentBlock) + kTexts + kMapNode);
}

/// Events that wait to be told to others, what they tell, and for each of two connections what waits to be
/// sent and a reply, as it comes and as it is read.
std::uint64_t share_bytes_of(const Config& c) {
    using namespace share;
    constexpr std::uint64_t kReply = 2 * Replies::kMostBytes + Replies::kMostItems * sizeof(Reply);
    if (c.share_server.empty()) return 0;
    return Desk::kEvents * sizeof(Event) + others_bytes() + 2 * (Wire::kMostBytes + kReply);
}

/// Copies of packets of flagged flows that wait, and those that are held.
std::uint64_t capture_bytes_of(const Config& c) {
    using namespace exporting;
    if (c.capture_folder.empty()) return 0;
    return c.workers * WatchedPacket::kRing * sizeof(WatchedPacket) +
           FlaggedPackets::kFlows * (FlaggedPackets::kHeld * (c.capture_snap + 64) + 256);
}

/// Between any two lanes a parsed packet with its buffer one way, and a judged buffer back.
std::uint64_t ring_bytes_of(const Config& c, std::uint64_t lanes) {
    constexpr std::uint64_t kSlot = sizeof(Packet) + 16 + 16;
    return lanes * (lanes - 1) * c.ring_size * kSlot +
           std::uint64_t{c.workers} * c.event_ring * sizeof(Event) + control_bytes_of(c) +
           capture_bytes_of(c) + share_bytes_of(c);
}

/// All partitions once, and for each worker what it needs beside them.
std::uint64_t table_bytes_of(const Config& c) {
    TrackerOptions shard{.sizes = c.sizes};
    shard.recording = c.recording();
    const std::uint64_t beside = memory_needed(shard);
    shard.owned.fill(true);
    return memory_needed(shard) + (std::uint64_t{c.workers} - 1) * beside;
}

}  // namespace

std::uint32_t lanes_of(const Config& config) {
    return config.workers + (config.clock == ClockSource::packet ? 1U : 0U);
}

std::uint64_t Needs::hugepage_bytes() const { return table_bytes + buffer_bytes + kDeviceSlack; }

Needs needs_of(const Config& config) {
    Needs out;
    const auto lanes = lanes_of(config);
    out.lcores = lanes + 1;
    out.queues = config.clock == ClockSource::packet ? 1 : lanes;
    const auto busy = busy_buffers(config, lanes, out.queues);
    const auto wanted = std::min(config.fragments.datagrams * 4, config.fragments.bytes / kLeastRoom);
    out.least_buffers = busy + kLeastHeld;
    out.buffers = buffers_of(config, lanes, busy, wanted);
    out.held_buffers = held_of(out.buffers, busy, wanted);
    const auto headroom = has_af_xdp(config) ? kAfXdpHeadroom : 0;
    const auto room = std::max(kLeastRoom, config.mtu + kLinkBytes + headroom) + kBufferOverhead;
    for (const auto& [a, b] : config.ports) {
        const auto n = out.buffers + packets_kept(a) + packets_kept(b);
        out.buffer_bytes += n * room;
        out.buffer_page_bytes += n * whole_pages(room);
    }
    out.table_bytes = table_bytes_of(config);
    out.ring_bytes = ring_bytes_of(config, lanes);
    out.fragment_bytes = kPartitions * FragmentHolder::memory_needed(share_of(config.fragments, kPartitions));
    return out;
}

bool takes_hugepages(const Config& config, const Needs& needs, const Machine& machine) {
    if (config.hugepages != Hugepages::automatic) return config.hugepages == Hugepages::on;
    return machine.free_hugepage_bytes >= needs.hugepage_bytes();
}

}  // namespace ajar::config
