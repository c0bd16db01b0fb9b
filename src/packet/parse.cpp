// How a frame is parsed: the entry points, the way in through Ethernet, and the one way out with a Reason.
#include "ajar/packet/parse.hpp"

#include "packet/link.hpp"
#include "packet/parser.hpp"
#include "packet/straight.hpp"

namespace ajar {

namespace {

/// What the caller fills stays; all else starts from nothing.
void reset(Packet& out, const std::uint8_t* frame, std::uint32_t wire_length) {
    out.kind = PacketKind::pass;
    out.reason = Reason::none;
    out.family = Family::ipv4;
    out.side = 0;
    out.flags = {};
    out.ttl = 0;
    out.tos = 0;
    out.window = 0;
    out.l3_offset = 0;
    out.l4_offset = 0;
    out.link_length = 0;
    out.seq = 0;
    out.ack = 0;
    out.payload = 0;
    out.ip_length = 0;
    out.wire_length = wire_length;
    parser::clear_rare(out);
    out.frame = frame;
    out.v6 = {};
}

/// The way out. A step that succeeded has set the kind.
void conclude(Packet& out, Reason reason) {
    if (reason == Reason::none) return;
    out.reason = reason;
    out.kind = fate(reason) == Fate::pass ? PacketKind::pass : PacketKind::refused;
}

}  // namespace

void parser::step_by_step(std::span<const std::uint8_t> head, std::size_t end, const ParseOptions& options,
                          Packet& out) {
    reset(out, head.data(), static_cast<std::uint32_t>(end));
    out.lenient = options.lenient;
    parser::Parser p{.frame = head.data(),
                     .at = 0,
                     .readable = std::min(head.size(), parser::kMaxReadable),
                     .end = end,
                     .options = options,
                     .out = out};
    const bool ethernet = options.link == LinkType::ethernet;
    conclude(out, ethernet ? parser::ethernet(p) : parser::by_link_type(p));
}

void parse(std::span<const std::uint8_t> head, std::uint32_t wire_length, const ParseOptions& options,
           Packet& out) {
    const std::size_t end = std::max<std::size_t>(wire_length, head.size());
    if (options.link == LinkType::ethernet && parser::straight(head, end, options, out)) [[likely]]
        return;
    parser::step_by_step(head, end, options, out);
}

void parse_reassembled(const Packet& first, std::span<const std::uint8_t> transport, std::uint32_t total,
                       Packet& out) {
    // Ports are not known yet, so the fragment's key is ordered by address alone; tcp() orders it anew.
    const Packet fragment = first;
    const bool v4 = fragment.family == Family::ipv4;
    const auto from = fragment.side;
    const auto zone = v4 ? fragment.v4.zone : fragment.v6.zone;
    const auto address = [&](Side s) {
        return v4 ? fragment.v4.address[s].bytes.data() : fragment.v6.address[s].data();
    };
    const ParseOptions options{.port_pair = port_pair_of(zone), .lenient = fragment.lenient};
    out = fragment;
    parser::Parser p{.frame = transport.data(),
                     .at = 0,
                     .readable = std::min<std::size_t>(transport.size(), total),
                     .end = total,
                     .options = options,
                     .out = out,
                     .source = address(from),
                     .destination = address(other(from)),
                     .zone = zone & 0xffffffU};
    conclude(out, parser::tcp(p));
    // IPv6's fragment header, 8 bytes, is gone after reassembly (RFC 8200 4.5).
    const std::uint32_t fragment_header = v4 ? 0 : 8;
    const std::uint32_t header_bytes = fragment.l4_offset - fragment.l3_offset - fragment_header;
    out.l4_offset = fragment.l4_offset;
    out.ip_length = header_bytes + total;
    out.more_fragments = false;
}

}  // namespace ajar
