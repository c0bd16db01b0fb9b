// Adding up counters that others write.
#include "dataplane/sums.hpp"

#include <rte_ethdev.h>

namespace ajar::dataplane {
namespace {

void add_answers(control::TrackerFacts& out, const Counters& c) {
    out.cookies_sent += c.cookies_sent.get();
    out.cookies_accepted += c.cookies_accepted.get();
    out.cookies_repeated += c.cookies_repeated.get();
    out.cookies_refused += c.cookies_refused.get();
    out.challenges_sent += c.challenges_sent.get();
    out.challenges_met += c.challenges_met.get();
    out.challenges_adopted += c.challenges_adopted.get();
    out.challenges_refused += c.challenges_refused.get();
    out.challenges_waived += c.challenges_waived.get();
    out.would_answer += c.would_answer.get();
    out.would_challenge += c.would_challenge.get();
    out.would_drop += c.would_drop.get();
    out.translated += c.proxied.get();
}

void add_probes(control::TrackerFacts& out, const Counters& c) {
    out.probing += c.probing.get();
    out.probes_sent += c.probes_sent.get();
    out.probes_answered += c.probes_answered.get();
    out.probings += c.probings.get();
    out.probings_put_off += c.probings_put_off.get();
    out.probings_ended_by_traffic += c.probings_ended_by_traffic.get();
    out.proven_alive += c.proven_alive.get();
    out.proven_dead += c.proven_dead.get();
    out.probe_undecided += c.probe_undecided.get();
}

}  // namespace

void add(control::TrackerFacts& out, const Counters& c) {
    add_all(out.flows, c.flows);
    add_all(out.reasons, c.reason);
    add_all(out.flagged, c.flagged);
    add_all(out.evicted, c.evicted);
    add_all(out.attempts, c.attempts);
    out.created += c.flows_created.get();
    out.promoted += c.flows_promoted.get();
    out.ended += c.flows_ended.get();
    out.resets_sent += c.resets_sent.get();
    out.resets_due += c.resets_due.get();
    out.half_open += c.half_open.get();
    out.observations_lost += c.observations_lost.get();
    out.suspicions_refused += c.suspicions_refused.get();
    out.link_headers += c.link_headers.get();
    out.links_refused += c.links_refused.get();
    add_answers(out, c);
    add_probes(out, c);
}

control::PortFacts port_facts(const Wiring& wiring, std::size_t p, const std::string& device) {
    control::PortFacts out;
    out.device = device;
    out.link_up = wiring.ports[p].link_up.load(std::memory_order_relaxed);
    for (const Tally& tally : wiring.tally) {
        const PortTally& t = tally.port[p];
        out.received += t.received.get();
        out.received_bytes += t.received_bytes.get();
        out.transmitted += t.transmitted.get();
        out.transmitted_bytes += t.transmitted_bytes.get();
        out.crafted += t.crafted.get();
        out.crafted_dropped += t.crafted_dropped.get();
        out.dropped += t.dropped.get();
        out.tx_failed += t.tx_failed.get();
    }
    rte_eth_stats stats{};
    if (rte_eth_stats_get(wiring.ports[p].device, &stats) == 0) {
        out.missed = stats.imissed + stats.ierrors;
        out.no_buffer = stats.rx_nombuf;
    }
    return out;
}

}  // namespace ajar::dataplane
