// What one conversation looks like on the wire, as a value: its addresses and its segments in time order.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/policy/label.hpp"
#include "ajar/reason.hpp"

namespace ajar::gen {

enum class End : std::uint8_t { client, server };
constexpr End peer(End e) { return e == End::client ? End::server : End::client; }
constexpr std::size_t index(End e) { return static_cast<std::size_t>(e); }

// How a connection stands when its last segment has passed, whatever a tracker makes of it.
#define AJAR_GEN_OUTCOMES(X)                                               \
    X(closed)         /* both FINs acknowledged */                         \
    X(reset)          /* ended by an exact RST after the handshake */      \
    X(refused)        /* the SYN was answered by a RST */                  \
    X(unanswered)     /* the SYN was never answered */                     \
    X(half_open)      /* the SYN-ACK was never acknowledged */             \
    X(aborted)        /* the SYN-ACK was answered by a RST: a scan */      \
    X(idle)           /* established, nothing outstanding, then silence */ \
    X(unacknowledged) /* established, data without answer, then silence */ \
    X(half_closed)    /* one FIN, then silence */                          \
    X(one_way)        /* one direction passed elsewhere */

enum class Outcome : std::uint8_t {
#define AJAR_GEN_ID(id) id,
    AJAR_GEN_OUTCOMES(AJAR_GEN_ID)
#undef AJAR_GEN_ID
};
inline constexpr std::array kOutcomeNames = {
#define AJAR_GEN_NAME(id) std::string_view(#id),
    AJAR_GEN_OUTCOMES(AJAR_GEN_NAME)
#undef AJAR_GEN_NAME
};

/// One TCP segment, or an ICMP error about one. Numbers as in the header; absent options are 0.
struct Step {
    Duration at{};  ///< since the conversation's start, at the box
    End from = End::client;
    bool unreachable = false;  ///< what passes is ICMP to `from`, quoting this segment of it
    std::uint8_t flags = 0;
    std::uint8_t options = 0;       ///< TcpOptions bits
    std::uint8_t window_scale = 0;  ///< shift count of a SYN
    std::uint8_t detour = 0;        ///< hops that it comes further than its sender's others
    std::uint16_t mss = 0;
    std::uint16_t window = 0;
    std::uint32_t seq = 0, ack = 0, payload = 0;
    std::uint32_t ts_value = 0, ts_echo = 0;
    std::uint32_t sack_left = 0, sack_right = 0;
};

/// Who sends what the step puts on the wire.
constexpr End sender_of(const Step& s) { return s.unreachable ? peer(s.from) : s.from; }

struct Conversation {
    std::uint8_t kind = 0;  ///< index into scenarios()
    Family family = Family::ipv4;
    std::array<Ipv6Address, 2> address{};  ///< by End; an IPv4 address stands in the first four bytes
    std::array<std::uint16_t, 2> port{};
    std::uint16_t outer_vlan = 0, inner_vlan = 0;  ///< 0 = untagged
    std::uint16_t mtu = 1500;                      ///< longer datagrams are fragmented
    Label label = Label::none;                     ///< why it comes to nothing
    bool scanner = false;                          ///< its client is one
    Reason sign = Reason::none;                    ///< of Fate::sign: it becomes half open, and shows so
    End lost = End::client;                        ///< who has lost it then
    bool detours = false;                          ///< some of its packets go another way
    std::uint64_t ordinal = 0;
    Time start{};
    std::vector<Step> steps;        ///< by time
    std::vector<Outcome> outcomes;  ///< one per connection, that is per accepted SYN, in order
};

}  // namespace ajar::gen
