// Parsing chunks and distributing their packets.
#include "replay/prepare.hpp"

#include "ajar/packet/checksum.hpp"

namespace ajar::replay {
namespace {

ParseOptions parse_options(const ReplayOptions& options) {
    ParseOptions p;
    p.decapsulate = options.decapsulate;
    p.lenient = options.policy.boundaries == Boundaries::zeek;
    p.zone_from_vlan = !p.lenient;
    p.captured = true;
    p.verify_ip_checksum = options.policy.checksums == ChecksumPolicy::verify;
    return p;
}

std::span<const std::uint8_t> bytes_of(const Chunk& chunk, std::size_t i) {
    return {chunk.bytes.data() + chunk.frames[i].offset, chunk.frames[i].kept};
}

}  // namespace

Prepare::Prepare(const ReplayOptions& options, std::size_t shards)
    : parse_(parse_options(options)),
      verify_(options.policy.checksums == ChecksumPolicy::verify),
      steering_(hash_key_from_seed(options.seed), options.steer),
      reassembly_(options.fragments, steering_, options.policy) {
    for (std::size_t p = 0; p < kPartitions; ++p) owner_[p] = static_cast<std::uint8_t>(owner_of(p, shards));
}

void Prepare::parse(Chunk& chunk) const {
    ParseOptions options = parse_;
    chunk.packets.resize(chunk.frames.size());
    for (std::size_t i = 0; i < chunk.frames.size(); ++i) {
        const Frame& frame = chunk.frames[i];
        const auto bytes = bytes_of(chunk, i);
        options.link = frame.link;
        Packet& packet = chunk.packets[i];
        packet.partition = 0;  // where packets without a key are counted
        packet.checksum = Checksum::unknown;
        ajar::parse(bytes, frame.wire_length, options, packet);
        packet.time = frame.time;
        // The frame's end may be padding: what counts is whether the IP packet is whole.
        packet.truncated = packet.l3_offset + packet.ip_length > frame.captured;
        packet.ordinal = chunk.first_ordinal + i;
        if (verify_) packet.checksum = checksum::verify_tcp(packet, bytes);
        steering_.identify(packet);
    }
}

void Prepare::share(Chunk& chunk) {
    for (auto& indices : chunk.share) indices.clear();
    for (std::size_t i = 0; i < chunk.packets.size(); ++i) {
        Packet& packet = chunk.packets[i];
        if (packet.kind == PacketKind::fragment && !reassembly_.take(packet, bytes_of(chunk, i))) continue;
        chunk.share[owner_[packet.partition]].push_back(static_cast<std::uint32_t>(i));
    }
    if (chunk.last) reassembly_.finish();
}

}  // namespace ajar::replay
