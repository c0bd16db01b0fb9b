// Holding, flagging, writing.
#include "export/packets/flagged_packets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "export/text.hpp"

namespace ajar::exporting {
namespace {

bool ends(EventKind kind) { return kind == EventKind::flow_end || kind == EventKind::evicted; }

}  // namespace

std::string comment_on(const Event& event) {
    Text uid;
    put_uid(uid, event.flow_id);
    Text time;
    put_iso_time(time, event.time);
    return fmt::format("{} {} {}: {}", fmt::to_string(time), fmt::to_string(uid), name(event.reason),
                       sentence(event.reason));
}

std::size_t FlaggedPackets::Hash::operator()(const Name& name) const {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(&name.key), sizeof name.key});
}

/// The latest of all from now on. Where there are too many, the one that nobody has heard of for longest
/// goes.
FlaggedPackets::Flow& FlaggedPackets::flow_of(const Name& name) {
    if (const auto place = places_.find(name); place != places_.end()) {
        flows_.splice(flows_.begin(), flows_, place->second);
        return flows_.front();
    }
    if (flows_.size() == kFlows) forget(Name(flows_.back().name));
    flows_.push_front({.name = name});
    places_.emplace(name, flows_.begin());
    return flows_.front();
}

void FlaggedPackets::forget(const Name& name) {
    const auto place = places_.find(name);
    if (place == places_.end()) return;
    flows_.erase(place->second);
    places_.erase(place);
}

void FlaggedPackets::add(const WatchedPacket& packet) {
    Flow& flow = flow_of({packet.key, packet.family});
    Held held{packet.time, packet.port, packet.wire_length,
              std::string(reinterpret_cast<const char*>(packet.bytes.data()), packet.length)};
    if (flow.flow_id != 0) return write(flow, held);
    if (flow.held.size() == kHeld) flow.held.erase(flow.held.begin());
    flow.held.push_back(std::move(held));
}

void FlaggedPackets::write(Flow& flow, const Held& packet) {
    if (flow.left == 0) return;
    --flow.left;
    files_.write(packet.port, packet.time,
                 {reinterpret_cast<const std::uint8_t*>(packet.bytes.data()), packet.bytes.size()},
                 packet.wire_length, std::exchange(flow.comment, {}));
}

std::string FlaggedPackets::hear(const Event& event) {
    const Name name{event.key, event.family};
    if (ends(event.kind)) forget(name);
    if (!flags_flow(event.kind)) return {};
    Flow& flow = flow_of(name);
    if (flow.flow_id != event.flow_id) flow.left = packets_ + static_cast<std::uint32_t>(flow.held.size());
    flow.flow_id = event.flow_id;
    flow.comment = comment_on(event);
    files_.make_room(WatchedPacket::kMostBytes);
    std::string file = files_.current();
    for (const Held& packet : std::exchange(flow.held, {})) write(flow, packet);
    return file;
}

}  // namespace ajar::exporting
