// A view in which every number is there, and each is another one.
#pragma once

#include "metrics/view.hpp"

namespace ajar::test {

inline metrics::View example_view() {
    metrics::View view;
    view.build = {"1.2", "DPDK 22"};
    auto& f = view.facts;
    std::uint64_t n = 1000;
    const auto fill = [&n](auto& list) {
        for (auto& value : list) value = ++n;
    };
    f.mode = Mode::enforce;
    f.generation = 7;
    f.uptime = std::chrono::milliseconds(1500);
    for (std::uint64_t w = 0; w < 2; ++w) {
        control::WorkerFacts worker;
        worker.stalled = w == 1;
        worker.timed = true;
        worker.packets = 100 + w;
        worker.busy_cycles = 30;
        worker.idle_cycles = 70;
        worker.events_lost = ++n;
        worker.expiry_late_max_ns = 2'500'000;
        worker.tables.embryonic[0] = {10 + w, 100};
        worker.tables.confirmed[1] = {20 + w, 200};
        f.workers.push_back(worker);
    }
    f.ports = {{.device = "net_pcap0,rx_pcap=/a/path.pcap", .link_up = true, .received = 11},
               {.device = "0000:3b:00.1", .transmitted = 12}};
    f.queues = {{.port = 0, .queue = 3, .worker = 1, .packets = 200, .sizes = {1, 2, 3, 4, 5, 6, 7}}};
    f.pools = {{4096, 100}};
    fill(f.tracker.flows);
    fill(f.tracker.reasons);
    fill(f.tracker.flagged);
    fill(f.tracker.evicted);
    fill(f.tracker.attempts);
    fill(f.disposed);
    fill(f.defence.standing);
    fill(f.defence.changes);
    f.defence.rungs[static_cast<std::size_t>(Rung::cookies)] = true;
    f.tracker.cookies_sent = 500;
    f.main = {3, 4, 5, 6, 7, 8};
    f.share = {true, true, 2, 30, 4, {51, 52, 53}, {61, 62, 63}, {0, 72, 73}, 8, 9};
    view.ages = {5, 4, 3, 2, 1};
    view.http = http::HttpFacts{1, 2, 3, 4, 5, 6, 7, 8, 9};
    return view;
}

}  // namespace ajar::test
