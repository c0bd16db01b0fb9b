// Events of a shard: written in place in the ring, from a flow or from a packet; counted when it is full.
#pragma once

#include <cstddef>

#include "ajar/flow/prefetch.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// The id that all events of a flow carry.
std::uint64_t flow_id(std::uint64_t hash, std::uint64_t birth_ordinal);

/// Everything of an event about a flow that does not depend on the occasion.
template <typename Key>
void describe(Event& event, const Shard& shard, const View<Key>& flow);

/// The same about a packet that got no flow.
void describe(Event& event, const Shard& shard, const Packet& packet);

/// The ring is larger than the caches, and its reader has its lines: they are fetched while the next packets
/// are judged. All but the record and the evidence.
inline void prefetch_event(const Event* event) {
    for (std::size_t at = 0; at < offsetof(Event, record); at += 64)
        prefetch_line_to_write(reinterpret_cast<const char*>(event) + at);
}

/// Posts an event about a flow or a packet; `complete` fills in what else belongs to its kind. Never waits. A
/// flood's events mostly find the ring full: then nothing is written.
template <typename Subject, typename Complete>
void post(Shard& shard, Occasion& occasion, EventKind kind, Reason reason, const Subject& subject,
          Complete&& complete) {
    const std::uint16_t index = occasion.index++;
    Event* const event = shard.events.reserve();
    if (event == nullptr) return shard.counters.events_lost.add();
    event->time = occasion.time;
    event->ordinal = occasion.ordinal;
    event->index = index;
    event->kind = kind;
    event->reason = reason;
    describe(*event, shard, subject);
    complete(*event);
    prefetch_event(shard.events.following());
    shard.events.commit();
    shard.counters.events.add();
}

template <typename Subject>
void post(Shard& shard, Occasion& occasion, EventKind kind, Reason reason, const Subject& subject) {
    post(shard, occasion, kind, reason, subject, [](Event&) {});
}

}  // namespace ajar::tracker
