// The letters of the history.
//
// Once per side: d, a, i, q. Again when the sequence number differs from that of the letter before: s, h, f,
// r. Logarithmically: c, g, t, w. A packet with two of SYN, FIN, RST counts as i or q alone.
#include "flow/record_letters.hpp"

namespace ajar::record {
namespace {

/// Marks the once-only letter as written; was it already?
bool written(Endpoint e, std::uint8_t letter) {
    std::uint8_t& letters = e.record.letters[e.side];
    const bool before = (letters & letter) != 0;
    letters = static_cast<std::uint8_t>(letters | letter);
    return before;
}

void append_once(Endpoint e, std::uint8_t kind, char letter) {
    if (!written(e, kind)) append(e, letter);
}

/// Eight bits of a sequence number: enough to tell a retransmission from another segment.
constexpr std::uint8_t hash_of(std::uint32_t number) {
    return static_cast<std::uint8_t>((number * 0x9e3779b1U) >> 24U);
}

/// For letters that come again with another number; `hashes` keeps that of the last one.
void append_numbered(Endpoint e, std::uint8_t kind, char letter, std::array<std::uint8_t, 2>& hashes,
                     std::uint32_t number) {
    const std::uint8_t hash = hash_of(number);
    if (!written(e, kind) || hash != hashes[e.side]) append(e, letter);
    hashes[e.side] = hash;
}

void append_scaled(Endpoint e, char letter, std::uint32_t count) {
    if (count == 1 || count == 10 || count == 100) append(e, letter);
}

}  // namespace

void append(Endpoint e, char letter) {
    if (e.record.history_length == kHistoryLength) return;
    const bool upper = letter == '^' || e.originates();
    e.record.history[e.record.history_length++] = upper ? letter : static_cast<char>(letter - 'A' + 'a');
}

void append_scaled(Endpoint e, char letter, std::array<std::uint8_t, 2>& counters) {
    std::uint8_t& count = counters[e.side];
    if (count == 0xff) return;
    append_scaled(e, letter, ++count);
}

void append_bad_checksum(Endpoint e) {
    const unsigned shift = 4U * e.side;
    const unsigned count = (e.record.bad_checksums >> shift) & 0xfU;
    if (count == 0xf) return;
    e.record.bad_checksums = static_cast<std::uint8_t>(e.record.bad_checksums + (1U << shift));
    append_scaled(e, 'C', count + 1);
}

void append_for(Endpoint e, const Packet& packet, std::int32_t distance_from_begin) {
    const TcpFlags f = packet.flags;
    const int controls = (f.syn() ? 1 : 0) + (f.fin() ? 1 : 0) + (f.rst() ? 1 : 0);
    const auto number = static_cast<std::uint32_t>(distance_from_begin);
    if (controls > 1) {
        const bool fin_rst = f.fin() && f.rst();
        append_once(e, fin_rst ? Letter::kFinRst : Letter::kMultiFlag, fin_rst ? 'I' : 'Q');
    } else if (f.syn()) {
        append_numbered(e, Letter::kSyn, f.ack() ? 'H' : 'S', e.record.last_syn, number);
    } else if (f.fin()) {
        append_numbered(e, Letter::kFin, 'F', e.record.last_fin, packet.seq + packet.payload);
    } else if (f.rst()) {
        append_numbered(e, Letter::kRst, 'R', e.record.last_rst, number);
    } else if (packet.payload != 0) {
        append_once(e, Letter::kData, 'D');
    } else if (f.ack()) {
        append_once(e, Letter::kAck, 'A');
    }
}

}  // namespace ajar::record
