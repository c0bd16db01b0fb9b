// One event of a connection as evidence: all that the teller tells from, wherever it was read.
//
// An end is known by its role, not by its place in a key: who opened the connection is the client. Where the
// handshake was not seen, the client is who was heard first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ajar/event.hpp"

namespace ajar::explain {

/// Index into all arrays of two here.
using Role = std::uint8_t;
inline constexpr Role kClient = 0, kServer = 1;
constexpr Role peer(Role r) { return static_cast<Role>(r ^ 1U); }

struct Endpoint {
    Family family = Family::ipv4;
    Ipv6Address address{};  ///< IPv4 in the first four bytes
    std::uint16_t port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// What an end has sent.
struct Amount {
    std::uint64_t packets = 0, bytes = 0;  ///< of IP
};

struct ResetTold {
    Role to = kClient;
    std::uint32_t seq = 0;
};

struct ProbeTold {
    unsigned rounds = 0;
    Duration interval{};  ///< of one round; 0: not told
    std::array<Pulse, 2> pulse{};
};

/// What is kept of a connection under suspicion (flow/suspicions.hpp).
struct Suspected {
    Reason sign = Reason::none;  ///< of Fate::sign; none: no verdict, and the next six say nothing
    Confidence confidence = Confidence::none;
    Visibility visibility = Visibility::whole;
    std::array<bool, 2> lost{};
    unsigned count = 0;
    bool own_counts = false;  ///< its ends count differently, and each number is by its own end's count
    std::uint32_t expected = 0, seen = 0;
    Time began{};
    std::string replaces;                           ///< uid of the connection before this one, or empty
    std::array<std::vector<Glimpse>, 2> packets{};  ///< that the end has sent, oldest first
};

struct Incident {
    Time time{};
    EventKind kind = EventKind::flow_start;
    std::string uid;
    std::uint64_t flow_id = 0;  ///< EVE's 53 bits of it; 0: not told
    std::array<Endpoint, 2> ends{};
    std::vector<std::uint16_t> vlans;  ///< outside in
    std::optional<unsigned> pair;      ///< of ports
    std::array<Amount, 2> sent{};
    Time begun{};
    std::optional<Time> last;  ///< packet: of ends of flows
    Reason reason = Reason::none;
    std::optional<Cause> cause;
    std::optional<Mode> mode;
    std::optional<Action> action;  ///< in mode observe: what would have been done
    TcpState state = TcpState::none;
    TimerClass timer = TimerClass::untimed;
    Duration timeout{};
    Attempt attempt = Attempt::none;
    std::string history;
    std::array<std::optional<std::uint32_t>, 2> expected{};  ///< SEQ that the end waits for
    std::optional<ResetTold> reset;
    std::optional<ProbeTold> probe;
    std::optional<Suspected> suspected;
    std::optional<std::uint64_t> generation;  ///< of the configuration
};

/// "10.0.0.1:80", "[2001:db8::1]:80".
std::string text_of(const Endpoint& end);

/// The other end is the client.
void swap_roles(Incident& incident);

}  // namespace ajar::explain
