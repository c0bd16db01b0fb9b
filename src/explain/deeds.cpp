// Rules and what came of them.
#include "explain/deeds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explain/causes.hpp"
#include "explain/words.hpp"
#include "export/human.hpp"

namespace ajar::explain {
namespace {

bool only_watches(const Incident& i) { return i.mode == Mode::observe; }

/// The row of the configuration that decided, or what stands above it (policy/decide.hpp).
std::string tell_rule(const Incident& i) {
    const Action action = i.action.value_or(Action::flag);
    if (i.reason == Reason::one_way || i.reason == Reason::low_coverage)
        return fmt::format("so its silence proves nothing, and it is not reset, though actions.{} says so",
                           i.cause ? name(*i.cause) : "idle");
    if (i.reason == Reason::unverified_rst_idle && action == Action::flag)
        return "such a RST is never a reason for more than a flag: it may be forged";
    if (!i.cause) return fmt::format("the rule is \"{}\"", name(action));
    return fmt::format("the rule for it, actions.{}, is \"{}\"", name(*i.cause), name(action));
}

std::string done_by(Action action) {
    switch (action) {
        case Action::flag:
            return "Ajar reported it, by this event, and did nothing else: the connection stays in its "
                   "table.";
        case Action::evict:
            return "Ajar forgot the connection and told neither end.";
        default:
            return "Ajar gave the connection up, and was to reset whoever may still have it.";
    }
}

std::string would_be_done_by(Action action) {
    if (action == Action::flag) return done_by(action);
    return "Ajar only watches (mode observe): it sent nothing, and has merely stopped tracking the "
           "connection.";
}

bool is_reset(const Incident& i) { return i.kind == EventKind::reset_sent; }

/// Of an eviction that was to reset, and of which no reset is told: tracker/reset.hpp has the reasons, and an
/// event can be lost.
std::string tell_no_reset(const Incident& i) {
    if (i.state == TcpState::syn_sent)
        return "No reset was due: of a SYN without an answer, no end is known to hold anything that a RST "
               "could free.";
    if (i.state == TcpState::close || i.state == TcpState::time_wait)
        return "Of a reset nothing is told: the connection was over.";
    return "Of a reset nothing is told: resets.rate was used up, or the number that the RST needs or the way "
           "to its receiver was not known, or the connection is inside a tunnel, or that event is not among "
           "those that were read.";
}

std::string tell_pulse(Role r, Pulse pulse) {
    switch (pulse) {
        case Pulse::alive:
            return fmt::format("{} answered by an ACK: it has the connection.", the(r));
        case Pulse::gone:
            return fmt::format("{} answered by a RST: it has no such connection any more.", the(r));
        case Pulse::silent:
            return fmt::format("{} never answered.", the(r));
        case Pulse::unreachable:
            return fmt::format("{} never answered, and an ICMP error said that it cannot be reached.",
                               the(r));
        default:
            return fmt::format("{} had not answered yet.", the(r));
    }
}

/// It is what came by here that silence is told by.
std::string tell_undecided(const Incident& i) {
    switch (i.suspected ? i.suspected->visibility : Visibility::whole) {
        case Visibility::one_way:
            return "But an end had acknowledged data that was never seen here, so its peer's words pass "
                   "elsewhere, and silence proves nothing: the connection is kept.";
        case Visibility::low_coverage:
            return "But words of other connections with that network are known to pass elsewhere, so silence "
                   "proves nothing: the connection is kept.";
        default:
            return "But words may pass elsewhere, so silence proves nothing: the connection is kept.";
    }
}

std::string tell_outcome(const Incident& i) {
    const auto gone = std::find(i.probe->pulse.begin(), i.probe->pulse.end(), Pulse::gone);
    switch (i.reason) {
        case Reason::proven_alive:
            return "So both are alive: the timer runs anew, and nobody was disturbed.";
        case Reason::probe_undecided:
            return tell_undecided(i);
        default:
            break;
    }
    if (gone == i.probe->pulse.end())
        return "So the connection counts as dead; actions.proven_dead says what is done.";
    const auto who = static_cast<Role>(gone - i.probe->pulse.begin());
    return fmt::format("Its RST went on to {}, which accepts it: nothing hangs.", the(peer(who)));
}

/// What had run out before.
std::string tell_occasion(const Incident& i) {
    return fmt::format("the {} had run out", has_timer(i) ? timer_text(i) : "timer");
}

/// Nobody was waited for any longer: then all rounds were waited out.
bool is_conclusion(const Incident& i) {
    const auto& pulse = i.probe->pulse;
    return i.reason != Reason::proven_alive &&
           std::find(pulse.begin(), pulse.end(), Pulse::gone) == pulse.end();
}

/// A round that finds no place among the probes of its second is put off.
std::string tell_rounds(const ProbeTold& p) {
    if (p.rounds <= 1) return "once";
    if (p.interval == Duration::zero()) return fmt::format("in {} rounds", p.rounds);
    return fmt::format("in {} rounds, {} apart or more (probe.interval)", p.rounds,
                       exporting::human_duration(p.interval));
}

std::string tell_questions(const Incident& i) {
    const ProbeTold& p = *i.probe;
    std::string out = fmt::format("{}, so Ajar asked both ends whether they still have the connection: {}",
                                  tell_occasion(i), tell_rounds(p));
    if (p.rounds > 1) out += "; who had answered was not asked again";
    if (!is_conclusion(i) || p.interval == Duration::zero()) return out + ".";
    return fmt::format("{}. The first round began at {} or before.", out,
                       about(i.time - p.rounds * p.interval, i.time));
}

}  // namespace

std::vector<std::string> tell_action(const Incident& i, std::span<const Incident> after) {
    const Action action = i.action.value_or(Action::flag);
    const bool undone = only_watches(i) && action != Action::flag;
    std::vector<std::string> out = {
        fmt::format("{}{}.", tell_rule(i), undone ? ", which counts in mode enforce only" : "")};
    out.push_back(only_watches(i) ? would_be_done_by(action) : done_by(action));
    if (action == Action::evict_reset && std::none_of(after.begin(), after.end(), is_reset))
        out.push_back(tell_no_reset(i));
    return out;
}

std::string tell_reset(const Incident& i) {
    if (!i.reset) return {};
    const Role to = i.reset->to;
    const bool exact = i.expected[to] == i.reset->seq;
    const auto number = exact ? fmt::format(
                                    "SEQ {}, which is what {} expects next, so that it is accepted at once "
                                    "(RFC 5961 3.2)",
                                    i.reset->seq, the(to))
                              : fmt::format("SEQ {}", i.reset->seq);
    if (only_watches(i))
        return fmt::format("in mode enforce {} would have got a RST in the name of its peer, with {}.",
                           the(to), number);
    const bool from_tombstone = i.state == TcpState::none;
    const auto occasion =
        from_tombstone
            ? fmt::format("{} spoke again after the connection had been ended, so it still had it: ", the(to))
            : std::string();
    return fmt::format("{}Ajar sent {} a RST in the name of its peer, with {}.", occasion, the(to), number);
}

std::vector<std::string> tell_probe(const Incident& i) {
    if (!i.probe) return {};
    std::vector<std::string> out = {tell_questions(i)};
    for (const Role r : {kClient, kServer}) out.push_back(tell_pulse(r, i.probe->pulse[r]));
    out.push_back(tell_outcome(i));
    return out;
}

}  // namespace ajar::explain
