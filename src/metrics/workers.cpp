// Workers and their queues.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using control::QueueFacts;
using control::WorkerFacts;

constexpr std::array kWorkerRows = {
    Row<WorkerFacts>{"received_frames", Kind::counter, &WorkerFacts::received, "Frames from its queues."},
    Row<WorkerFacts>{"packets", Kind::counter, &WorkerFacts::packets, "Packets judged."},
    Row<WorkerFacts>{"bytes", Kind::counter, &WorkerFacts::bytes, "Bytes of the frames judged."},
    Row<WorkerFacts>{"tcp_packets", Kind::counter, &WorkerFacts::tcp_packets,
                     "Packets judged that were whole TCP segments."},
    Row<WorkerFacts>{"flows", Kind::gauge, &WorkerFacts::flows, "Living flows."},
    Row<WorkerFacts>{"handed_over_packets", Kind::counter, &WorkerFacts::handed_over,
                     "Packets given to the worker that owns their flow."},
    Row<WorkerFacts>{"taken_over_packets", Kind::counter, &WorkerFacts::taken_over,
                     "Packets that other workers gave it."},
    Row<WorkerFacts>{"ring_full", Kind::counter, &WorkerFacts::ring_full,
                     "Frames dropped because the ring to their owner was full."},
    Row<WorkerFacts>{"ring_backlog", Kind::gauge, &WorkerFacts::ring_backlog,
                     "Packets that wait to be taken over."},
    Row<WorkerFacts>{"events", Kind::counter, &WorkerFacts::events, "Events told."},
    Row<WorkerFacts>{"events_lost", Kind::counter, &WorkerFacts::events_lost,
                     "Events lost because its ring was full."},
    Row<WorkerFacts>{"event_backlog", Kind::gauge, &WorkerFacts::event_backlog,
                     "Events that wait to be written."},
    Row<WorkerFacts>{"timer_backlog", Kind::gauge, &WorkerFacts::timer_backlog,
                     "Partitions whose timers were left for later, the budget being spent."},
    Row<WorkerFacts>{"expiries", Kind::counter, &WorkerFacts::expiries,
                     "Timers that ran out and ended or flagged a flow."},
    Row<WorkerFacts>{"orders", Kind::counter, &WorkerFacts::orders, "Operators' evictions looked after."},
    Row<WorkerFacts>{"order_backlog", Kind::gauge, &WorkerFacts::order_backlog,
                     "Operators' evictions that wait."},
    Row<WorkerFacts>{"fragments_held", Kind::gauge, &WorkerFacts::fragments_held,
                     "Frames of fragments that wait for the rest of their datagram."},
};

Labels worker_label(std::size_t w) { return {{"worker", std::to_string(w)}}; }

Labels with(Labels labels, const char* name, const char* value) {
    labels.push_back({name, value});
    return labels;
}

struct Two {
    const char* name;
    std::uint64_t WorkerFacts::*value;
};
void put_kinds(Book& book, const control::Facts& facts, const char* label, std::initializer_list<Two> kinds) {
    for (std::size_t w = 0; w < facts.workers.size(); ++w)
        for (const auto& kind : kinds)
            book.add(facts.workers[w].*kind.value, with(worker_label(w), label, kind.name));
}

void put_time(Book& book, const control::Facts& facts) {
    if (!facts.workers.empty() && facts.workers.front().timed) {
        book.family(
            "worker_cycles", Kind::counter,
            "TSC cycles of rounds with work (busy) and without (idle): their ratio is the busy share.");
        put_kinds(book, facts, "round",
                  {{"busy", &WorkerFacts::busy_cycles}, {"idle", &WorkerFacts::idle_cycles}});
    }
    book.family("worker_rounds", Kind::counter, "Rounds of the worker's loop, and those that had no work.");
    put_kinds(book, facts, "counted", {{"all", &WorkerFacts::rounds}, {"idle", &WorkerFacts::idle_rounds}});
    book.family("worker_expiry_latest_seconds", Kind::gauge,
                "The latest that any timer was looked after, behind its deadline, since the start.");
    for (std::size_t w = 0; w < facts.workers.size(); ++w)
        book.add(static_cast<double>(facts.workers[w].expiry_late_max_ns) * 1e-9, worker_label(w));
}

Labels queue_labels(const control::Facts& facts, const QueueFacts& q) {
    return {{"port", port_name(facts, q.port)},
            {"queue", std::to_string(q.queue)},
            {"worker", std::to_string(q.worker)}};
}

/// Upper bounds of control::BurstSizes.
constexpr std::array<double, control::kBurstSizes> kBurstBounds = {1, 3, 7, 15, 31, 63, 64};

prometheus::ClientMetric::Histogram histogram_of(const QueueFacts& q) {
    prometheus::ClientMetric::Histogram out;
    for (std::size_t i = 0; i < kBurstBounds.size(); ++i) {
        out.sample_count += q.sizes[i];
        out.bucket.push_back({out.sample_count, kBurstBounds[i]});
    }
    out.sample_sum = static_cast<double>(q.packets);
    return out;
}

}  // namespace

void put_workers(Book& book, const control::Facts& facts) {
    book.rows("worker_", kWorkerRows, facts.workers, worker_label);
    book.family("worker_verdicts", Kind::counter, "Packets judged, by what became of them.");
    put_kinds(book, facts, "verdict",
              {{"forward", &WorkerFacts::forwarded},
               {"drop", &WorkerFacts::dropped},
               {"consume", &WorkerFacts::consumed}});
    book.family("worker_stalled", Kind::gauge,
                "1: it has made no round for appliance.stall_time, and its packets wait.");
    for (std::size_t w = 0; w < facts.workers.size(); ++w)
        book.add(std::uint64_t{facts.workers[w].stalled}, worker_label(w));
    put_time(book, facts);
    prometheus::MetricFamily bursts;
    bursts.name = "ajar_rx_burst_packets";
    bursts.help = "Packets in a burst of an rx queue; empty ones do not count.";
    bursts.type = prometheus::MetricType::Histogram;
    for (const QueueFacts& q : facts.queues) {
        prometheus::ClientMetric sample;
        sample.label = queue_labels(facts, q);
        sample.histogram = histogram_of(q);
        bursts.metric.push_back(std::move(sample));
    }
    book.add(std::move(bursts));
}

}  // namespace ajar::metrics
