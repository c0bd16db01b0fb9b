// What became of an attempt to connect, as far as its own packets tell?
//
// These are facts, read from one flow when it ends. Why it went so often cannot be seen in one flow: a SYN
// that nobody answers looks the same from a spoofed flood and towards a filtered port. That judgement is
// policy/label.hpp's, which is told of the flow's surroundings.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ajar/clock.hpp"
#include "ajar/flow/history.hpp"

namespace ajar {

// X(id). S: the SYN, SA: its SYN-ACK, R: a RST; client and server are the flow's originator and responder.
#define AJAR_ATTEMPTS(X)                                                                \
    X(none)        /* no attempt that failed, nor one that was used */                  \
    X(used)        /* S SA A and data of either end */                                  \
    X(silent)      /* S once, nothing came back */                                      \
    X(persistent)  /* S several times, nothing came back: somebody waits for it */      \
    X(refused)     /* S, R of the server */                                             \
    X(unreachable) /* S, an ICMP error about it */                                      \
    X(abandoned)   /* S SA, nothing */                                                  \
    X(aborted)     /* S SA, R of the client */                                          \
    X(empty)       /* S SA A, closed or reset without a byte of data */                 \
    X(overflowed)  /* S SA A, and the server says SA again as if there had been no A */ \
    X(one_sided)   /* one end talks to a peer that is not heard */                      \
    X(cut_short)   /* gave way, or the capture ended, before anything could be said */  \
    X(unclear)     /* anything else that came to nothing */

enum class Attempt : std::uint8_t {
#define AJAR_ATTEMPT_ID(id) id,
    AJAR_ATTEMPTS(AJAR_ATTEMPT_ID)
#undef AJAR_ATTEMPT_ID
};
inline constexpr std::array kAttemptNames = {
#define AJAR_ATTEMPT_NAME(id) std::string_view(#id),
    AJAR_ATTEMPTS(AJAR_ATTEMPT_NAME)
#undef AJAR_ATTEMPT_NAME
};
inline constexpr std::size_t kAttemptCount = kAttemptNames.size();
constexpr std::string_view name(Attempt a) { return kAttemptNames[static_cast<std::size_t>(a)]; }

/// Did it come to nothing?
constexpr bool failed(Attempt a) { return a > Attempt::used; }
/// The client has shown by nothing that it exists: so look the flows of forged addresses. (An owner of a
/// forged address may answer the SYN-ACK by a RST.)
constexpr bool mute(Attempt a) {
    return a == Attempt::silent || a == Attempt::abandoned || a == Attempt::aborted ||
           a == Attempt::cut_short;
}
/// The client has shown that it is where it says it is, or at least that it waits.
constexpr bool lives(Attempt a) {
    return a == Attempt::used || a == Attempt::persistent || a == Attempt::empty ||
           a == Attempt::overflowed || a == Attempt::aborted;
}

/// What was heard of one end.
struct Voice {
    std::uint8_t letters = 0;   ///< history::Letter bits
    std::uint32_t packets = 0;  ///< without those of a wrong checksum

    [[nodiscard]] constexpr bool said(std::uint8_t mask) const { return (letters & mask) != 0; }
    /// Packets beside a RST.
    [[nodiscard]] constexpr std::uint32_t spoken() const {
        const std::uint32_t resets = said(history::Letter::kRst) ? 1 : 0;
        return packets > resets ? packets - resets : 0;
    }
};

/// What is known of a flow when it ends.
struct Handshake {
    Voice client, server;
    bool mid_stream = false;   ///< its SYN was not seen
    bool unreachable = false;  ///< an ICMP error was about its SYN
    Duration age{};            ///< since its first packet
};

/// A SYN that is still wanted is sent again after a second (RFC 6298), and most answers come well before:
/// what ends earlier cannot be told.
inline constexpr Duration kPatience = std::chrono::milliseconds(1500);

namespace detail {

using Said = history::Letter;
constexpr auto kMoreThanSyn = std::uint8_t{Said::kAck | Said::kData | Said::kFin};

constexpr Attempt unless_young(const Handshake& h, Attempt attempt) {
    return h.age < kPatience ? Attempt::cut_short : attempt;
}

constexpr Attempt of_mid_stream(const Handshake& h) {
    const bool one_sided = (h.client.packets == 0) != (h.server.packets == 0) && h.age >= kPatience;
    return one_sided ? Attempt::one_sided : Attempt::none;
}

/// Nothing was heard of the server.
constexpr Attempt of_unanswered(const Handshake& h) {
    if (h.unreachable) return Attempt::unreachable;
    if (h.client.said(kMoreThanSyn)) return unless_young(h, Attempt::one_sided);
    return h.client.spoken() > 1 ? Attempt::persistent : unless_young(h, Attempt::silent);
}

/// The server has answered by a SYN-ACK, the client said no more, or RST.
constexpr Attempt of_unacknowledged(const Handshake& h) {
    return h.client.said(Said::kRst) ? Attempt::aborted : unless_young(h, Attempt::abandoned);
}

/// The handshake is complete for the client.
constexpr Attempt of_acknowledged(const Handshake& h) {
    const bool deaf = !h.server.said(kMoreThanSyn) && h.server.spoken() > 1;
    if (deaf) return Attempt::overflowed;
    if (h.client.said(Said::kData) || h.server.said(Said::kData)) return Attempt::used;
    const bool over = h.client.said(Said::kFin | Said::kRst) || h.server.said(Said::kFin | Said::kRst);
    return over ? Attempt::empty : Attempt::none;
}

}  // namespace detail

constexpr Attempt attempt_of(const Handshake& h) {
    using detail::Said;
    if (h.mid_stream) return detail::of_mid_stream(h);
    if (h.server.packets == 0) return detail::of_unanswered(h);
    if (!h.server.said(Said::kSyn)) return h.server.said(Said::kRst) ? Attempt::refused : Attempt::unclear;
    return h.client.said(detail::kMoreThanSyn) ? detail::of_acknowledged(h) : detail::of_unacknowledged(h);
}

}  // namespace ajar
