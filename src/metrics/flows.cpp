// Connections: how many, how old, what became of them, and what was asked of them.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using control::TrackerFacts;

constexpr std::array kFlowRows = {
    Row<TrackerFacts>{"half_open_flows", Kind::gauge, &TrackerFacts::half_open,
                      "Living connections that began with a SYN and whose handshake is not complete."},
    Row<TrackerFacts>{"flows_created", Kind::counter, &TrackerFacts::created, "Flows begun."},
    Row<TrackerFacts>{"flows_promoted", Kind::counter, &TrackerFacts::promoted,
                      "Flows whose handshake was completed."},
    Row<TrackerFacts>{"flows_ended", Kind::counter, &TrackerFacts::ended, "Flows that left the tables."},
    Row<TrackerFacts>{"resets_due", Kind::counter, &TrackerFacts::resets_due,
                      "Resets that were called for; in mode observe none is sent."},
    Row<TrackerFacts>{"resets_sent", Kind::counter, &TrackerFacts::resets_sent, "Resets sent."},
    Row<TrackerFacts>{"link_headers", Kind::gauge, &TrackerFacts::link_headers,
                      "Link headers known, which resets and probes are made with."},
    Row<TrackerFacts>{"link_headers_refused", Kind::counter, &TrackerFacts::links_refused,
                      "Packets whose link header found no room: no reset can be made like them."},
    Row<TrackerFacts>{"suspicions_refused", Kind::counter, &TrackerFacts::suspicions_refused,
                      "Packets of half-open look that found no place to be remembered."},
};

constexpr std::array kProbeRows = {
    Row<TrackerFacts>{"probing_flows", Kind::gauge, &TrackerFacts::probing,
                      "Connections that are being asked whether they live."},
    Row<TrackerFacts>{"probings", Kind::counter, &TrackerFacts::probings,
                      "Connections that were begun to be asked."},
    Row<TrackerFacts>{"probings_put_off", Kind::counter, &TrackerFacts::probings_put_off,
                      "Askings put off, each time for want of budget or place."},
    Row<TrackerFacts>{"probings_ended_by_traffic", Kind::counter, &TrackerFacts::probings_ended_by_traffic,
                      "Askings that were over because the connection spoke."},
    Row<TrackerFacts>{"probes_sent", Kind::counter, &TrackerFacts::probes_sent, "Probes sent."},
    Row<TrackerFacts>{"probes_answered", Kind::counter, &TrackerFacts::probes_answered,
                      "Probes that were answered."},
};

std::string age_name(std::size_t band) {
    if (band < kEmbryonicAgeBounds.size()) return fmt::format("under_{}s", kEmbryonicAgeBounds[band].count());
    return fmt::format("over_{}s", kEmbryonicAgeBounds.back().count());
}

/// As `ajar list --state` takes it.
std::string state_name(std::size_t state) {
    std::string out(kTcpStateNames[state]);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

template <typename Counts, typename Names>
void by_name(Book& book, std::string_view label, const Counts& counts, const Names& names) {
    for (std::size_t i = 0; i < counts.size(); ++i)
        book.add(counts[i], {{std::string(label), std::string(names[i])}});
}

}  // namespace

void put_flows(Book& book, const TrackerFacts& t, const View& view) {
    book.family("flows", Kind::gauge, "Living flows by state.");
    for (std::size_t i = 0; i < t.flows.size(); ++i) book.add(t.flows[i], {{"state", state_name(i)}});
    book.family("embryonic_flows", Kind::gauge, "Flows whose handshake is not complete, by age.");
    for (std::size_t i = 0; i < view.ages.size(); ++i) book.add(view.ages[i], {{"age", age_name(i)}});
    book.rows("", kFlowRows, std::array{t}, [](auto) { return Labels(); });
    book.family("flows_flagged", Kind::counter, "Flows reported and left where they are, by cause.");
    by_name(book, "cause", t.flagged, kCauseNames);
    book.family("flows_evicted", Kind::counter, "Flows evicted, by cause.");
    by_name(book, "cause", t.evicted, kCauseNames);
    book.family("attempts", Kind::counter, "Flows that ended, by what became of their handshake.");
    by_name(book, "attempt", t.attempts, kAttemptNames);
    book.rows("", kProbeRows, std::array{t}, [](auto) { return Labels(); });
    book.family("flows_proven", Kind::counter, "Connections that were asked, by what came of it.")
        .add(t.proven_alive, {{"verdict", "alive"}})
        .add(t.proven_dead, {{"verdict", "dead"}})
        .add(t.probe_undecided, {{"verdict", "undecided"}});
}

}  // namespace ajar::metrics
