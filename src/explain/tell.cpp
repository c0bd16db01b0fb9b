// How incidents become a story: roles in line, a chapter for each, one timeline over all.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "explain/causes.hpp"
#include "explain/deeds.hpp"
#include "explain/knowledge.hpp"
#include "explain/letters.hpp"
#include "explain/signs.hpp"
#include "explain/story.hpp"
#include "explain/timeline.hpp"
#include "explain/words.hpp"
#include "export/human.hpp"

namespace ajar::explain {
namespace {

using Sentences = std::vector<std::string>;
using Incidents = std::span<const Incident>;

void append(Sentences& to, Sentences more) {
    for (auto& sentence : more)
        if (!sentence.empty()) to.push_back(sentence_from(std::move(sentence)));
}

/// What a packet of a flow that was gone has caused knows no roles: its sender stands first.
std::vector<Incident> in_one_order(Incidents incidents) {
    std::vector<Incident> out(incidents.begin(), incidents.end());
    auto leading =
        std::find_if(out.begin(), out.end(), [](const Incident& i) { return i.state != TcpState::none; });
    if (leading == out.end()) leading = out.begin();
    const auto ends = leading->ends;
    for (Incident& i : out)
        if (i.ends != ends) swap_roles(i);
    return out;
}

/// Its verdict was told with an incident before.
bool is_told(const Incident& i, Incidents before) {
    return i.suspected && i.suspected->sign != Reason::none &&
           std::any_of(before.begin(), before.end(), [&](const Incident& b) {
               return b.suspected && b.suspected->sign == i.suspected->sign &&
                      b.kind != EventKind::reset_sent;
           });
}

void tell_suspicion(Sentences& to, const Incident& i, Incidents before) {
    if (!is_told(i, before)) return append(to, tell_signs(i));
    append(to, {fmt::format("the verdict {} (confidence {}) stands.", name(i.suspected->sign),
                            name(i.suspected->confidence))});
}

/// Why, by which timer, with which numbers.
void tell_why(Sentences& to, const Incident& i, Incidents before) {
    append(to, {tell_cause(i), tell_attempt(i.attempt), tell_timer(i)});
    tell_suspicion(to, i, before);
    append(to, {tell_expected(i)});
}

std::string tell_ending(Reason reason) {
    if (reason == Reason::alive_at_end)
        return "The capture or the run ended, and the connection was still in the table.";
    return fmt::format("{}.", sentence(reason));
}

void tell_end(Sentences& to, const Incident& i) {
    append(to, {tell_ending(i.reason), tell_attempt(i.attempt)});
    if (i.last && i.begun != Time{})
        append(to, {fmt::format("From its first packet to its last it took {}.",
                                exporting::human_duration(*i.last - i.begun))});
}

void tell_verdict_alone(Sentences& to, const Incident& i) {
    append(to, tell_signs(i));
    append(to, {tell_expected(i),
                "A verdict changes nothing by itself: timers, probes and actions decide what becomes of the "
                "connection."});
}

Sentences sentences_of(const Incident& i, Incidents before, Incidents after) {
    Sentences out;
    switch (i.kind) {
        case EventKind::flow_start:
            append(out, {"It was seen for the first time."});
            break;
        case EventKind::flow_end:
            tell_end(out, i);
            break;
        case EventKind::flagged:
        case EventKind::evicted:
            tell_why(out, i, before);
            append(out, tell_action(i, after));
            break;
        case EventKind::reset_sent:
            append(out, {tell_reset(i)});
            break;
        case EventKind::refused:
            append(out, {"Its first packet was not let in.", tell_cause(i)});
            break;
        case EventKind::probed:
            append(out, tell_probe(i));
            tell_suspicion(out, i, before);
            append(out, {tell_expected(i)});
            break;
        case EventKind::half_open:
            tell_verdict_alone(out, i);
            break;
    }
    return out;
}

std::string generation_text(const Incident& i) {
    if (!i.generation) return {};
    const auto mode = i.mode ? fmt::format(", in mode {}", name(*i.mode)) : std::string();
    return fmt::format("this was decided by generation {} of the configuration{}.", *i.generation, mode);
}

/// Each change of the configuration between two events is told.
std::vector<Chapter> chapters_of(Incidents incidents) {
    std::vector<Chapter> out;
    std::string told;
    for (std::size_t n = 0; n < incidents.size(); ++n) {
        const Incident& i = incidents[n];
        Chapter chapter{i.time, title_of(i), sentences_of(i, incidents.first(n), incidents.subspan(n + 1))};
        if (i.kind == EventKind::flow_end && !i.generation) chapter.time.reset();  // a flow record
        if (auto generation = generation_text(i); !generation.empty() && generation != told) {
            append(chapter.sentences, {generation});
            told = std::move(generation);
        }
        out.push_back(std::move(chapter));
    }
    return out;
}

/// Of the incident that knows most of it: counts and histories grow.
const Incident& fullest(Incidents incidents) {
    return *std::max_element(incidents.begin(), incidents.end(), [](const Incident& a, const Incident& b) {
        const auto packets = [](const Incident& i) {
            return i.sent[kClient].packets + i.sent[kServer].packets;
        };
        return std::pair(packets(a), a.history.size()) < std::pair(packets(b), b.history.size());
    });
}

/// A flow record does not know the pair.
std::string where_text(Incidents incidents) {
    std::string out;
    const auto known =
        std::find_if(incidents.begin(), incidents.end(), [](const Incident& i) { return i.pair; });
    if (known != incidents.end()) out += fmt::format("port pair {}", *known->pair);
    for (const auto tag : incidents.front().vlans)
        out += fmt::format("{}VLAN {}", out.empty() ? "" : ", ", tag);
    return out.empty() ? out : fmt::format("seen on {}.", out);
}

std::string amounts_text(const Incident& i) {
    const auto one = [&](Role r) {
        return fmt::format("{} ({})", exporting::counted(i.sent[r].packets, "packet", "packets"),
                           exporting::human_bytes(i.sent[r].bytes));
    };
    return fmt::format("the client has sent {}, the server {}.", one(kClient), one(kServer));
}

Sentences facts_of(const Incident& i, Incidents incidents) {
    Sentences out;
    if (i.begun != Time{}) append(out, {fmt::format("it began at {}.", exporting::utc_text(i.begun))});
    append(out, {where_text(incidents), amounts_text(i)});
    if (!i.history.empty() && !shows_handshake(i.history))
        append(out, {"its handshake was not seen: who is the client is a guess."});
    const auto counts_apart = [](const Incident& one) { return one.suspected && one.suspected->own_counts; };
    if (std::any_of(incidents.begin(), incidents.end(), counts_apart))
        append(out,
               {"Ajar shook hands with the client in the server's place, so that the two count the "
                "server's bytes differently: what an end sends or expects is told as it counts itself."});
    return out;
}

}  // namespace

Story tell(Incidents told) {
    const auto incidents = in_one_order(told);
    const Incident& known = fullest(incidents);
    Story story;
    story.ends = known.ends;
    story.uid = known.uid;
    story.facts = facts_of(known, incidents);
    story.chapters = chapters_of(incidents);
    story.knows = tell_knowledge(incidents);
    for (auto& sentence : story.knows) sentence = sentence_from(std::move(sentence));
    story.timeline = timeline_of(incidents);
    story.history = spell(known.history);
    return story;
}

}  // namespace ajar::explain
