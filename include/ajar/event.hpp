// What the tracker has to say, as fixed-size values: written to a ring by a worker, turned into text
// elsewhere.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/clock.hpp"
#include "ajar/flow/entry.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/flow/probes.hpp"
#include "ajar/flow/record.hpp"
#include "ajar/flow/suspicions.hpp"
#include "ajar/policy/attempt.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"

namespace ajar {

enum class EventKind : std::uint8_t {
    flow_start,
    flow_end,    ///< the flow's record: every flow has exactly one, whatever its end
    flagged,     ///< a cause applied and the action was `flag`
    evicted,     ///< removed before its natural end
    reset_sent,  ///< `action` says what was done; in `observe`, what would have been
    refused,     ///< a new connection was not admitted
    probed,      ///< a silent connection was asked whether it lives: `pulse` says what came of it
    half_open,   ///< its packets say that an end has lost it: `reason` is the verdict, of Fate::sign
};

/// Order of output: (time, ordinal, index).
struct Event {
    Time time{};                ///< of the packet, or the deadline that passed
    std::uint64_t ordinal = 0;  ///< of the packet, or the flow's birth
    std::uint16_t index = 0;    ///< within the same (time, ordinal)
    EventKind kind = EventKind::flow_start;
    Reason reason = Reason::none;
    Cause cause = Cause::idle;
    Action action = Action::flag;
    Mode mode = Mode::observe;  ///< in `observe` nothing was done
    Family family = Family::ipv4;
    TcpState state = TcpState::none;
    TimerClass timer = TimerClass::untimed;
    Tick tick{};                      ///< of the last packet that counted for it
    Attempt attempt = Attempt::none;  ///< flow_end, evicted, flagged: what became of it
    Side reset_to = 0;                ///< reset_sent: the endpoint that gets it
    std::uint32_t reset_seq = 0;      ///< its SEQ
    Duration timeout{};  ///< of `timer`, where a timer was the cause; probed: that ran out before
    std::uint64_t generation = 0;
    std::uint64_t flow_id = 0;  ///< the same for all events of a flow
    KeyV6 key{};                ///< an IPv4 address stands in the first four bytes of each address
    Conn conn{};
    Warm warm{};
    std::array<Pulse, 2> pulse{};  ///< probed: by Side
    std::uint8_t rounds = 0;       ///< probed: how often they were asked
    Duration interval{};           ///< probed: from one round to the next
    bool recorded = false;         ///< `record` counts: of flows in a tracker that keeps records
    Record record{};
    bool evidenced = false;  ///< `evidence` counts: of flows under suspicion
    FlowEvidence evidence{};

    [[nodiscard]] Side originator() const { return recorded ? record.originator() : conn.originator(); }
    /// Of the flow's first packet; without a record to 16 us.
    [[nodiscard]] Time begun() const { return recorded ? Time(Duration(record.first_ns)) : warm.first(); }
};

/// The order of output. Only events of one flow can be equal in the first three: a flow that is born by the
/// very packet at whose time it ends.
inline bool precedes(const Event& a, const Event& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.ordinal != b.ordinal) return a.ordinal < b.ordinal;
    return a.index != b.index ? a.index < b.index : a.kind < b.kind;
}

}  // namespace ajar
