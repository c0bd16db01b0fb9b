// Workers, ports, tables.
#include <fmt/format.h>

#include "export/human.hpp"
#include "live/parts.hpp"
#include "page/table.hpp"

namespace ajar::live {
namespace {

using control::PortFacts;
using control::WorkerFacts;
using page::Cell;
using page::Table;

/// `list[i].*member`, a second.
template <typename T>
double rate_at(const Scene& s, std::vector<T> control::Facts::*list, std::size_t i,
               std::uint64_t T::*member) {
    const auto &now = s.now.facts.*list, &before = s.before.facts.*list;
    return i < before.size() ? rate_of(s, now[i].*member, before[i].*member) : -1;
}

Cell rate_cell(double rate) { return {rate_text(rate), rate}; }

Cell percent_cell(double part, double all) {
    if (!(all > 0)) return {"–", -1};
    return {fmt::format("{:.1f} %", 100 * part / all), 100 * part / all};
}

Table workers_table(const Scene& s) {
    Table out;
    out.stacks = true;
    out.caption = "Workers";
    out.columns = {{"worker"},
                   {"busy", true},
                   {"packets/s", true},
                   {"cycles/packet", true},
                   {"connections", true},
                   {"dropped/s", true},
                   {"ring backlog", true},
                   {"events waiting", true},
                   {"events lost", true},
                   {"timers behind", true}};
    const auto at = [&](std::size_t w, std::uint64_t WorkerFacts::*member) {
        return rate_at(s, &control::Facts::workers, w, member);
    };
    for (std::size_t w = 0; w < s.now.facts.workers.size(); ++w) {
        const WorkerFacts& worker = s.now.facts.workers[w];
        const double busy = at(w, &WorkerFacts::busy_cycles), idle = at(w, &WorkerFacts::idle_cycles);
        const double packets = at(w, &WorkerFacts::packets);
        out.rows.push_back({fmt::format("{}{}", w, worker.stalled ? " (stalled)" : ""),
                            worker.timed ? percent_cell(busy, busy + idle) : Cell("–"), rate_cell(packets),
                            packets > 0 && busy > 0 ? rate_cell(busy / packets) : Cell("–", -1), worker.flows,
                            rate_cell(at(w, &WorkerFacts::dropped)), worker.ring_backlog,
                            worker.event_backlog, worker.events_lost, worker.timer_backlog});
    }
    return out;
}

Table ports_table(const Scene& s) {
    Table out;
    out.stacks = true;
    out.caption = "Ports";
    out.columns = {{"port"},
                   {"link"},
                   {"in/s", true},
                   {"bit/s in", true},
                   {"out/s", true},
                   {"bit/s out", true},
                   {"dropped/s", true},
                   {"missed/s", true}};
    const auto at = [&](std::size_t p, std::uint64_t PortFacts::*member) {
        return rate_at(s, &control::Facts::ports, p, member);
    };
    const auto bits = [](double bytes) { return rate_cell(bytes < 0 ? bytes : 8 * bytes); };
    for (std::size_t p = 0; p < s.now.facts.ports.size(); ++p) {
        const PortFacts& port = s.now.facts.ports[p];
        out.rows.push_back({port.device, port.link_up ? "up" : "down", rate_cell(at(p, &PortFacts::received)),
                            bits(at(p, &PortFacts::received_bytes)),
                            rate_cell(at(p, &PortFacts::transmitted)),
                            bits(at(p, &PortFacts::transmitted_bytes)), rate_cell(at(p, &PortFacts::dropped)),
                            rate_cell(at(p, &PortFacts::missed))});
    }
    return out;
}

Table occupancy_table(const control::Facts& facts) {
    Occupancy all;
    for (const auto& worker : facts.workers) all.add(worker.tables);
    Table out;
    out.caption = "Tables, all workers together";
    out.columns = {{"table"}, {"used", true}, {"places", true}, {"full", true}};
    const auto add = [&](const char* what, const Occupancy::Places& places) {
        if (places.all != 0)
            out.rows.push_back(
                {what, places.used, places.all,
                 percent_cell(static_cast<double>(places.used), static_cast<double>(places.all))});
    };
    add("embryonic, IPv4", all.embryonic[0]);
    add("embryonic, IPv6", all.embryonic[1]);
    add("confirmed, IPv4", all.confirmed[0]);
    add("confirmed, IPv6", all.confirmed[1]);
    add("tombstones", all.tombstones);
    add("directory", all.directory);
    for (std::size_t p = 0; p < facts.pools.size(); ++p)
        add(fmt::format("packet buffers, port pair {}", p).c_str(),
            {facts.pools[p].in_use, facts.pools[p].buffers});
    return out;
}

}  // namespace

page::Markup machine_markup(const Scene& scene) {
    page::Markup out;
    out.add(markup_of(workers_table(scene)));
    out.add(markup_of(ports_table(scene)));
    return out.add(markup_of(occupancy_table(scene.now.facts)));
}

}  // namespace ajar::live
