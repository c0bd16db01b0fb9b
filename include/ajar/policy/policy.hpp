// What the tracker was told to do: an immutable snapshot, passed into every call.
//
// The option table (src/config) fills it; nothing here parses, prints or defaults by profile. Decisions that
// read it are pure functions (policy/decide.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "ajar/clock.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

class Services;
class SourceLists;

enum class Mode : std::uint8_t { observe, enforce };
enum class MidStream : std::uint8_t { refuse, probation, loose };
enum class WindowCheck : std::uint8_t { strict, liberal, off };
enum class InvalidAction : std::uint8_t { pass, drop };
enum class ChecksumPolicy : std::uint8_t { verify, ignore };
/// Connections that live when the process ends go on without it, or both of their ends get exact resets.
enum class OnExit : std::uint8_t { keep, reset };
inline constexpr std::array<std::string_view, 2> kOnExitNames = {"keep", "reset"};
/// Does an end of a flow belong to the port from which it was heard first? A capture of one interface says
/// nothing of ports, so the library and `ajar replay` let flows float.
enum class Binding : std::uint8_t { floating, port };
/// Whose rules cut the packets of one tuple into flows: the TCP machine's, or those of Zeek's connection
/// records.
enum class Boundaries : std::uint8_t { conntrack, zeek };

inline constexpr std::array<std::string_view, 2> kModeNames = {"observe", "enforce"};
inline constexpr std::array<std::string_view, 3> kMidStreamNames = {"refuse", "probation", "loose"};
inline constexpr std::array<std::string_view, 3> kWindowCheckNames = {"strict", "liberal", "off"};
inline constexpr std::array<std::string_view, 2> kInvalidActionNames = {"pass", "drop"};
inline constexpr std::array<std::string_view, 2> kChecksumPolicyNames = {"verify", "ignore"};
inline constexpr std::array<std::string_view, 2> kBindingNames = {"floating", "port"};
constexpr std::string_view name(Mode m) { return kModeNames[static_cast<std::size_t>(m)]; }

/// Why a flow is acted upon.
enum class Cause : std::uint8_t {
    embryonic_stale,
    idle,
    half_closed,
    unverified,
    table_full,
    administrative,
    proven_dead,  ///< its ends were asked
};
inline constexpr std::array<std::string_view, 7> kCauseNames = {
    "embryonic_stale", "idle", "half_closed", "unverified", "table_full", "administrative", "proven_dead"};
inline constexpr std::size_t kCauseCount = kCauseNames.size();
constexpr std::string_view name(Cause c) { return kCauseNames[static_cast<std::size_t>(c)]; }

enum class Action : std::uint8_t { flag, evict, evict_reset };
inline constexpr std::array<std::string_view, 3> kActionNames = {"flag", "evict", "evict + reset"};
constexpr std::string_view name(Action a) { return kActionNames[static_cast<std::size_t>(a)]; }

using Timeouts = std::array<Duration, kTimerClassCount>;

/// Are SYNs answered in their service's place? `automatic`: those of flooded services, and all when the
/// embryonic store fills up.
enum class Answering : std::uint8_t { off, automatic, always };
inline constexpr std::array<std::string_view, 3> kAnsweringNames = {"off", "auto", "always"};

/// By what does whoever sends a SYN prove that he is where he says?
enum class SynProof : std::uint8_t {
    cookie,            ///< he acknowledges our SYN-ACK; the connection is translated for life
    challenge,         ///< he refuses a wrong ACK by its exact RST, and asks again; nothing is translated
    challenge_cookie,  ///< so, but who leaves two challenges unanswered gets a cookie
};
inline constexpr std::array<std::string_view, 3> kSynProofNames = {"cookie", "challenge",
                                                                   "challenge + cookie"};

