// The law: an end knows what its state says, until evidence says something else of it; later evidence counts.
//
//   evidence                              of the end that lost it    of its peer
//   crash_reopen_stuck                    lost                       left_waiting
//   crash_reopen_recovered                renewed                    renewed
//   active_side_discovery, a RST to a probe   lost                   refused
//   unanswered_*, silence after probes    mute                       left_waiting
//   made_by_middlebox                     cut_off                    goes_on
//   an answer to a probe                  answered (that end)
//   a reset that was sent                 told (that end)
//   the flow's end by FIN                 over, of both
//   its end by a RST                      over, of those of whom no more is known than that they wait
#include "explain/knowledge.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "explain/words.hpp"

namespace ajar::explain {
namespace {

#define AJAR_KNOWLEDGE(X)                                                                           \
    X(unknown, "nothing certain is known of {}.")                                                   \
    X(asks, "{} has sent its SYN and waits for an answer, if it exists at all.")                    \
    X(unasked, "{} has not answered: whether the SYN reached it is not known.")                     \
    X(unproven, "{} has not acknowledged the answer: it may never have asked.")                     \
    X(backlogged, "{} holds the half-open connection in its backlog.")                              \
    X(open, "{} takes the connection for open.")                                                    \
    X(finished, "{} has closed its own direction and waits for its peer to do the same.")           \
    X(over, "{} knows that the connection is over.")                                                \
    X(lost, "{} has no such connection any more.")                                                  \
    X(left_waiting, "{} still has the connection, whose other end is gone: it is half open there.") \
    X(renewed, "{} has the new connection; of the old one nothing is left.")                        \
    X(refused, "{} learned from its peer's RST that the connection is gone.")                       \
    X(mute, "{} says nothing: it has lost the connection, or cannot be reached.")                   \
    X(cut_off, "{} may have believed the RST and given the connection up.")                         \
    X(goes_on, "{} goes on, and knows nothing of the RST in its name.")                             \
    X(answered, "{} has the connection: it answered when it was asked.")                            \
    X(told, "{} was told by an exact RST; it has given the connection up, if that arrived.")

enum class Knows : std::uint8_t {
#define AJAR_KNOWS_ID(id, text) id,
    AJAR_KNOWLEDGE(AJAR_KNOWS_ID)
#undef AJAR_KNOWS_ID
};

std::string text_for(Knows knows, Role r) {
    switch (knows) {
#define AJAR_KNOWS_TEXT(id, text) \
    case Knows::id:               \
        return fmt::format(text, the(r));
        AJAR_KNOWLEDGE(AJAR_KNOWS_TEXT)
#undef AJAR_KNOWS_TEXT
    }
    return {};
}

/// An end, and whether more than the state speaks of it.
struct Mind {
    Knows knows = Knows::unknown;
    bool certain = false;

    void learn(Knows what) {
        knows = what;
        certain = true;
    }
};
using Minds = std::array<Mind, 2>;

bool has_closed(const Incident& i, Role r) {
    return i.history.find(r == kClient ? 'F' : 'f') != std::string::npos;
}

Knows by_state(const Incident& i, Role r) {
    switch (i.state) {
        case TcpState::syn_sent:
        case TcpState::syn_sent2:
            return r == kClient ? Knows::asks : Knows::unasked;
        case TcpState::syn_recv:
            return r == kClient ? Knows::unproven : Knows::backlogged;
        case TcpState::established:
            return Knows::open;
        case TcpState::fin_wait:
        case TcpState::close_wait:
        case TcpState::last_ack:
            return has_closed(i, r) ? Knows::finished : Knows::open;
        case TcpState::time_wait:
        case TcpState::close:
            return Knows::over;
        default:
            return Knows::unknown;
    }
}

void hear_verdict(Minds& minds, const Suspected& s, Knows lost, Knows its_peer) {
    for (const Role r : {kClient, kServer}) minds[r].learn(s.lost[r] ? lost : its_peer);
}

void hear_sign(Minds& minds, const Suspected& s) {
    switch (s.sign) {
        case Reason::crash_reopen_stuck:
            return hear_verdict(minds, s, Knows::lost, Knows::left_waiting);
        case Reason::crash_reopen_recovered:
            return hear_verdict(minds, s, Knows::renewed, Knows::renewed);
        case Reason::active_side_discovery:
            return hear_verdict(minds, s, Knows::lost, Knows::refused);
        case Reason::made_by_middlebox:
            return hear_verdict(minds, s, Knows::cut_off, Knows::goes_on);
        default:
            return hear_verdict(minds, s, Knows::mute, Knows::left_waiting);
    }
}

void hear_answers(Minds& minds, const ProbeTold& probe) {
    for (const Role r : {kClient, kServer}) {
        if (probe.pulse[r] == Pulse::alive) minds[r].learn(Knows::answered);
        if (probe.pulse[r] == Pulse::silent || probe.pulse[r] == Pulse::unreachable)
            minds[r].learn(Knows::mute);
        if (probe.pulse[r] != Pulse::gone) continue;
        minds[r].learn(Knows::lost);
        minds[peer(r)].learn(Knows::refused);
        return;
    }
}

/// Both FINs were acknowledged, or somebody has ended a wait by a RST.
void hear_end(Minds& minds, Reason reason) {
    for (Mind& mind : minds) {
        const bool waits = !mind.certain || mind.knows == Knows::mute || mind.knows == Knows::left_waiting;
        if (reason == Reason::closed_by_fin || (reason == Reason::closed_by_rst && waits))
            mind.learn(Knows::over);
    }
}

/// A suspicion without a verdict: an earlier one was withdrawn.
void hear_state(Minds& minds, const Incident& i) {
    if (i.state == TcpState::none) return;
    if (i.suspected && i.suspected->sign == Reason::none)
        for (Mind& mind : minds) mind.certain = false;
    for (const Role r : {kClient, kServer})
        if (!minds[r].certain) minds[r].knows = by_state(i, r);
}

void hear_incident(Minds& minds, const Incident& i) {
    hear_state(minds, i);
    if (i.kind == EventKind::half_open && i.suspected && i.suspected->sign != Reason::none)
        hear_sign(minds, *i.suspected);
    if (i.probe) hear_answers(minds, *i.probe);
    if (i.reset && i.mode == Mode::enforce) minds[i.reset->to].learn(Knows::told);
    if (i.kind == EventKind::flow_end) hear_end(minds, i.reason);
}

}  // namespace

std::array<std::string, 2> tell_knowledge(std::span<const Incident> incidents) {
    Minds minds;
    for (const Incident& i : incidents) hear_incident(minds, i);
    return {text_for(minds[kClient].knows, kClient), text_for(minds[kServer].knows, kServer)};
}

}  // namespace ajar::explain
