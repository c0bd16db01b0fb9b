// What changes in what is done about floods: told to programs as events, to people as lines.
//
// Control says so at an epoch (defence/herald.hpp): once when something begins, once when it is over. So what
// stands at a moment is what has begun and is not over, and whoever hears all changes knows it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/policy/pressure.hpp"

// X(id, measure, step, sentence). `id` is the JSON string too.
#define AJAR_CHANGES(X)                                                                             \
    X(flooded, flood, begins, "its SYNs are answered")                                              \
    X(flood_over, flood, ends, "its SYNs pass again")                                               \
    X(limit_reached, limit, begins, "SYNs that are not answered are dropped")                       \
    X(limit_left, limit, ends, "there is room for SYNs again")                                      \
    X(source_blocked, block, begins, "its SYNs are dropped")                                        \
    X(source_subsided, block, goes_on, "its SYNs stay dropped for the block time")                  \
    X(source_unblocked, block, ends, "its SYNs pass again")                                         \
    X(answers_for_all, everyone, begins, "SYNs to all services are answered")                       \
    X(answers_for_all_over, everyone, ends, "SYNs pass again, but to flooded services")             \
    X(backlog_freed, backlog, once, "what is half open at flooded services for over 1 s gives way") \
    X(heavy_network, heaviest, begins, "its handshakes give way first")                             \
    X(heavy_network_over, heaviest, ends, "its handshakes are like others")                         \
    X(rung_entered, rung, begins, "a stage of the pressure ladder is entered")                      \
    X(rung_left, rung, ends, "no longer")

namespace ajar {

enum class ChangeKind : std::uint8_t {
#define AJAR_CHANGE_ID(id, measure, step, sentence) id,
    AJAR_CHANGES(AJAR_CHANGE_ID)
#undef AJAR_CHANGE_ID
};

enum class Measure : std::uint8_t { flood, limit, block, everyone, backlog, heaviest, rung };
enum class Step : std::uint8_t { begins, goes_on, ends, once };

struct ChangeInfo {
    std::string_view name;
    Measure measure;
    Step step;
    std::string_view sentence;
};

inline constexpr std::array kChangeTable = {
#define AJAR_CHANGE_ROW(id, measure, step, sentence) ChangeInfo{#id, Measure::measure, Step::step, sentence},
    AJAR_CHANGES(AJAR_CHANGE_ROW)
#undef AJAR_CHANGE_ROW
};
inline constexpr std::size_t kChangeCount = kChangeTable.size();
constexpr const ChangeInfo& info(ChangeKind k) { return kChangeTable[static_cast<std::size_t>(k)]; }

/// What each stage of the pressure ladder does (policy/pressure.hpp).
inline constexpr std::array<std::string_view, kRungCount> kRungSentences = {
    "handshakes get less time",
    "the heaviest networks' handshakes give way first",
    "SYNs to all services are answered",
    "what both ends have closed ends sooner",
    "what is half closed, or waits for an acknowledgment, ends sooner",
    "new connections are refused"};

/// What is done about a flooded service's SYNs, by method.
inline constexpr std::array<std::string_view, kSynProofNames.size()> kFloodSentences = {
    "its SYNs are answered with cookies", "its SYNs are challenged",
    "its SYNs are challenged, and answered with cookies after two challenges"};

/// Whom or what a change is about.
enum class Subject : std::uint8_t {
    all,
    name,   ///< Change::name: a service, a source, a network
    named,  ///< Change::service: what a block [[services]] calls so
    rung,
};

/// By what it was judged.
enum class Gauge : std::uint8_t {
    none,
    half_open,  ///< connections, unanswered cookies and challenges included
    a_second,   ///< new connections
    embryonic,  ///< per mille of the table's places
    confirmed,
};
inline constexpr std::array<std::string_view, 5> kGaugeNames = {"none", "half_open", "a_second", "embryonic",
                                                                "confirmed"};
constexpr std::string_view name(Gauge g) { return kGaugeNames[static_cast<std::size_t>(g)]; }

struct Change {
    Time time{};  ///< of the epoch from whose start on it holds, or in which it got its name
    ChangeKind kind = ChangeKind::flooded;
    Subject subject = Subject::all;
    Mode mode = Mode::observe;  ///< in `observe` nothing is done
    Rung rung = Rung::shorter_timers;
    SynProof method = SynProof::cookie;  ///< flooded: by what its clients prove themselves
    bool server_known = true;            ///< it was seen to answer, so that cookies can be sent in its name
    bool by_rate = false;                ///< source_blocked: by what it has proven (Posture::eager)
    CountKey name{};
    std::string service;
    Gauge gauge = Gauge::none;
    std::uint64_t value = 0;             ///< now
    std::uint64_t elsewhere = 0;         ///< half_open: of these, what other appliances tell of
    std::uint64_t enter = 0, leave = 0;  ///< the marks
    Time since{};                        ///< what goes on or ends: its beginning
    Time until{};                        ///< source_subsided: its block's end
    std::uint64_t generation = 0;

    friend bool operator==(const Change&, const Change&) = default;
};

constexpr std::string_view sentence_of(const Change& c) {
    if (c.kind == ChangeKind::rung_entered) return kRungSentences[static_cast<std::size_t>(c.rung)];
    if (c.kind == ChangeKind::flooded) return kFloodSentences[static_cast<std::size_t>(c.method)];
    return info(c.kind).sentence;
}

/// About the same, whatever is said of it?
inline bool same_matter(const Change& a, const Change& b) {
    return info(a.kind).measure == info(b.kind).measure && a.subject == b.subject && a.name == b.name &&
           a.service == b.service && (a.subject != Subject::rung || a.rung == b.rung);
}

/// What stands, and how often each has happened. One thread's own.
class Situation {
public:
    /// In the order of time.
    void add(const Change& change);

    /// The latest that was said of each matter which is not over, in the order of their beginnings.
    [[nodiscard]] std::span<const Change> now() const { return now_; }
    [[nodiscard]] std::uint64_t count(ChangeKind k) const { return counts_[static_cast<std::size_t>(k)]; }
    /// How often the stage was entered.
    [[nodiscard]] std::uint64_t count(Rung r) const { return rungs_[static_cast<std::size_t>(r)]; }

private:
    std::vector<Change> now_;
    std::array<std::uint64_t, kChangeCount> counts_{};
    std::array<std::uint64_t, kRungCount> rungs_{};
};

}  // namespace ajar