/// Half-open flows, or connections begun a second, of one service or source (an IPv4 address, an IPv6 /64). A
/// limit or rate of 0: any number.
struct DefencePolicy {
    Answering answer = Answering::automatic;
    SynProof method = SynProof::cookie;
    // SYNs are answered
    std::uint32_t service_high = 1000;      ///< from so many half-open ones, unanswered answers included,
    std::uint32_t service_rate = 0;         ///< or so many new ones a second
    std::uint32_t service_low = 250;        ///< until it has been below this, or half of that rate,
    std::uint32_t destination_high = 4000;  ///< likewise of all ports of an address together; 0: never
    std::uint32_t destination_low = 1000;
    Duration dwell = std::chrono::seconds(30);  ///< for so long
    // what would go beyond is dropped at its SYN
    std::uint32_t service_limit = 0;
    std::uint32_t service_rate_limit = 0;
    std::uint32_t source_limit = 0;
    std::uint32_t source_rate = 0;
    Duration block_time{};  ///< of a source that was above its limit or rate; 0: while it is
    friend bool operator==(const DefencePolicy&, const DefencePolicy&) = default;
};

/// Are its SYNs ever challenged?
constexpr bool challenges(const DefencePolicy& defence) {
    return defence.answer != Answering::off && defence.method != SynProof::cookie;
}

/// A client's round trip, and a lost ACK's repetition.
inline constexpr Duration kLastCookies = std::chrono::seconds(2);

/// How silent connections are asked whether they live. What their `actions` say, if not "flag", goes first.
struct ProbePolicy {
    bool on = true;
    std::uint8_t tries = 5;                        ///< rounds; the last two carry a byte
    Duration interval = std::chrono::seconds(15);  ///< of one round: at least 1 s
    std::uint32_t per_second = 1000;               ///< frames, of a partition
    friend bool operator==(const ProbePolicy&, const ProbePolicy&) = default;
};

/// When what is said in vain is a sign of a half-open connection (tcp/signs.hpp).
struct SignPolicy {
    std::uint8_t retransmissions = 5;  ///< of the same data or FIN
    std::uint8_t keep_alives = 5;
    friend bool operator==(const SignPolicy&, const SignPolicy&) = default;
};

struct Policy {
    Mode mode = Mode::observe;
    MidStream mid_stream = MidStream::probation;
    WindowCheck window = WindowCheck::strict;
    InvalidAction invalid = InvalidAction::pass;
    InvalidAction refused = InvalidAction::pass;  ///< frames that the parser refused
    ChecksumPolicy checksums = ChecksumPolicy::verify;
    Boundaries boundaries = Boundaries::conntrack;
    Binding binding = Binding::floating;
    Timeouts timeouts{};
    std::array<Action, kCauseCount> actions{};
    std::uint8_t retransmissions = 3;  ///< after so many the `unacknowledged` timer applies
    std::uint32_t resets_per_second =
        1000;                           ///< per partition; as many again may answer segments of evicted flows
    std::uint32_t resets_burst = 1000;  ///< per partition
    Duration tombstone_life = std::chrono::minutes(5);
    ProbePolicy probe{};
    SignPolicy signs{};
    bool flow_start_events = false;
    bool flow_end_events = false;
    DefencePolicy defence{};
    OnExit on_exit = OnExit::keep;
    /// From then on no connection begins that would be translated: the appliance is about to end. SYNs are
    /// challenged instead; cookies that were sent before are accepted for kLastCookies more.
    Time drains_since = Time::max();
    // policy/services.hpp; null: none
    std::shared_ptr<const Services> services{};    ///< those that have a name
    std::shared_ptr<const SourceLists> sources{};  ///< those that are trusted or blocked
    std::uint64_t generation = 1;                  ///< of the configuration
};

constexpr bool is_draining(const Policy& policy) { return policy.drains_since != Time::max(); }
/// By what the clients of services under `defence` prove themselves now.
constexpr SynProof proof_by(const Policy& policy, const DefencePolicy& defence) {
    return is_draining(policy) ? SynProof::challenge : defence.method;
}
/// Until then are cookies accepted.
constexpr Time last_cookies(const Policy& policy) {
    return is_draining(policy) ? policy.drains_since + kLastCookies : Time::max();
}

}  // namespace ajar
