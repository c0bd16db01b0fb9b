// What is written down of a flow: from its first packet, and from each later one.
#pragma once

#include "ajar/flow/history.hpp"
#include "ajar/flow/record.hpp"
#include "tracker/links.hpp"
#include "tracker/shard.hpp"
#include "tracker/terms.hpp"

namespace ajar::tracker {

template <typename Key>
void write_history(Work<Key>& work, const Packet& packet) {
    if (work.recorded) {
        record::update(work.record_flow(), packet);
    } else {
        history::update(work.conn(), work.entry.warm, packet);
    }
}

/// Counts and history. What has a bad checksum reached nobody.
template <typename Key>
void write_down(Work<Key>& work, const Packet& packet) {
    if (packet.checksum != Checksum::bad) work.entry.warm.sent[packet.side].count(packet.ip_length);
    write_history(work, packet);
}

template <typename Key>
void conceive(Shard& shard, const Packet& packet, Work<Key>& work) {
    work.entry.key = key_of<Key>(packet);
    work.entry.tick = tick_of(packet.time);
    Warm& warm = work.entry.warm;
    warm.birth_ordinal = birth_of(packet);
    warm.set_first(packet.time);
    tcp::begin(work.flow(), packet, *shard.policy);
    work.conn().terms = terms_of(shard, work.entry.key, packet.side) & (kMostTerms - 1);
    if (packet.tunnelled) work.conn().set_mark(Conn::kTunnelled);
    history::begin(warm, work.conn().originator() != packet.side);
    if (work.recorded) record::begin(work.record_flow(), packet);
    if (!packet.headless) write_down(work, packet);
    if (shard.policy->boundaries == Boundaries::zeek)
        work.conn().timer = record::zeek_timer(work.record_flow());
    remember_direction(shard, work.entry, packet);
}

}  // namespace ajar::tracker
