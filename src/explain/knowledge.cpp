// The law: an end knows what its state says, until evidence says something else of it; later evidence counts.
//
//   evidence                                  of the end that lost it    of its peer
//   crash_reopen_stuck                        lost                       left_waiting
//   crash_reopen_recovered                    renewed                    renewed
//   active_side_discovery, a RST to a probe   lost                       refused
//   unanswered_*, silence after probes        mute                       waits_in_vain
//   the same where words pass elsewhere       unheard                    what its state says
//   made_by_middlebox                         cut_off                    goes_on
//   an answer to a probe                      answered (that end)
//   a reset that was sent                     told (that end)
//   the flow's end by FIN                     over, of both
//   its end by a RST                          over, of those of whom no fact is known
//
// Who was silent may speak again, and no event tells that. So what is a sign, and no fact, stands only while
// the flow's events tell the verdict. The flow's end never tells it: there it stands unless that end was
// heard since, by the count of its packets.
#include "explain/knowledge.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "explain/words.hpp"

namespace ajar::explain {
namespace {

#define AJAR_KNOWLEDGE(X)                                                                            \
    X(unknown, "nothing certain is known of {}.")                                                    \
    X(asks, "{} has sent its SYN and waits for an answer, if it exists at all.")                     \
    X(unasked, "{} has not answered: whether the SYN reached it is not known.")                      \
    X(unproven, "{} has not acknowledged the answer: it may never have asked.")                      \
    X(backlogged, "{} holds the half-open connection in its backlog.")                               \
    X(open, "{} takes the connection for open.")                                                     \
    X(finished, "{} has closed its own direction and waits for its peer to do the same.")            \
    X(over, "{} knows that the connection is over.")                                                 \
    X(lost, "{} has no such connection any more.")                                                   \
    X(left_waiting, "{} still has the connection, whose other end is gone: it is half open there.")  \
    X(renewed, "{} has the new connection; of the old one nothing is left.")                         \
    X(refused, "{} learned from its peer's RST that the connection is gone.")                        \
    X(waits_in_vain, "{} still has the connection and waits: if its peer is gone, it is half open.") \
    X(mute, "{} says nothing here: it lost the connection, is out of reach, or answers elsewhere.")  \
    X(unheard, "{} is not heard here, and may be heard elsewhere: that proves nothing.")             \
    X(cut_off, "{} may have believed the RST and given the connection up.")                          \
    X(goes_on, "{} goes on, and knows nothing of the RST in its name.")                              \
    X(answered, "{} has the connection: it answered when it was asked.")                             \
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

/// What is known by. A fact stays, whatever becomes of the flow.
enum class Basis : std::uint8_t { state, sign, fact };

/// An end.
struct Mind {
    Knows knows = Knows::unknown;
    Basis basis = Basis::state;
    Confidence confidence = Confidence::high;
    std::uint64_t heard = 0;  ///< its packets, when a sign was last told

