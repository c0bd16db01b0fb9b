// Judging a burst and acting on its verdicts.
#include "dataplane/lane.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ajar/packet/build.hpp"
#include "dataplane/crafted.hpp"
#include "dataplane/translated.hpp"
#include "tracker/work.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint32_t kTwoTags = 22;
/// Of a frame whose link header nobody remembers: a fragment that goes without its datagram.
constexpr std::uint32_t kLongestLink = 64;

/// The twin's MTU counts from the IP header on; what stands before it is the link's.
bool oversize(const rte_mbuf* m, const Packet& packet, const PortState& out) {
    const auto link =
        packet.link_length == 0 ? kLongestLink : std::max<std::uint32_t>(packet.link_length, kTwoTags);
    return rte_pktmbuf_pkt_len(m) > out.mtu + link;
}

}  // namespace

Lane::Lane(Wiring& wiring, std::uint32_t index, Tracker& tracker)
    : wiring_(wiring),
      tally_(wiring.tally[index]),
      tracker_(tracker),
      egress_(wiring, index),
      watched_(wiring.watched.empty() ? nullptr : &wiring.watched[index]) {
    for (const PortState& port : wiring.ports) ways_[port.device] = {&wiring.ports[port.twin], port.twin};
}

void Lane::judge(const Orders& orders) {
    if (count_ == 0) return;
    const std::size_t n = count_;
    tracker_.process(std::span(packets_).first(n), std::span(verdicts_).first(n), orders.policy,
                     orders.posture);
    if (watched_ != nullptr) [[unlikely]]
        copy_watched();
    rewritten_ = answered_ = 0;
    for (std::size_t i = 0; i < n; ++i) act(i);
    count_ = 0;
    send_crafted();
}

/// As they came, before any is translated or freed.
void Lane::copy_watched() {
    for (std::size_t i = 0; i < count_; ++i) {
        if (!verdicts_[i].watched) [[likely]]
            continue;
        for_each_frame(frames_[i], strung_[i], [&](rte_mbuf* m) { copy_watched(m, packets_[i]); });
    }
}

void Lane::copy_watched(const rte_mbuf* m, const Packet& packet) {
    exporting::WatchedPacket* const copy = watched_->reserve();
    if (copy == nullptr) return tally_.watched_lost.add();
    copy->time = packet.time;
    copy->key = packet.family == Family::ipv4 ? tracker::wide(packet.v4) : packet.v6;
    copy->family = packet.family;
    copy->port = wiring_.index_of[m->port];
    copy->wire_length = rte_pktmbuf_pkt_len(m);
    copy->length = static_cast<std::uint16_t>(std::min(copy->wire_length, wiring_.watched_bytes));
    const void* const bytes = rte_pktmbuf_read(m, 0, copy->length, copy->bytes.data());
    if (bytes != nullptr && bytes != copy->bytes.data()) std::memcpy(copy->bytes.data(), bytes, copy->length);
    watched_->commit();
}

void Lane::act(std::size_t i) {
    if (verdicts_[i].disposal == Disposal::forward) [[likely]] {
        forward(i);
        return;
    }
    switch (verdicts_[i].disposal) {
        case Disposal::translate:
            translate_frame(frames_[i], strung_[i], packets_[i], tracker_.rewrites()[rewritten_++]);
            return forward(i);
        case Disposal::answer:
            return answer(i, tracker_.answers()[answered_++]);
        default:
            return dispose(i);
    }
}

void Lane::dispose(std::size_t i) {
    for_each_frame(frames_[i], strung_[i], [&](rte_mbuf* m) { egress_.dispose(m, verdicts_[i].reason); });
}

// The answer takes the frame's place, in its own buffer, where that is one of its own.
void Lane::answer(std::size_t i, const Craft& craft) {
    rte_mbuf* const m = frames_[i];
    if (strung_[i] || m->nb_segs != 1 || rte_mbuf_refcnt_read(m) != 1 || !RTE_MBUF_DIRECT(m)) {
        send_craft(craft, tally_, egress_);
        return dispose(i);
    }
    const std::size_t room = std::size_t{m->buf_len} - rte_pktmbuf_headroom(m);
    const auto length = build(craft, {rte_pktmbuf_mtod(m, std::uint8_t*), room});
    if (length == 0) return dispose(i);
    tally_.disposed[static_cast<std::size_t>(verdicts_[i].reason)].add();
    const auto out = port_for(craft);
    tally_.port[out].crafted.add();
    m->port = kOwnFrame;
    m->ol_flags = 0;
    m->data_len = static_cast<std::uint16_t>(length);
    m->pkt_len = m->data_len;
    egress_.send(out, m);
}

void Lane::forward(std::size_t i) {
    for_each_frame(frames_[i], strung_[i], [&](rte_mbuf* m) {
        const Way& way = ways_[m->port];
        if (oversize(m, packets_[i], *way.out)) [[unlikely]] {
            egress_.dispose(m, Reason::oversize);
        } else {
            egress_.send(way.index, m);
        }
    });
}

bool Lane::advance(Time now, std::size_t budget, const Orders& orders) {
    const auto lost = wiring_.own_lost.load(std::memory_order_relaxed);
    if (std::exchange(own_lost_, lost) != lost && !wiring_.packet_clock) tracker_.frames_lost(now);
    const bool done = tracker_.advance(now, budget, orders.policy, orders.posture);
    send_crafted();
    return done;
}

bool Lane::evict(const Packet& tuple, Time now, const EvictTerms& terms, const Orders& orders) {
    const bool found = tracker_.evict(tuple, now, orders.policy, orders.posture, terms);
    send_crafted();
    return found;
}

bool Lane::finish(Time now, std::size_t budget, const Orders& orders) {
    const bool done = tracker_.finish(now, budget, orders.policy, orders.posture, Tracker::Ending::process);
    send_crafted();
    egress_.flush();
    return done;
}

void Lane::send_crafted() {
    for (const Craft& craft : tracker_.outbox()) send_craft(craft, tally_, egress_);
}

}  // namespace ajar::dataplane
