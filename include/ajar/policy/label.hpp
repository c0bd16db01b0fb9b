// Why did an attempt to connect come to nothing? A fact of one flow and its surroundings -> a label.
//
//              at ease              service or address flooded   source is a scanner
//   silent     filtered             spoofed_flood                filtered
//   persistent filtered             backlog_overflow (service)   filtered
//   refused    closed               closed                       closed
//   abandoned  unknown              spoofed_flood                half_open_scan
//   aborted    unknown              spoofed_flood                half_open_scan
//   empty      none                 none                         connect_scan
//   cut_short  unknown              spoofed_flood                unknown
//
// Where a source is a scanner and its target under flood, the scanner is believed. A port that a scan found
// closed or filtered is labelled as that: that its client is a scanner is said of the client. An empty
// connection of anybody else (a health check, a browser's second choice) is no failure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ajar/policy/attempt.hpp"

namespace ajar {

// X(id, one, many): a sentence about one attempt, and the same about several, each after its number.
#define AJAR_LABELS(X)                                                                               \
    X(none, "attempt had no cause of failure", "attempts had no cause of failure")                   \
    X(spoofed_flood, "SYN belongs to a flood: its client never showed that it exists",               \
      "SYNs belong to a flood: their clients never showed that they exist")                          \
    X(half_open_scan, "probe of a half-open scan: the port was open, the handshake was never meant", \
      "probes of half-open scans: the port was open, the handshake was never meant")                 \
    X(connect_scan, "probe of a connect scan: connected, said nothing, left",                        \
      "probes of connect scans: connected, said nothing, left")                                      \
    X(closed, "attempt met a closed port", "attempts met closed ports")                              \
    X(filtered, "attempt was left unanswered: filtered, or nobody is there",                         \
      "attempts were left unanswered: filtered, or nobody is there")                                 \
    X(backlog_overflow, "client was not let in, because the server's backlog was full",              \
      "clients were not let in, because the server's backlog was full")                              \
    X(asymmetry, "connection was seen from one side only: the other goes by another path",           \
      "connections were seen from one side only: the other goes by another path")                    \
    X(unreachable, "attempt was answered by ICMP: unreachable",                                      \
      "attempts were answered by ICMP: unreachable")                                                 \
    X(unknown, "attempt came to nothing for an unknown cause",                                       \
      "attempts came to nothing for an unknown cause")

enum class Label : std::uint8_t {
#define AJAR_LABEL_ID(id, one, many) id,
    AJAR_LABELS(AJAR_LABEL_ID)
#undef AJAR_LABEL_ID
};
struct LabelText {
    std::string_view name, one, many;
};
inline constexpr std::array kLabelTexts = {
#define AJAR_LABEL_ROW(id, one, many) LabelText{#id, one, many},
    AJAR_LABELS(AJAR_LABEL_ROW)
#undef AJAR_LABEL_ROW
};
inline constexpr std::size_t kLabelCount = kLabelTexts.size();
constexpr std::string_view name(Label l) { return kLabelTexts[static_cast<std::size_t>(l)].name; }

/// What one flow cannot know. Default: nothing is known, and the label is what the flow alone suggests.
struct Surroundings {
    bool scanner = false;          ///< its source walks over targets that lead nowhere (causes/walk.hpp)
    bool service_flooded = false;  ///< its address and port get many mute attempts (causes/window.hpp)
    bool address_flooded = false;  ///< likewise its address, over all ports
};

constexpr Label label_of(Attempt attempt, Surroundings around = {}) {
    const bool flooded = around.service_flooded || around.address_flooded;
    switch (attempt) {
        case Attempt::none:
        case Attempt::used:
            return Label::none;
        case Attempt::silent:
            return flooded && !around.scanner ? Label::spoofed_flood : Label::filtered;
        case Attempt::persistent:
            return around.service_flooded && !around.scanner ? Label::backlog_overflow : Label::filtered;
        case Attempt::refused:
            return Label::closed;
        case Attempt::unreachable:
            return Label::unreachable;
        case Attempt::abandoned:
        case Attempt::aborted:
            if (around.scanner) return Label::half_open_scan;
            return flooded ? Label::spoofed_flood : Label::unknown;
        case Attempt::empty:
            return around.scanner ? Label::connect_scan : Label::none;
        case Attempt::overflowed:
            return Label::backlog_overflow;
        case Attempt::one_sided:
            return Label::asymmetry;
        case Attempt::cut_short:
            return flooded && !around.scanner ? Label::spoofed_flood : Label::unknown;
        case Attempt::unclear:
            break;
    }
    return Label::unknown;
}

}  // namespace ajar