    void learn(Knows what, Basis by, Confidence how = Confidence::high) {
        knows = what;
        basis = by;
        confidence = how;
    }
    void forget() { learn(Knows::unknown, Basis::state); }
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

bool has_verdict(const Incident& i) { return i.suspected && i.suspected->sign != Reason::none; }

void hear_verdict(Minds& minds, const Suspected& s, Knows lost, Knows its_peer, Basis basis) {
    for (const Role r : {kClient, kServer}) minds[r].learn(s.lost[r] ? lost : its_peer, basis, s.confidence);
}

/// It may have been answered where nobody looks.
void hear_nothing(Minds& minds, const Suspected& s) {
    for (const Role r : {kClient, kServer})
        if (s.lost[r]) minds[r].learn(Knows::unheard, Basis::sign);
}

void hear_sign(Minds& minds, const Incident& i) {
    const Suspected& s = *i.suspected;
    switch (s.sign) {
        case Reason::crash_reopen_stuck:
            return hear_verdict(minds, s, Knows::lost, Knows::left_waiting, Basis::sign);
        case Reason::crash_reopen_recovered:
            return hear_verdict(minds, s, Knows::renewed, Knows::renewed, Basis::sign);
        case Reason::active_side_discovery:
            return hear_verdict(minds, s, Knows::lost, Knows::refused, Basis::fact);
        case Reason::made_by_middlebox:
            return hear_verdict(minds, s, Knows::cut_off, Knows::goes_on,
                                i.state == TcpState::close ? Basis::fact : Basis::sign);
        default:
            if (s.confidence == Confidence::low) return hear_nothing(minds, s);
            return hear_verdict(minds, s, Knows::mute, Knows::waits_in_vain, Basis::sign);
    }
}

void hear_answers(Minds& minds, const Incident& i) {
    const bool decided = i.reason != Reason::probe_undecided;
    const Confidence how = decided && has_verdict(i) ? i.suspected->confidence : Confidence::high;
    for (const Role r : {kClient, kServer}) {
        const Pulse pulse = i.probe->pulse[r];
        if (pulse == Pulse::alive) minds[r].learn(Knows::answered, Basis::sign);
        if (pulse == Pulse::silent || pulse == Pulse::unreachable)
            minds[r].learn(decided ? Knows::mute : Knows::unheard, Basis::sign, how);
        if (pulse != Pulse::gone) continue;
        minds[r].learn(Knows::lost, Basis::fact, how);
        minds[peer(r)].learn(Knows::refused, Basis::fact, how);
        return;
    }
}

/// Both FINs were acknowledged, or somebody has ended a wait by a RST.
void hear_end(Minds& minds, Reason reason) {
    for (Mind& mind : minds) {
        const bool waits = mind.basis != Basis::fact;
        if (reason == Reason::closed_by_fin || (reason == Reason::closed_by_rst && waits))
            mind.learn(Knows::over, Basis::fact);
    }
}

/// Of an end that a sign says is silent, or without the connection.
bool was_heard_since(const Mind& mind, std::uint64_t packets) {
    const bool silent =
        mind.knows == Knows::mute || mind.knows == Knows::unheard || mind.knows == Knows::lost;
    return mind.basis == Basis::sign && silent && packets > mind.heard;
}

/// An end without the connection that was heard since may have sent but another SYN, at the flow's end.
void doubt(Mind& mind, bool at_end) {
    if (mind.basis != Basis::sign) return;
    at_end&& mind.knows == Knows::lost ? mind.learn(Knows::unknown, Basis::sign) : mind.forget();
}

/// The flow has ended, or an event of it has come without a verdict.
void withdraw(Minds& minds, const Incident& i) {
    const bool at_end = i.kind == EventKind::flow_end;
    bool doubted = !at_end;
    for (const Role r : {kClient, kServer}) doubted |= was_heard_since(minds[r], i.sent[r].packets);
    if (!doubted) return;
    for (Mind& mind : minds) doubt(mind, at_end);
}

void hear_state(Minds& minds, const Incident& i) {
    for (const Role r : {kClient, kServer})
        if (minds[r].basis == Basis::state) minds[r].knows = by_state(i, r);
}

void hear_incident(Minds& minds, const Incident& i) {
    const bool of_flow = i.state != TcpState::none;  // else of a packet that came after it
    if (of_flow && !has_verdict(i)) withdraw(minds, i);
    if (of_flow) hear_state(minds, i);
    const bool new_to_us = minds[kClient].basis == Basis::state && minds[kServer].basis == Basis::state;
    if (has_verdict(i) && !i.probe && (i.kind == EventKind::half_open || new_to_us)) hear_sign(minds, i);
    if (i.probe) hear_answers(minds, i);
    if (has_verdict(i) || i.probe)
        for (const Role r : {kClient, kServer}) minds[r].heard = i.sent[r].packets;
    if (i.reset && i.mode == Mode::enforce) minds[i.reset->to].learn(Knows::told, Basis::fact);
    if (i.kind == EventKind::flow_end) hear_end(minds, i.reason);
}

std::string text_of(const Mind& mind, Role r) {
    std::string text = text_for(mind.knows, r);
    if (mind.confidence == Confidence::high) return text;
    text.pop_back();
    return fmt::format("{} (confidence {}).", text, name(mind.confidence));
}

}  // namespace

std::array<std::string, 2> tell_knowledge(std::span<const Incident> incidents) {
    Minds minds;
    for (const Incident& i : incidents) hear_incident(minds, i);
    return {text_of(minds[kClient], kClient), text_of(minds[kServer], kServer)};
}

}  // namespace ajar::explain
