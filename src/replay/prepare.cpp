// Parsing chunks and distributing their packets.
#include "replay/prepare.hpp"

#include "ajar/packet/checksum.hpp"

namespace ajar::replay {
namespace {

ParseOptions parse_options(const ReplayOptions& options) {
    ParseOptions p;
    p.decapsulate = options.decapsulate;
    p.zone_from_vlan = options.zone_from_vlan;
    p.verify_ip_checksum = options.policy.checksums == ChecksumPolicy::verify;
    return p;
}

}  // namespace

Prepare::Prepare(const ReplayOptions& options, const HashKey& key, std::size_t shards)
    : parse_(parse_options(options)),
      verify_(options.policy.checksums == ChecksumPolicy::verify),
      key_(key),
      steer_(options.steer) {
    for (std::size_t p = 0; p < kPartitions; ++p) owner_[p] = static_cast<std::uint8_t>(owner_of(p, shards));
}

void Prepare::parse(Chunk& chunk) const {
    ParseOptions options = parse_;
    options.link = chunk.link;
    chunk.packets.resize(chunk.frames.size());
    for (std::size_t i = 0; i < chunk.frames.size(); ++i) {
        const Frame& frame = chunk.frames[i];
        const std::span<const std::uint8_t> bytes(chunk.bytes.data() + frame.offset, frame.captured);
        Packet& packet = chunk.packets[i];
        packet.partition = 0;  // where packets without a key are counted
        packet.checksum = Checksum::unknown;
        ajar::parse(bytes, frame.wire_length, options, packet);
        packet.time = frame.time;
        packet.truncated = frame.captured < frame.wire_length;
        packet.ordinal = chunk.first_ordinal + i;
        if (verify_) packet.checksum = checksum::verify_tcp(packet, bytes);
        identify(packet, key_, steer_);
    }
}

void Prepare::share(Chunk& chunk) {
    for (auto& indices : chunk.share) indices.clear();
    for (std::size_t i = 0; i < chunk.packets.size(); ++i)
        chunk.share[owner_[chunk.packets[i].partition]].push_back(static_cast<std::uint32_t>(i));
}

}  // namespace ajar::replay
