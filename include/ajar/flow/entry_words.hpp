// An entry as the 64-bit words in which it is shared: where an ordinary segment finds what it changes.
//
// The short way (tracker/ordinary.hpp) reads and writes whole words. Fields that are written one by one and
// then read as a word would wait for the store buffer: the processor forwards no word from several stores.
//
//   word        bits 0..31                  bits 32..63
//   kTick       (the key's last bytes)      tick
//   ends(s)     end                         max_end
//   ends(s)+1   max_win                     max_ack
//   kFacts      the last eight bytes of Conn: struct Facts
//   sent(s)     bytes (48 bits), TTL, TOS
//   sent(s)+1   packets                     link number (16 bits), port (2), top of a TSval (6), letters
//   kLast       (time of the first packet)  bits 48..63: last_back
//   kLabels     flow label of side 0        of side 1 (IPv6)
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ajar/flow/entry.hpp"
#include "ajar/flow/shared_word.hpp"

namespace ajar {

constexpr std::uint32_t low_half(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
constexpr std::uint32_t high_half(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32U); }
constexpr std::uint64_t word_of(std::uint32_t low, std::uint32_t high) {
    return (std::uint64_t{high} << 32U) | low;
}
/// Replaces the bits of `mask`.
constexpr std::uint64_t with_bits(std::uint64_t word, std::uint64_t mask, std::uint64_t bits) {
    return (word & ~mask) | bits;
}

template <typename Key>
struct EntryWords {
    static constexpr std::size_t kTick = offsetof(Entry<Key>, tick) / 8;
    static constexpr std::size_t kEnds = offsetof(Entry<Key>, conn) / 8;
    static constexpr std::size_t kFacts = kEnds + 4;
    static constexpr std::size_t kSent = offsetof(Entry<Key>, warm) / 8;
    static constexpr std::size_t kLast = kSent + 4;
    static constexpr std::size_t kLabels = kSent + 8;
    static constexpr std::size_t ends(Side s) { return kEnds + 2U * s; }
    static constexpr std::size_t sent(Side s) { return kSent + 2U * s; }

    static_assert(offsetof(Entry<Key>, tick) % 8 == 4 && offsetof(Entry<Key>, conn) % 8 == 0);
    static_assert(offsetof(Entry<Key>, warm) == offsetof(Entry<Key>, conn) + sizeof(Conn));
    static_assert(sizeof(Conn) == sizeof(Conn::ends) + 8);
};

[[gnu::always_inline]] inline End end_of(const SharedWord* words) {
    return {low_half(words[0]), high_half(words[0]), low_half(words[1]), high_half(words[1])};
}
[[gnu::always_inline]] inline void store_end(SharedWord* words, const End& end) {
    store_shared(words[0], word_of(end.end, end.max_end));
    store_shared(words[1], word_of(end.max_win, end.max_ack));
}

/// State, timer, flags, options and marks of a Conn in one word.
struct Facts {
    static constexpr unsigned kTimerAt = 8, kLastAt = 13, kFlagsAt = 16, kOptionsAt = 24, kMarksAt = 32,
                              kScalesAt = 40, kRepeatsAt = 48, kSuspectedAt = 52, kTermsAt = 53;
    static constexpr std::uint64_t kTimer = 0xfU << kTimerAt, kLast = 1U << kLastAt, kZeroWindow = 1U << 14U,
                                   kArmedShort = 1U << 15U,
                                   kRepeats = std::uint64_t{Conn::kMostRepeats} << kRepeatsAt,
                                   kSuspected = std::uint64_t{1} << kSuspectedAt;

    std::uint64_t word = 0;

    static Facts of(const Conn& conn) {
        Facts facts;
        std::memcpy(&facts, reinterpret_cast<const char*>(&conn) + sizeof conn.ends, sizeof facts);
        return facts;
    }
    [[nodiscard]] constexpr TimerClass timer() const {
        return static_cast<TimerClass>((word & kTimer) >> kTimerAt);
    }
    [[nodiscard]] constexpr unsigned scale(Side s) const {
        return static_cast<unsigned>(word >> (kScalesAt + 4U * s)) & 0xfU;
    }
    /// `mask` is one of Conn's per-side constants.
    [[nodiscard]] constexpr bool option(std::uint8_t mask, Side s) const {
        return ((word >> kOptionsAt) & static_cast<std::uint64_t>(mask << s)) != 0;
    }
    /// Those of `s`, if it was the last to speak.
    [[nodiscard]] constexpr unsigned repeats_of(Side s) const {
        return ((word & kLast) != 0) == (s != 0)
                   ? static_cast<unsigned>(word >> kRepeatsAt) & Conn::kMostRepeats
                   : 0U;
    }
    [[nodiscard]] constexpr unsigned terms() const { return static_cast<unsigned>(word >> kTermsAt) & 7U; }
    [[nodiscard]] constexpr bool armed_short() const { return (word & kArmedShort) != 0; }

    /// Both ends known, no number guessed, no RST and no SYN hanging over the flow, and it is neither
    /// flagged, suspected nor translated, nor asked whether it lives: its timer's class is one of the lower
    /// eight.
    [[nodiscard]] constexpr bool ordinary() const {
        constexpr std::uint64_t states = 0xff | std::uint64_t{8} << kTimerAt,
                                both = 3U * (Conn::kSeen | Conn::kAckSeen), guessed = 3U * Conn::kLiberal,
                                hanging = Conn::kIgnoredSyn | Conn::kFlagged | Conn::kTranslated;
        constexpr std::uint64_t asked =
            states | both << kFlagsAt | guessed << kOptionsAt | hanging << kMarksAt | kSuspected;
        return (word & asked) == (static_cast<std::uint64_t>(TcpState::established) | both << kFlagsAt);
    }
    /// After a segment of `sender` that was no repeat and offered a window.
    [[nodiscard]] constexpr Facts after_plain(Side sender, TimerClass timer) const {
        const auto now = std::uint64_t{static_cast<std::uint8_t>(timer)} << kTimerAt | std::uint64_t{sender}
                                                                                           << kLastAt;
        return {with_bits(word, kTimer | kLast | kZeroWindow | kRepeats, now)};
    }
};

}  // namespace ajar
