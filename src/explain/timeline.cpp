// Titles of events, and all that has a time in one order.
#include "explain/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "explain/words.hpp"

namespace ajar::explain {
namespace {

auto fields_of(Role from, const Glimpse& g) {
    return std::tuple(from, g.time, g.seq, g.ack, g.payload, g.window, g.flags.bits, g.ttl);
}
using Known = std::set<decltype(fields_of(kClient, Glimpse{}))>;

void add_packets(std::vector<Moment>& to, Known& known, const Suspected& s) {
    for (const Role r : {kClient, kServer})
        for (const Glimpse& packet : s.packets[r])
            if (known.insert(fields_of(r, packet)).second) to.push_back({packet.time, r, packet, {}, {}});
}

std::string would(const Incident& i, std::string_view done, std::string_view undone) {
    return std::string(i.mode == Mode::observe ? undone : done);
}

std::string reset_title(const Incident& i) {
    const auto to = i.reset ? the(i.reset->to) : "an end";
    return would(i, fmt::format("RST to {}", to), fmt::format("would send a RST to {}", to));
}

}  // namespace

std::string title_of(const Incident& i) {
    switch (i.kind) {
        case EventKind::flow_start:
            return "begun";
        case EventKind::flow_end:
            return fmt::format("ended: {}", name(i.reason));
        case EventKind::flagged:
            return fmt::format("flagged: {}", name(i.reason));
        case EventKind::evicted:
            return fmt::format("{}: {}", would(i, "evicted", "would be evicted"), name(i.reason));
        case EventKind::reset_sent:
            return reset_title(i);
        case EventKind::refused:
            return fmt::format("refused: {}", name(i.reason));
        case EventKind::probed:
            return fmt::format("asked: {}", name(i.reason));
        case EventKind::half_open:
            return fmt::format("half open: {}, confidence {}", name(i.reason),
                               name(i.suspected ? i.suspected->confidence : Confidence::none));
    }
    return {};
}

std::vector<Moment> timeline_of(std::span<const Incident> incidents) {
    std::vector<Moment> out;
    Known known;
    for (const Incident& i : incidents)
        if (i.suspected) add_packets(out, known, *i.suspected);
    for (const Incident& i : incidents)
        if (i.kind != EventKind::flow_end)
            out.push_back(
                {i.time, kClient, {}, title_of(i), i.reset ? std::optional(i.reset->to) : std::nullopt});
    std::stable_sort(out.begin(), out.end(),
                     [](const Moment& a, const Moment& b) { return a.time < b.time; });
    return out;
}

}  // namespace ajar::explain
