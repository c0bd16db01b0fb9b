// The tables of `ajar stats`.
#include <fmt/format.h>

#include <algorithm>

#include "client/flows.hpp"
#include "client/reports.hpp"
#include "client/table.hpp"
#include "export/human.hpp"

namespace ajar::client {
namespace {

using control::Value;
using exporting::human_bytes;
using exporting::human_short;

std::string number(const Value& v) { return human_short(v.real()); }

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }
std::string percent(double part, double whole) {
    return whole > 0 ? fmt::format("{:.1f}%", 100 * ratio(part, whole)) : "-";
}

std::string titled(std::string_view title, const std::string& text) {
    return text.empty() ? "" : fmt::format("\n{}\n{}", title, text);
}

std::string head_of(const Value& a) {
    double flows = 0;
    for (const auto& state : a["flows"].members()) flows += state.value.real();
    return fmt::format("{}  up {}  mode {}  generation {}  {} flows\n", a["now"].text(),
                       time_text(a["uptime"].real()), a["mode"].text(), a["generation"].count(),
                       human_short(flows));
}

std::string workers_text(const Value& a) {
    Table table({"WORKER", ">PACKETS", ">BYTES", ">BUSY", ">CYCLES/PKT", ">PKTS/BURST", ">FLOWS", ">EXPIRED",
                 ">LATEST", ">TIMERS", ">RING", ">EVENTS", ">LOST", ">HANDED", ">FULL", ">ORDERS"});
    const auto& workers = a["workers"].list();
    for (std::size_t i = 0; i < workers.size(); ++i) {
        const Value& w = workers[i];
        double bursts = 0, packets = 0;
        for (const auto& q : a["queues"].list()) {
            if (q["worker"].count() != i) continue;
            bursts += q["bursts"].real();
            packets += q["packets"].real();
        }
        const double busy = w["busy_cycles"].real(), idle = w["idle_cycles"].real();
        table.row({fmt::format("{}{}", i, w["stalled"].flag() ? " (stalled)" : ""), number(w["packets"]),
                   human_bytes(w["bytes"].count()), percent(busy, busy + idle),
                   busy > 0 ? fmt::format("{:.0f}", ratio(busy, w["packets"].real())) : "-",
                   bursts > 0 ? fmt::format("{:.1f}", packets / bursts) : "-", number(w["flows"]),
                   number(w["expiries"]), time_text(w["expiry_late_max_ns"].real() / 1e9),
                   number(w["timer_backlog"]), number(w["ring_backlog"]), number(w["event_backlog"]),
                   number(w["events_lost"]), number(w["handed_over"]), number(w["ring_full"]),
                   number(w["orders"])});
    }
    return table.text(true);
}

std::string ports_text(const Value& a) {
    Table table({"PORT", "LINK", ">IN", ">IN BYTES", ">OUT", ">OUT BYTES", ">OWN", ">DROPPED", ">TX FAILED",
                 ">MISSED", ">NO BUFFER"});
    for (const Value& p : a["ports"].list())
        table.row({p["device"].text().substr(0, p["device"].text().find(',')),
                   p["link_up"].flag() ? "up" : "down", number(p["received"]),
                   human_bytes(p["received_bytes"].count()), number(p["transmitted"]),
                   human_bytes(p["transmitted_bytes"].count()), number(p["crafted"]), number(p["dropped"]),
                   number(p["tx_failed"]), number(p["missed"]), number(p["no_buffer"])});
    return table.text(true);
}

std::string queues_text(const Value& a) {
    Table table({"PORT", "QUEUE", "WORKER", ">PACKETS", ">BURSTS", ">OF 1", ">2-3", ">4-7", ">8-15", ">16-31",
                 ">32-63", ">64"});
    for (const Value& q : a["queues"].list()) {
        std::vector<std::string> cells = {
            std::to_string(q["port"].count()), std::to_string(q["queue"].count()),
            std::to_string(q["worker"].count()), number(q["packets"]), number(q["bursts"])};
        for (const Value& n : q["burst_sizes"].list()) cells.push_back(percent(n.real(), q["bursts"].real()));
        cells.resize(12);
        table.row(std::move(cells));
    }
    return table.empty() ? "" : table.text(true);
}

std::string tables_text(const Value& a) {
    const Value& t = a["tables"];
    Table table({"TABLE", ">USED", ">OF", ">FULL"});
    for (const auto* name :
         {"confirmed_ipv4", "confirmed_ipv6", "embryonic_ipv4", "embryonic_ipv6", "tombstones", "directory"})
        table.row({name, number(t[name]["used"]), number(t[name]["all"]),
                   percent(t[name]["used"].real(), t[name]["all"].real())});
    const double used = t["directory"]["used"].real(), two = t["two_lines"].real();
    return table.text(true) +
           fmt::format(
               "look-ups: {:.3f} lines on average, two for {} of the entries; {} moved by inserts, {} at the "
               "most by one\n",
               1 + ratio(two, used), percent(two, used), number(t["kicks"]), t["longest_path"].count());
}

std::string counts_text(const Value& counts) {
    Table table({"NAME", ">COUNT"});
    auto members = counts.members();
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& x, const auto& y) { return x.value.real() > y.value.real(); });
    for (const auto& [name, count] : members)
        if (count.real() > 0) table.row({name, exporting::human_count(count.count())});
    return table.empty() ? "" : table.text(false);
}

