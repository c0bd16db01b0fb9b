// Facts as JSON.
#include "control/facts.hpp"

#include "export/json.hpp"

namespace ajar::control {
namespace {

using exporting::Json;

std::string flag(bool v) { return v ? "true" : "false"; }
std::string seconds(Duration d) {
    exporting::Text text;
    exporting::put_seconds(text, d);
    return fmt::to_string(text);
}
std::string iso(Time t) {
    exporting::Text text;
    exporting::put_iso_time(text, t);
    return Json::quoted(fmt::to_string(text));
}

std::string of(const BurstSizes& sizes) {
    Json list('[');
    for (const auto n : sizes) list.item(std::to_string(n));
    return list.text();
}

std::string of(const Occupancy::Places& places) {
    return Json().member("used", places.used).member("all", places.all).text();
}

std::string of(const Occupancy& t) {
    return Json()
        .member("confirmed_ipv4", of(t.confirmed[0]))
        .member("confirmed_ipv6", of(t.confirmed[1]))
        .member("embryonic_ipv4", of(t.embryonic[0]))
        .member("embryonic_ipv6", of(t.embryonic[1]))
        .member("tombstones", of(t.tombstones))
        .member("directory", of(t.directory))
        .member("two_lines", t.strays)
        .member("kicks", t.kicks)
        .member("longest_path", std::uint64_t{t.longest_path})
        .text();
}

std::string of(const QueueFacts& q) {
    return Json()
        .member("port", std::uint64_t{q.port})
        .member("queue", std::uint64_t{q.queue})
        .member("worker", std::uint64_t{q.worker})
        .member("packets", q.packets)
        .member("bursts", q.bursts)
        .member("burst_sizes", of(q.sizes))
        .text();
}

std::string of(const PortFacts& p) {
    return Json()
        .member("device", Json::quoted(p.device))
        .member("link_up", flag(p.link_up))
        .member("received", p.received)
        .member("received_bytes", p.received_bytes)
        .member("transmitted", p.transmitted)
        .member("transmitted_bytes", p.transmitted_bytes)
        .member("crafted", p.crafted)
        .member("crafted_dropped", p.crafted_dropped)
        .member("dropped", p.dropped)
        .member("tx_failed", p.tx_failed)
        .member("missed", p.missed)
        .member("no_buffer", p.no_buffer)
        .text();
}

std::string of(const WorkerFacts& w) {
    Json out;
    out.member("packets", w.packets).member("bytes", w.bytes).member("tcp_packets", w.tcp_packets);
    out.member("received", w.received);
    out.member("forwarded", w.forwarded).member("dropped", w.dropped).member("consumed", w.consumed);
    if (w.timed) {
        out.member("busy_cycles", w.busy_cycles).member("idle_cycles", w.idle_cycles);
    }
    return out.member("stalled", flag(w.stalled))
        .member("rounds", w.rounds)
        .member("idle_rounds", w.idle_rounds)
        .member("handed_over", w.handed_over)
        .member("taken_over", w.taken_over)
        .member("ring_full", w.ring_full)
        .member("ring_backlog", w.ring_backlog)
        .member("events", w.events)
        .member("events_lost", w.events_lost)
        .member("event_backlog", w.event_backlog)
        .member("timer_backlog", w.timer_backlog)
        .member("expiries", w.expiries)
        .member("expiry_late_max_ns", w.expiry_late_max_ns)
        .member("orders", w.orders)
        .member("order_backlog", w.order_backlog)
        .member("fragments_held", w.fragments_held)
        .member("flows", w.flows)
        .member("tables", of(w.tables))
        .text();
}

std::string of(const PoolFacts& p) {
    return Json().member("buffers", p.buffers).member("in_use", p.in_use).text();
}

template <typename List>
std::string each(const List& list) {
    Json out('[');
    for (const auto& one : list) out.item(of(one));
    return out.text();
}

/// What is not zero, by name.
template <std::size_t N, typename Name>
std::string named(const std::array<std::uint64_t, N>& counts, Name&& name_of) {
    Json out;
    for (std::size_t i = 0; i < N; ++i)
        if (counts[i] != 0) out.member(name_of(i), counts[i]);
    return out.text();
}

std::string of(const WouldHave& w) {
    const auto reason = [](std::size_t i) { return kReasonTable[i].name; };
    return Json().member("evicted", named(w.evicted, reason)).member("resets", w.resets).text();
}

std::string of(const TrackerFacts& t) {
    return Json()
        .member("created", t.created)
        .member("promoted", t.promoted)
        .member("ended", t.ended)
        .member("half_open", t.half_open)
        .member("resets_sent", t.resets_sent)
        .member("resets_due", t.resets_due)
        .member("cookies_sent", t.cookies_sent)
        .member("cookies_accepted", t.cookies_accepted)
        .member("cookies_repeated", t.cookies_repeated)
        .member("cookies_refused", t.cookies_refused)
        .member("challenges_sent", t.challenges_sent)
        .member("challenges_met", t.challenges_met)
        .member("challenges_adopted", t.challenges_adopted)
        .member("challenges_refused", t.challenges_refused)
        .member("challenges_waived", t.challenges_waived)
        .member("would_answer", t.would_answer)
        .member("would_challenge", t.would_challenge)
        .member("would_drop", t.would_drop)
        .member("translated", t.translated)
        .member("probing", t.probing)
        .member("probes_sent", t.probes_sent)
        .member("probes_answered", t.probes_answered)
        .member("probings", t.probings)
        .member("probings_put_off", t.probings_put_off)
        .member("probings_ended_by_traffic", t.probings_ended_by_traffic)
        .member("proven_alive", t.proven_alive)
        .member("proven_dead", t.proven_dead)
        .member("probe_undecided", t.probe_undecided)
        .member("observations_lost", t.observations_lost)
        .member("suspicions_refused", t.suspicions_refused)
        .member("link_headers", t.link_headers)
        .member("links_refused", t.links_refused)
        .text();
}

std::string of(const MainFacts& m) {
    return Json()
        .member("reloads", m.reloads)
        .member("reloads_refused", m.reloads_refused)
        .member("lines_written", m.lines_written)
        .member("lines_lost", m.lines_lost)
        .member("flows_exported", m.flows_exported)
        .member("exports_lost", m.exports_lost)
        .text();
}

std::string of(const ShareFacts& s) {
    const auto by_stream = [](const auto& counts) {
        Json out;
        for (std::size_t i = 0; i < counts.size(); ++i) out.member(ShareFacts::kStreamNames[i], counts[i]);
        return out.text();
    };
    return Json()
        .member("up", s.up ? "true" : "false")
        .member("boxes", s.boxes)
        .member("names", s.names)
        .member("blocks", s.blocks)
        .member("told", by_stream(s.told))
        .member("lost", by_stream(s.lost))
        .member("heard", by_stream(s.heard))
        .member("refused", s.refused)
        .member("breaks", s.breaks)
        .text();
}

std::string of(const ServerFacts& s) {
    return Json()
        .member("clients", s.clients)
        .member("accepted", s.accepted)
        .member("refused", s.refused)
        .member("requests", s.requests)
        .member("faults", s.faults)
        .member("dropped_slow", s.dropped_slow)
        .member("displaced", s.displaced)
        .member("events_sent", s.events_sent)
        .member("events_lost", s.events_lost)
        .text();
}

Occupancy sum_of_tables(const Facts& facts) {
    Occupancy sum;
    for (const auto& worker : facts.workers) sum.add(worker.tables);
    return sum;
}

bool is_stage(const Change& change) { return info(change.kind).measure == Measure::rung; }

std::vector<Change> told_of(std::span<const Change> standing) {
    std::vector<Change> out;
    for (const bool stages : {true, false})
        for (const Change& change : standing)
            if (is_stage(change) == stages && out.size() < DefenceFacts::kTold) out.push_back(change);
    return out;
}

}  // namespace

DefenceFacts facts_of(const Situation& situation) {
    DefenceFacts out;
    out.told = told_of(situation.now());
    for (const Change& change : situation.now()) {
        const Measure measure = info(change.kind).measure;
        ++out.standing[static_cast<std::size_t>(measure)];
        if (measure == Measure::rung) out.rungs[static_cast<std::size_t>(change.rung)] = true;
    }
    for (std::size_t i = 0; i < kChangeCount; ++i)
        out.changes[i] = situation.count(static_cast<ChangeKind>(i));
    return out;
}

std::string members_of(const Facts& facts, const ServerFacts& server) {
    const auto reason = [](std::size_t i) { return kReasonTable[i].name; };
    const auto cause = [](std::size_t i) { return kCauseNames[i]; };
    auto text =
        Json()
            .member("now", iso(facts.now))
            .member("uptime", seconds(facts.uptime))
            .member("cycles_a_second", facts.cycles_a_second)
            .member("mode", Json::quoted(name(facts.mode)))
            .member("generation", facts.generation)
            .member("workers", each(facts.workers))
            .member("ports", each(facts.ports))
            .member("queues", each(facts.queues))
            .member("buffers", each(facts.pools))
            .member("tables", of(sum_of_tables(facts)))
            .member("flows", named(facts.tracker.flows, [](std::size_t i) { return kTcpStateNames[i]; }))
            .member("tracker", of(facts.tracker))
            .member("reasons", named(facts.tracker.reasons, reason))
            .member("flagged", named(facts.tracker.flagged, cause))
            .member("evicted", named(facts.tracker.evicted, cause))
            .member("would", of(facts.would))
            .member("disposed", named(facts.disposed, reason))
            .member("attempts", named(facts.tracker.attempts, [](std::size_t i) { return kAttemptNames[i]; }))
            .member("main", of(facts.main))
            .member("share", facts.share.on ? of(facts.share) : "null")
            .member("control", of(server))
            .text();
    text.front() = ',';
    text.pop_back();
    return text;
}

}  // namespace ajar::control
