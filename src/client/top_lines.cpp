// The lines of `ajar top`, from two looks at the counters.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "client/flows.hpp"
#include "client/table.hpp"
#include "client/top.hpp"
#include "export/human.hpp"

namespace ajar::client {
namespace {

using control::Value;
using exporting::human_short;

constexpr std::size_t kOrdinaryRows = 30;  // up to here lines are saved
constexpr std::size_t kStanding = 6, kFewStanding = 2;
constexpr std::size_t kTalkers = 8, kLeastTalkers = 2, kReasons = 16, kLeastReasons = 5, kLeastWorkers = 2;

using Lines = std::vector<std::string>;

std::string bold(std::string_view text) { return fmt::format("\x1b[1m{}\x1b[0m", text); }
std::string upside(std::string_view text) { return fmt::format("\x1b[7m{}\x1b[0m", text); }

/// Sums and rates between the two looks.
class Rates {
public:
    explicit Rates(const TopView& view) : view_(view) {}

    [[nodiscard]] double a_second(double now, double before) const {
        return view_.seconds > 0 ? std::max(0.0, now - before) / view_.seconds : 0;
    }
    [[nodiscard]] double of(std::string_view group, std::string_view name) const {
        return a_second(view_.now[group][name].real(), view_.before[group][name].real());
    }
    /// Of one member over all of a list.
    [[nodiscard]] double over(std::string_view list, std::string_view name) const {
        return a_second(sum(view_.now, list, name), sum(view_.before, list, name));
    }
    [[nodiscard]] double at(std::string_view list, std::size_t i, std::string_view name) const {
        const auto& before = view_.before[list].list();
        return a_second(view_.now[list].list()[i][name].real(),
                        i < before.size() ? before[i][name].real() : 0);
    }
    static double sum(const Value& from, std::string_view list, std::string_view name) {
        double out = 0;
        for (const auto& one : from[list].list()) out += one[name].real();
        return out;
    }

private:
    const TopView& view_;
};

void add(Lines& out, const std::string& text) {
    for (std::size_t from = 0; from < text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        out.push_back(text.substr(from, end - from));
        from = end + 1;
    }
}

/// Rows of a table for which there is room between the `used` lines above and what must stand `below`.
std::size_t fitting(const TopView& v, std::size_t used, std::size_t below, std::size_t least,
                    std::size_t most) {
    if (v.rows == 0) return most;
    const std::size_t left = v.rows > used + below ? v.rows - used - below : 0;
    return std::clamp(left, least, most);
}

bool is_roomy(const TopView& v) { return v.rows == 0 || v.rows > kOrdinaryRows; }
void add_gap(Lines& out, const TopView& v) {
    if (is_roomy(v)) out.emplace_back();
}

/// Parts in as many lines as the screen needs; further ones are set in.
void add_wrapped(Lines& out, const TopView& v, std::string line, const std::vector<std::string>& parts) {
    const std::size_t most = v.columns == 0 ? std::string::npos : v.columns;
    const std::string in(line.size(), ' ');
    bool empty = true;
    for (const auto& part : parts) {
        if (!empty && line.size() + 2 + part.size() > most) {
            out.push_back(std::exchange(line, in));
            empty = true;
        }
        line += fmt::format("{}{}", empty && line.empty() ? "" : "  ", part);
        empty = false;
    }
    out.push_back(std::move(line));
}

void add_head(Lines& out, const TopView& v, const Rates& rates) {
    out.push_back(upside(fmt::format(" ajar  {}{}  up {}  generation {}  {} ", v.now["mode"].text(),
                                     v.paused ? "  PAUSED" : "", time_text(v.now["uptime"].real()),
                                     v.now["generation"].count(), plain(v.now["now"].text()).substr(0, 19))));
    double flows = 0;
    for (const auto& state : v.now["flows"].members()) flows += state.value.real();
    const auto way = [&](const char* name, const char* packets, const char* bytes) {
        return fmt::format("{} {}/s {}bit/s", name, human_short(rates.over("ports", packets)),
                           human_short(8 * rates.over("ports", bytes)));
    };
    add_wrapped(
        out, v, {},
        {fmt::format("half open {}", human_short(v.now["tracker"]["half_open"].real())),
         fmt::format("flows {} +{}/s -{}/s", human_short(flows), human_short(rates.of("tracker", "created")),
                     human_short(rates.of("tracker", "ended"))),
         way("in", "received", "received_bytes"), way("out", "transmitted", "transmitted_bytes")});
}

void add_states(Lines& out, const TopView& v) {
    std::vector<std::string> states, ages;
    for (const auto& [name, count] : v.now["flows"].members())
        states.push_back(fmt::format("{} {}", name, human_short(count.real())));
    if (states.empty()) states.emplace_back("none");
    double last = 0;
    for (const auto& band : v.now["embryonic_ages"].list()) {
        const bool open = band["below"].null();
        ages.push_back(fmt::format("{}{:.0f}s {}", open ? ">=" : "<", open ? last : band["below"].real(),
                                   human_short(band["flows"].real())));
        last = band["below"].real();
    }
    add_wrapped(out, v, "states   ", states);
    add_wrapped(out, v, "embryonic", ages);
}

void add_defence(Lines& out, const TopView& v, const Rates& rates) {
    std::vector<std::string> stands;
    const auto& standing = v.posture["standing"].list();
    const auto told = is_roomy(v) ? kStanding : kFewStanding;
    for (std::size_t i = 0; i < std::min(told, standing.size()); ++i)
        stands.push_back(
            plain(fmt::format("{} {}", standing[i]["change"].text(), standing[i]["name"].text())));
    if (standing.size() > told) stands.push_back(fmt::format("and {} more", standing.size() - told));
    if (stands.empty()) stands.emplace_back("calm");
    add_wrapped(out, v, "posture  ", stands);
    const auto sent = [&](const char* what, const char* name) {
        return fmt::format("{} {}/s", what, human_short(rates.of("tracker", name)));
    };
    add_wrapped(out, v, "sent     ",
                {sent("resets", "resets_sent"), sent("cookies", "cookies_sent"),
                 sent("challenges", "challenges_sent"), sent("probes", "probes_sent"),
                 fmt::format("({} asked)", human_short(v.now["tracker"]["probing"].real()))});
}

void add_workers(Lines& out, const TopView& v, const Rates& rates) {
    Table table({"WORKER", ">BUSY", ">PKT/s", ">CYC/PKT", ">FLOWS", ">EMBRYO", ">CONFIRM", ">TIMERS", ">RING",
                 ">EVENTS"});
    const auto& workers = v.now["workers"].list();
    const auto ports = v.now["ports"].list().size();
    const std::size_t gaps = is_roomy(v) ? 3 : 0;
    const auto below = 1 + ports + 2 + kLeastTalkers + 2 + kLeastReasons + gaps;
    const auto shown = std::min(
        workers.size(), fitting(v, out.size() + 2, below, kLeastWorkers, workers.size() + kLeastWorkers));
    for (std::size_t i = 0; i < shown; ++i) {
        const Value& w = workers[i];
        const double busy = rates.at("workers", i, "busy_cycles"),
                     idle = rates.at("workers", i, "idle_cycles");
        const double packets = rates.at("workers", i, "packets");
        const auto full = [&](const char* a, const char* b) {
            const Value &x = w["tables"][a], &y = w["tables"][b];
            const double all = x["all"].real() + y["all"].real();
            return fmt::format("{:.1f}%", all > 0 ? 100 * (x["used"].real() + y["used"].real()) / all : 0);
        };
        table.row(
            {std::to_string(i), busy + idle > 0 ? fmt::format("{:.1f}%", 100 * busy / (busy + idle)) : "-",
             human_short(packets), packets > 0 && busy > 0 ? fmt::format("{:.0f}", busy / packets) : "-",
             human_short(w["flows"].real()), full("embryonic_ipv4", "embryonic_ipv6"),
             full("confirmed_ipv4", "confirmed_ipv6"), human_short(w["timer_backlog"].real()),
             human_short(w["ring_backlog"].real()), human_short(w["event_backlog"].real())});
    }
    add(out, table.text(true));
    if (shown < workers.size())
        out.push_back(fmt::format("and {} more, for whom there is no room", workers.size() - shown));
}

void add_ports(Lines& out, const TopView& v, const Rates& rates) {
    Table table({"PORT", "LINK", ">IN/s", ">BIT/s", ">OUT/s", ">BIT/s", ">DROPPED/s", ">MISSED/s"});
    const auto& ports = v.now["ports"].list();
    const auto rate = [&](std::size_t i, const char* name) {
        return human_short(rates.at("ports", i, name));
    };
    const auto bits = [&](std::size_t i, const char* name) {
        return human_short(8 * rates.at("ports", i, name));
    };
    for (std::size_t i = 0; i < ports.size(); ++i)
        table.row({ports[i]["device"].text().substr(0, ports[i]["device"].text().find(',')),
                   ports[i]["link_up"].flag() ? "up" : "down", rate(i, "received"), bits(i, "received_bytes"),
                   rate(i, "transmitted"), bits(i, "transmitted_bytes"), rate(i, "dropped"),
                   human_short(rates.at("ports", i, "missed") + rates.at("ports", i, "no_buffer"))});
    add(out, table.text(true));
}

void add_talkers(Lines& out, const TopView& v) {
    const Value& talkers = v.now["talkers"];
    const auto* const kind = kTalkerKinds[v.kind];
    Table table({">ASKED/s", ">AT MOST", kind});
    const std::size_t below = 2 + kLeastReasons + (is_roomy(v) ? 1 : 0);
    const auto most = fitting(v, out.size() + 2, below, kLeastTalkers, kTalkers);
    std::size_t shown = 0;
    for (const auto& one : talkers[kind].list()) {
        const auto& name = one["name"].text();
        if (name.find(v.filter) == std::string::npos || shown++ >= most) continue;
        table.row({human_short(one["count"].real()), human_short(one["most"].real()), name});
    }
    out.push_back(bold(
        fmt::format("asked for connections in the last second: {}", human_short(talkers["asked"].real()))));
    add(out, table.text(true));
}

struct Counted {
    std::string name;
    double total, rate;
};

bool precedes(const Counted& a, const Counted& b, TopSort by) {
    if (by == TopSort::rate && a.rate != b.rate) return a.rate > b.rate;
    if (by != TopSort::name && a.total != b.total) return a.total > b.total;
    return a.name < b.name;
}

void add_reasons(Lines& out, const TopView& v, const Rates& rates) {
    std::vector<Counted> all;
    for (const auto* group : {"reasons", "disposed"})
        for (const auto& reason : v.now[group].members()) {
            const bool known =
                std::any_of(all.begin(), all.end(), [&](const Counted& c) { return c.name == reason.name; });
            if (!known && reason.name != "none" && reason.name.find(v.filter) != std::string::npos)
                all.push_back({reason.name, reason.value.real(), rates.of(group, reason.name)});
        }
    std::sort(all.begin(), all.end(),
              [&](const Counted& a, const Counted& b) { return precedes(a, b, v.sort); });
    Table table({">/s", ">TOTAL", "REASON"});
    for (std::size_t i = 0; i < std::min(kReasons, all.size()); ++i)
        table.row({human_short(all[i].rate), human_short(all[i].total), all[i].name});
    add(out, table.text(true));
}

Lines help_lines() {
    return {
        bold("keys"),
        "  q       quit",
        "  p       pause, and go on (also the space bar)",
        "  s       Reasons by rate, total, name",
        "  t       who asked for connections: sources, destinations, services, networks",
        "  /       show Reasons and talkers with this in their names; Enter ends it, Escape takes it back",
        "  h       this, and back"};
}

}  // namespace

std::vector<std::string> top_lines(const TopView& v) {
    if (v.help) return help_lines();
    const Rates rates(v);
    Lines out;
    add_head(out, v, rates);
    add_states(out, v);
    add_defence(out, v, rates);
    add_gap(out, v);
    add_workers(out, v, rates);
    add_gap(out, v);
    add_ports(out, v, rates);
    add_gap(out, v);
    add_talkers(out, v);
    add_gap(out, v);
    out.push_back(
        v.typing || !v.filter.empty()
            ? bold(fmt::format("Reasons by {}   with {}{}", kTopSortNames[static_cast<std::size_t>(v.sort)],
                               v.filter, v.typing ? "_" : ""))
            : bold(
                  fmt::format("Reasons by {}   (h: keys)", kTopSortNames[static_cast<std::size_t>(v.sort)])));
    add_reasons(out, v, rates);
    return out;
}

}  // namespace ajar::client
