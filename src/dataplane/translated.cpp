// Finding the header that is to be translated. It may lie in several buffers: then in a copy of it.
#include "dataplane/translated.hpp"

#include <algorithm>

#include "ajar/packet/parse.hpp"
#include "dataplane/frame.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint32_t kTcpHeader = 60;

void scatter(std::span<const std::uint8_t> bytes, rte_mbuf* m, std::uint32_t at) {
    for (; m != nullptr && !bytes.empty(); m = m->next) {
        const std::uint32_t length = rte_pktmbuf_data_len(m);
        if (at >= length) {
            at -= length;
            continue;
        }
        const auto n = std::min<std::size_t>(bytes.size(), length - at);
        std::copy_n(bytes.begin(), n, rte_pktmbuf_mtod_offset(m, std::uint8_t*, at));
        bytes = bytes.subspan(n);
        at = 0;
    }
}

/// Calls f with the bytes [from, to) of the frame, which it may change.
template <typename F>
void change(rte_mbuf* m, std::uint32_t from, std::uint32_t to, F&& f) {
    const auto length = std::min(to, rte_pktmbuf_pkt_len(m)) - from;
    if (from + length <= rte_pktmbuf_data_len(m)) [[likely]] {
        f(std::span(rte_pktmbuf_mtod_offset(m, std::uint8_t*, from), length));
        return;
    }
    Scratch copy;
    const auto bytes = std::span(copy).first(std::min<std::size_t>(length, copy.size()));
    const void* const read = rte_pktmbuf_read(m, from, static_cast<std::uint32_t>(bytes.size()), copy.data());
    if (read == nullptr) return;
    if (read != copy.data()) std::copy_n(static_cast<const std::uint8_t*>(read), bytes.size(), copy.begin());
    f(bytes);
    scatter(bytes, m, from);
}

void translate_segment(rte_mbuf* m, const Packet& packet, const Rewrite& rewrite) {
    change(m, packet.l4_offset, packet.l4_offset + kTcpHeader, [&](std::span<std::uint8_t> bytes) {
        const std::size_t header = (bytes[12] >> 4U) * 4U;
        const auto segment = bytes.first(std::min(bytes.size(), header));
        if (rewrite.from_client) {
            tcp::translate_to_server(segment, rewrite.by);
        } else {
            tcp::translate_to_client(segment, rewrite.by);
        }
    });
}

/// An error travels to whoever sent what it quotes.
void translate_error(rte_mbuf* m, const Packet& packet, const Rewrite& rewrite) {
    const std::uint32_t end =
        std::min<std::uint32_t>(packet.l3_offset + packet.ip_length, packet.quote_offset + kTcpHeader);
    const std::size_t quote = packet.quote_offset - packet.l4_offset;
    change(m, packet.l4_offset, end, [&](std::span<std::uint8_t> message) {
        if (rewrite.from_client) {
            tcp::translate_error_to_client(message, quote, rewrite.by);
        } else {
            tcp::translate_error_to_server(message, quote, rewrite.by);
        }
    });
}

/// The fragment at the datagram's begin, which has the whole TCP header (flow/fragments.hpp sees to that).
bool is_first_fragment(const rte_mbuf* m) {
    Scratch scratch;
    Packet packet;
    const auto head = head_of(m, scratch);
    parse(head, rte_pktmbuf_pkt_len(m), {}, packet);
    return packet.kind == PacketKind::fragment && packet.fragment_offset == 0;
}

}  // namespace

void translate_frame(rte_mbuf* m, bool strung, const Packet& packet, const Rewrite& rewrite) {
    if (packet.kind == PacketKind::icmp_error) return translate_error(m, packet, rewrite);
    for_each_frame(m, strung, [&](rte_mbuf* frame) {
        if (!strung || is_first_fragment(frame)) translate_segment(frame, packet, rewrite);
    });
}

}  // namespace ajar::dataplane