std::string ages_text(const Value& bands) {
    std::string out;
    double last = 0;
    for (const Value& band : bands.list()) {
        const bool open = band["below"].null();
        out += fmt::format("{}{}{:.0f} s: {}", out.empty() ? "" : "   ", open ? ">= " : "< ",
                           open ? last : band["below"].real(), number(band["flows"]));
        last = band["below"].real();
    }
    return out.empty() ? out : out + "\n";
}

std::string talkers_text(const Value& talkers) {
    if (talkers.null()) return {};
    Table table({"KIND", "NAME", ">ASKED/s", ">LEAST", ">MOST"});
    for (const auto* kind : {"services", "destinations", "sources", "networks"})
        for (const Value& one : talkers[kind].list())
            table.row(
                {kind, one["name"].text(), number(one["count"]), number(one["least"]), number(one["most"])});
    return fmt::format("{} connections asked for in the last second\n{}", number(talkers["asked"]),
                       table.empty() ? "" : table.text(true));
}

std::string share_text(const Value& s) {
    if (s.null()) return {};
    Table table({"STREAM", ">TOLD", ">LOST", ">HEARD"});
    for (const auto& [stream, told] : s["told"].members())
        table.row({stream, number(told), number(s["lost"][stream]), number(s["heard"][stream])});
    return fmt::format("{}, {} heard, {} names and {} blocks of theirs\n{}",
                       s["up"].flag() ? "connected" : "away", number(s["boxes"]), number(s["names"]),
                       number(s["blocks"]), table.text(true));
}

/// By reason: what enforce would have done with connections that mode observe has let go.
std::string would_text(const Value& would, const Value& tracker) {
    std::string out = counts_text(would["evicted"]);
    if (!out.empty())
        out = fmt::format("connections evicted, with {} RSTs:\n{}", number(would["resets"]), out);
    const auto syns = [&](std::string_view name) { return tracker[name].real(); };
    if (syns("would_answer") + syns("would_challenge") + syns("would_drop") > 0)
        out += fmt::format("SYNs: {} answered, {} challenged, {} dropped\n", number(tracker["would_answer"]),
                           number(tracker["would_challenge"]), number(tracker["would_drop"]));
    return out;
}

}  // namespace

std::string stats_text(const Value& a) {
    return head_of(a) + titled("Workers", workers_text(a)) + titled("Ports", ports_text(a)) +
           titled("Queues: bursts by their packets", queues_text(a)) + titled("Tables", tables_text(a)) +
           titled("Flows by state", counts_text(a["flows"])) +
           titled("Embryonic flows by age", ages_text(a["embryonic_ages"])) +
           titled("Talkers", talkers_text(a["talkers"])) + titled("Tracker", counts_text(a["tracker"])) +
           titled("Reasons", counts_text(a["reasons"])) +
           titled("Evicted, by cause", counts_text(a["evicted"])) +
           titled("Flagged, by cause", counts_text(a["flagged"])) +
           titled("What enforce would have done", would_text(a["would"], a["tracker"])) +
           titled("Frames that did not leave", counts_text(a["disposed"])) +
           titled("Other appliances", share_text(a["share"])) +
           titled("Control socket", counts_text(a["control"]));
}

}  // namespace ajar::client
