// The short way of an ordinary segment, which makes up nearly all traffic: an ACK or data of an established
// flow, inside the windows, no repeat, from where its sender stands.
//
// It does what the long way (judge.cpp) would do, on the words of the entry itself and without a copy. What
// it cannot settle it leaves untouched for the long way, which alone knows all rules.
#pragma once

#include "ajar/flow/entry_words.hpp"
#include "ajar/flow/history.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/tcp/machine.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// What the policy of the call under way must say: the short way writes no record and knows one rule.
inline bool short_way_open(const Policy& policy, Recording recording) {
    return recording == Recording::off && policy.boundaries == Boundaries::conntrack &&
           policy.window != WindowCheck::off && policy.retransmissions != 0;
}

namespace ordinary {

inline bool plain(const Packet& packet) {
    return packet.kind == PacketKind::tcp && tcp::is_only(packet.flags, TcpFlags::kAck) &&
           packet.window != 0 && packet.checksum != Checksum::bad;
}

/// Packets, link, port and letters of a direction, as a word.
struct Look {
    static constexpr unsigned kLinkAt = 32, kPortAt = 48, kStampTopAt = 50, kLettersAt = 56;
    std::uint64_t word;

    [[nodiscard]] std::uint16_t link() const { return static_cast<std::uint16_t>(word >> kLinkAt); }
    [[nodiscard]] bool from(unsigned port) const { return ((word >> kPortAt) & 3U) == port; }
    [[nodiscard]] bool has(std::uint8_t letter) const { return ((word >> kLettersAt) & letter) != 0; }
    /// With a TSval's top.
    [[nodiscard]] Look at_stamp(std::uint32_t value) const {
        const std::uint64_t top = value >> Sent::kStampTopAt;
        return {with_bits(word, std::uint64_t{0x3f} << kStampTopAt, top << kStampTopAt)};
    }
    [[nodiscard]] std::uint64_t counted() const {
        return with_bits(word, 0xffffffffU, static_cast<std::uint32_t>(word + 1));
    }
};

inline std::uint64_t bytes_counted(std::uint64_t word, std::uint32_t bytes) {
    constexpr std::uint64_t kBits = (std::uint64_t{1} << 48U) - 1;
    return with_bits(word, kBits, (word + bytes) & kBits);
}

/// What the direction looks like, once a tick: TTL, TOS, link header, clock, flow label. After it was
/// counted.
template <typename Key>
void look_again(Shard& shard, SharedWord* words, const Packet& packet, Look look) {
    using At = EntryWords<Key>;
    const Side s = packet.side;
    auto& bytes = words[At::sent(s)];
    const auto shown = std::uint64_t{packet.ttl} << 48U | std::uint64_t{packet.tos} << 56U;
    store_shared(bytes, with_bits(bytes, std::uint64_t{0xffff} << 48U, shown));
    auto& sent = words[At::sent(s) + 1];
    if (packet.options.has(TcpOptions::kTimestamps))
        store_shared(sent, look.at_stamp(packet.options.ts_value).counted());
    const std::uint64_t link = shard.links.intern(packet, look.link());
    if (link != look.link()) [[unlikely]] {
        store_shared(sent, with_bits(sent, std::uint64_t{0xffff} << Look::kLinkAt, link << Look::kLinkAt));
    }
    if constexpr (kFamilyOf<Key> == Family::ipv6) {
        auto& labels = words[At::kLabels];
        store_shared(labels, s == 0 ? word_of(packet.flow_label, high_half(labels))
                                    : word_of(low_half(labels), packet.flow_label));
    }
}

}  // namespace ordinary

/// `entry` is the packet's flow in the confirmed table, or else no established flow of its key. False:
/// nothing was done.
template <typename Key>
bool pass_ordinary(Shard& shard, Entry<Key>& entry, const Packet& packet) {
    using At = EntryWords<Key>;
    SharedWord* const words = detail::shared_words(entry);
    const Side s = packet.side;
    const Tick now = tick_of(packet.time), tick{high_half(words[At::kTick])};
    const Facts facts{words[At::kFacts]};
    const ordinary::Look look{words[At::sent(s) + 1]};
    if (!facts.ordinary() || !ordinary::plain(packet) || !look.from(packet.port + 1U) ||
        !look.has(history::detail::letter_of(packet)) ||
        now - (tick + shard.ticks(facts.terms(), facts.timer())) >= 0)
        return false;

    End sender = end_of(words + At::ends(s)), receiver = end_of(words + At::ends(other(s)));
    const auto g = tcp::window::plain_segment_of(facts, packet);
    const unsigned repeats = tcp::detail::repeats_with(packet, g.end, sender.end, facts.repeats_of(s));
    if (repeats != 0 || tcp::window::fit(sender, receiver, g) != tcp::window::Fit::inside) return false;
    tcp::window::advance(sender, receiver, g, true);
    const bool settled = tcp::detail::settled(sender, receiver);
    if (!settled && !facts.armed_short()) return false;  // its stamp has to be written

    const auto sequence = low_half(words[0]);
    const std::uint64_t last_back = std::min(sender.end - g.end, 0xffffU);
    const auto timer = settled ? TimerClass::established : TimerClass::unacknowledged;
    auto& bytes = words[At::sent(s)];
    auto& last = words[At::kLast];
    store_shared(words[0], detail::first_word(words[0], sequence + 1));
    store_end(words + At::ends(s), sender);
    store_end(words + At::ends(other(s)), receiver);
    store_shared(words[At::kFacts], facts.after_plain(s, timer).word);
    store_shared(bytes, ordinary::bytes_counted(bytes, packet.ip_length));
    store_shared(words[At::sent(s) + 1], look.counted());
    store_shared(last, with_bits(last, std::uint64_t{0xffff} << 48U, last_back << 48U));
    if (tick != now) {
        store_shared(words[At::kTick], word_of(low_half(words[At::kTick]), now.count));
        ordinary::look_again<Key>(shard, words, packet, look);
    }
    store_shared(words[0], detail::first_word(words[0], sequence + 2));
    return true;
}

}  // namespace ajar::tracker
