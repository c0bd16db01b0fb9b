// How fragments are held and put together.
#include "ajar/flow/fragments.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ajar/flow/memory.hpp"
#include "ajar/packet/parse.hpp"
#include "packet/extension.hpp"

namespace ajar {

namespace {

constexpr std::size_t kTcpFixed = 20;

std::size_t pieces_for(const FragmentLimits& limits) {
    return std::max<std::size_t>(limits.datagrams * FragmentHolder::kPiecesEach, FragmentHolder::kMaxPieces);
}
std::size_t buckets_for(const FragmentLimits& limits) { return std::bit_ceil(2 * limits.datagrams); }

std::uint32_t end_of(const Packet& fragment) { return fragment.fragment_offset + fragment.payload; }

/// The bytes of a first piece: those that belong to it, and those of them that can be read.
struct FirstPiece {
    const std::uint8_t* bytes;
    std::size_t length, readable;

    /// What is wrong if `n` bytes are needed: the sender's cut, or the capture's.
    [[nodiscard]] Reason lacks(std::size_t n, Reason cut_by_capture) const {
        if (n > length) return Reason::fragment_too_small;
        return n > readable ? cut_by_capture : Reason::none;
    }
};

/// Steps over the extension headers from `protocol` on; `skip` becomes their length. Strictly none of them
/// may make the addresses doubtful; of one that is cut, the TCP header will be missed.
Reason find_tcp(const FirstPiece& piece, std::uint8_t protocol, bool strict, std::size_t& skip) {
    auto doubt = Reason::none;
    while (parser::is_extension(protocol)) {
        const auto reason = piece.lacks(skip + parser::kLeastExtension, Reason::truncated_extension);
        if (reason != Reason::none) return reason;
        const auto* h = piece.bytes + skip;
        const auto length = parser::extension_length(protocol, h);
        const bool whole = skip + length <= std::min(piece.length, piece.readable);
        if (strict && whole && doubt == Reason::none) doubt = parser::doubt_of(protocol, h, length);
        skip += length;
        protocol = h[0];
    }
    if (protocol == parser::ip_protocol::kFragment) return Reason::fragment_malformed;
    return protocol == parser::ip_protocol::kTcp ? doubt : Reason::fragment_not_tcp;
}

/// `length` becomes the TCP header's. A data offset below 20 bytes is left to parse_reassembled().
Reason find_tcp_header(const FirstPiece& piece, std::size_t skip, std::size_t& length) {
    length = kTcpFixed;
    const auto reason = piece.lacks(skip + length, Reason::truncated_tcp);
    if (reason != Reason::none) return reason;
    length = std::max<std::size_t>(length, (piece.bytes[skip + 12] >> 4U) * 4U);
    return piece.lacks(skip + length, Reason::truncated_tcp);
}

}  // namespace

FragmentHolder::FragmentHolder(const FragmentLimits& limits, const HashKey& key, Memory& memory)
    : limits_(limits),
      key_(key),
      datagrams_(take_array<Datagram>(memory, limits.datagrams)),
      pieces_(take_array<Piece>(memory, pieces_for(limits))),
      buckets_(take_array<Index>(memory, buckets_for(limits))),
      taken_(take_array<FrameHandle>(memory, pieces_for(limits) + 1)) {
    for (std::size_t i = 0; i < datagrams_.size(); ++i) datagrams_[i].chain = static_cast<Index>(i + 1);
    if (!datagrams_.empty()) datagrams_.back().chain = kNone;
    for (std::size_t i = 0; i < pieces_.size(); ++i) pieces_[i].next = static_cast<Index>(i + 1);
    pieces_.back().next = kNone;
    std::fill(buckets_.begin(), buckets_.end(), kNone);
    if (datagrams_.empty()) free_datagram_ = kNone;
}

std::uint64_t FragmentHolder::memory_needed(const FragmentLimits& limits) {
    return limits.datagrams * sizeof(Datagram) + pieces_for(limits) * (sizeof(Piece) + sizeof(FrameHandle)) +
           buckets_for(limits) * sizeof(Index) + sizeof(FrameHandle);
}

KeyV6 FragmentHolder::key_of(const Packet& fragment) {
    KeyV6 key{};
    const auto from = fragment.side, to = other(from);
    if (fragment.family == Family::ipv4) {
        std::memcpy(key.address[0].data(), &fragment.v4.address[from], sizeof(Ipv4Address));
        std::memcpy(key.address[1].data(), &fragment.v4.address[to], sizeof(Ipv4Address));
        key.zone = fragment.v4.zone;
    } else {
        key.address = {fragment.v6.address[from], fragment.v6.address[to]};
        key.zone = fragment.v6.zone;
    }
    key.port = {be16::of(static_cast<std::uint16_t>(fragment.fragment_id >> 16U)),
                be16::of(static_cast<std::uint16_t>(fragment.fragment_id))};
    return key;
}

FragmentHolder::Index FragmentHolder::find(const KeyV6& key, Family family, std::size_t bucket) const {
    auto d = buckets_[bucket];
    while (d != kNone && !(datagrams_[d].key == key && datagrams_[d].family == family))
        d = datagrams_[d].chain;
    return d;
}

/// The caller has made sure that a slot is free.
FragmentHolder::Index FragmentHolder::create(const Packet& fragment, const KeyV6& key, std::size_t bucket) {
    const auto index = free_datagram_;
    auto& d = datagrams_[index];
    free_datagram_ = d.chain;
    d.key = key;
    d.family = fragment.family;
    d.deadline = fragment.time + limits_.timeout;
    d.pieces = kNone;
    d.count = d.have = d.frame_bytes = d.total = d.skip = d.summed = 0;
    d.sum = {};
    d.tcp_length = 0;
    d.verdict = Reason::none;
    d.chain = buckets_[bucket];
    buckets_[bucket] = index;
    d.older = newest_;
    d.newer = kNone;
    (newest_ == kNone ? oldest_ : datagrams_[newest_].newer) = index;
    newest_ = index;
    ++datagrams_in_use_;
    return index;
}

/// Unlinks a datagram whose pieces are gone.
void FragmentHolder::remove(Index index) {
    auto& d = datagrams_[index];
    auto* link = &buckets_[keyed_hash(d.key, key_) & (buckets_.size() - 1)];
    while (*link != index) link = &datagrams_[*link].chain;
    *link = d.chain;
    (d.older == kNone ? oldest_ : datagrams_[d.older].newer) = d.newer;
    (d.newer == kNone ? newest_ : datagrams_[d.newer].older) = d.older;
    d.chain = free_datagram_;
    free_datagram_ = index;
    --datagrams_in_use_;
}

std::span<const FrameHandle> FragmentHolder::since(std::size_t begin) const {
    return taken_.subspan(begin, taken_count_ - begin);
}

/// Gives out the handles in order of arrival and frees the pieces.
void FragmentHolder::take_handles(Datagram& d) {
    for (auto i = d.pieces; i != kNone;) {
        auto& piece = pieces_[i];
        taken_[taken_count_ + piece.arrival] = piece.handle;
        bytes_ -= piece.bytes;
        const auto next = piece.next;
        piece.next = free_piece_;
        free_piece_ = i;
        i = next;
    }
    taken_count_ += d.count;
    d.count = 0;
    d.pieces = kNone;
}

void FragmentHolder::drop_oldest() {
    take_handles(datagrams_[oldest_]);
    remove(oldest_);
}

/// May this piece join the others? none, or why not.
Reason FragmentHolder::examine(const Datagram& d, const Packet& fragment) const {
    const auto begin = fragment.fragment_offset;
    const auto end = end_of(fragment);
    if (d.total != 0 && (end > d.total || (!fragment.more_fragments && end != d.total))) {
        return Reason::fragment_malformed;
    }
    for (auto i = d.pieces; i != kNone; i = pieces_[i].next) {
        const auto& piece = pieces_[i];
        const auto piece_end = std::uint32_t{piece.offset} + piece.length;
        if (piece.offset == begin && piece_end == end) return Reason::fragment_duplicate;
        if (piece.offset < end && begin < piece_end) return Reason::fragment_overlap;
        if (!fragment.more_fragments && piece_end > end) return Reason::fragment_malformed;
    }
    return d.count == kMaxPieces && !fragment.lenient ? Reason::fragment_limit : Reason::none;
}

/// Keeps of the first piece what the completed packet is made of.
Reason FragmentHolder::read_first(Datagram& d, const Packet& fragment, std::span<const std::uint8_t> head) {
    const std::size_t at = std::min<std::size_t>(fragment.l4_offset, head.size());
    const FirstPiece piece{head.data() + at, fragment.payload,
                           std::min<std::size_t>(head.size() - at, fragment.payload)};
    std::size_t skip = 0, tcp_length = 0;
    auto reason = find_tcp(piece, fragment.fragment_protocol, !fragment.lenient, skip);
    if (reason == Reason::none) reason = find_tcp_header(piece, skip, tcp_length);
    const bool gathered = reason == Reason::fragment_too_small && fragment.lenient && skip == 0;
    if (gathered) tcp_length = 0;
    if (reason != Reason::none && !gathered) return reason;
    d.first = fragment;
    d.skip = static_cast<std::uint32_t>(skip);
    d.sum.add16(checksum::Sum().add({piece.bytes, skip}).checksum());  // takes them off
    if (tcp_length != 0) d.tcp_length = static_cast<std::uint16_t>(tcp_length);
    std::copy_n(piece.bytes + skip, tcp_length, d.tcp.begin());
    if (d.first.link_length > kLinkBytes) d.first.link_length = 0;  // nobody crafts frames with such a header
    std::copy_n(head.data(), d.first.link_length, d.link.begin());
    return Reason::none;
}

/// A header that is spread over several pieces: each leaves its part.
void FragmentHolder::gather(Datagram& d, const Packet& fragment, std::span<const std::uint8_t> head) {
    if (!fragment.lenient || fragment.fragment_offset >= kTcpBytes) return;
    const std::size_t at = std::min<std::size_t>(fragment.l4_offset, head.size());
    const std::size_t part = std::min(
        {head.size() - at, std::size_t{fragment.payload}, kTcpBytes - std::size_t{fragment.fragment_offset}});
    std::copy_n(head.begin() + static_cast<std::ptrdiff_t>(at), part,
                d.tcp.begin() + fragment.fragment_offset);
    const std::size_t end = fragment.fragment_offset + part;
    d.tcp_length = static_cast<std::uint16_t>(std::max<std::size_t>(d.tcp_length, end));
}

bool FragmentHolder::room_for(const Packet& fragment) const {
    return free_piece_ != kNone && bytes_ + fragment.wire_length <= limits_.bytes;
}

void FragmentHolder::insert(Datagram& d, const Packet& fragment, FrameHandle handle) {
    const auto index = free_piece_;
    auto& piece = pieces_[index];
    free_piece_ = piece.next;
    auto* link = &d.pieces;
    while (*link != kNone && pieces_[*link].offset < fragment.fragment_offset) link = &pieces_[*link].next;
    piece = {.handle = handle,
             .bytes = fragment.wire_length,
             .offset = fragment.fragment_offset,
             .length = static_cast<std::uint16_t>(fragment.payload),
             .arrival = static_cast<std::uint16_t>(d.count++),
             .next = *link};
    *link = index;
    bytes_ += piece.bytes;
    d.have += piece.length;
    d.frame_bytes += piece.bytes;
    if (!fragment.more_fragments) d.total = end_of(fragment);
}

/// A frame that takes no others with it.
FragmentOutcome FragmentHolder::alone(FragmentOutcome outcome, Reason reason, FrameHandle handle) {
    const auto begin = taken_count_;
    taken_[taken_count_++] = handle;
    outcome.kind = fate(reason) == Fate::pass ? FragmentOutcome::Kind::pass : FragmentOutcome::Kind::refused;
    outcome.reason = reason;
    outcome.handles = since(begin);
    return outcome;
}

/// The whole datagram, with what is still to come of it.
FragmentOutcome FragmentHolder::condemn(FragmentOutcome outcome, Datagram& d, Reason reason,
                                        FrameHandle handle) {
    const auto begin = taken_count_;
    d.verdict = reason;
    take_handles(d);
    outcome = alone(outcome, reason, handle);
    outcome.handles = since(begin);
    return outcome;
}

FragmentOutcome FragmentHolder::complete(FragmentOutcome outcome, Index index, const Packet& last,
                                         Packet& out) {
    auto& d = datagrams_[index];
    auto first = d.first;
    first.l4_offset = static_cast<std::uint16_t>(first.l4_offset + d.skip);
    parse_reassembled(first, {d.tcp.data(), d.tcp_length}, d.total - d.skip, out);
    link_ = d.link;
    out.frame = link_.data();
    out.wire_length = d.frame_bytes;
    out.time = last.time;
    out.ordinal = last.ordinal;
    out.port = last.port;
    out.pieces = static_cast<std::uint16_t>(d.count);
    const bool verified = d.summed == d.count && out.kind == PacketKind::tcp;
    out.checksum = verified ? checksum::verify_tcp(out, d.sum, d.total - d.skip) : Checksum::unknown;

    const auto begin = taken_count_;
    take_handles(d);
    remove(index);
    const bool good = out.kind == PacketKind::tcp;
    outcome.kind = good ? FragmentOutcome::Kind::complete : FragmentOutcome::Kind::refused;
    outcome.reason = good ? Reason::fragment_released : out.reason;
    outcome.handles = since(begin);
    return outcome;
}

bool FragmentHolder::may_hold(std::uint8_t protocol) { return parser::may_carry_tcp(protocol); }

FragmentOutcome FragmentHolder::add(const Packet& fragment, std::span<const std::uint8_t> head,
                                    std::optional<std::uint16_t> sum, FrameHandle handle, Packet& out) {
    FragmentOutcome outcome;
    outcome.expired = expire(fragment.time);
    if (!may_hold(fragment.fragment_protocol)) return alone(outcome, Reason::fragment_not_tcp, handle);
    if (fragment.wire_length > limits_.bytes || datagrams_.empty()) {
        return alone(outcome, Reason::fragment_limit, handle);
    }
    const auto key = key_of(fragment);
    const auto bucket = keyed_hash(key, key_) & (buckets_.size() - 1);
    auto index = find(key, fragment.family, bucket);
    const auto evicted = taken_count_;
    if (index == kNone) {
        if (free_datagram_ == kNone) drop_oldest();
        index = create(fragment, key, bucket);
    }
    auto& d = datagrams_[index];
    outcome.evicted = since(evicted);
    if (d.verdict != Reason::none) return alone(outcome, d.verdict, handle);

    auto reason = examine(d, fragment);
    if (reason == Reason::fragment_duplicate) return alone(outcome, reason, handle);
    if (reason == Reason::none && fragment.fragment_offset == 0) reason = read_first(d, fragment, head);
    if (reason != Reason::none) return condemn(outcome, d, reason, handle);

    while (!room_for(fragment) && oldest_ != index) drop_oldest();
    outcome.evicted = since(evicted);
    if (!room_for(fragment)) return condemn(outcome, d, Reason::fragment_limit, handle);
    insert(d, fragment, handle);
    if (sum) {
        d.sum.add16(*sum);
        ++d.summed;
    }
    if (d.skip == 0) gather(d, fragment, head);
    return d.have == d.total ? complete(outcome, index, fragment, out) : outcome;
}

std::span<const FrameHandle> FragmentHolder::expire(Time now) {
    taken_count_ = 0;
    while (oldest_ != kNone && datagrams_[oldest_].deadline <= now) drop_oldest();
    return since(0);
}

std::span<const FrameHandle> FragmentHolder::flush() { return expire(Time::max()); }

}  // namespace ajar
