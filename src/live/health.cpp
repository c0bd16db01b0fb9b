// Is anything wrong with the appliance itself? In words, so that it is seen at a glance, on paper, and by
// whoever sees no colours.
#include <fmt/format.h>

#include "export/human.hpp"
#include "live/parts.hpp"

namespace ajar::live {
namespace {

using control::Facts;
using exporting::counted;
using Sentences = std::vector<std::string>;

/// What can get lost.
struct Loss {
    const char *one, *many;
    std::uint64_t (*of)(const Facts&);
};
constexpr std::array kLosses = {
    Loss{"event of a worker", "events of workers",
         [](const Facts& f) { return sum_of(f.workers, &control::WorkerFacts::events_lost); }},
    Loss{"line for the event file", "lines for the event file",
         [](const Facts& f) { return f.main.lines_lost; }},
    Loss{"flow for the IPFIX collector", "flows for the IPFIX collector",
         [](const Facts& f) { return f.main.exports_lost; }},
    Loss{"event for the control socket", "events for the control socket",
         [](const Facts& f) { return f.control_events_lost; }},
    Loss{"frame before a worker saw it", "frames before a worker saw them",
         [](const Facts& f) {
             return sum_of(f.ports, &control::PortFacts::missed) +
                    sum_of(f.ports, &control::PortFacts::no_buffer);
         }},
    Loss{"frame at a full ring between workers", "frames at full rings between workers",
         [](const Facts& f) { return sum_of(f.workers, &control::WorkerFacts::ring_full); }},
};

Sentences losses(const Scene& scene, bool lately) {
    Sentences out;
    for (const Loss& loss : kLosses) {
        const auto all = loss.of(scene.now.facts);
        const auto before = lately ? loss.of(scene.before.facts) : 0;
        if (all > before && (!lately || scene.seconds > 0))
            out.push_back(counted(all - before, loss.one, loss.many));
    }
    return out;
}

Sentences troubles(const Scene& scene) {
    const Facts& f = scene.now.facts;
    Sentences out;
    for (std::size_t w = 0; w < f.workers.size(); ++w)
        if (f.workers[w].stalled)
            out.push_back(fmt::format("Worker {} makes no rounds: its packets wait.", w));
    for (const auto& port : f.ports)
        if (!port.link_up) out.push_back(fmt::format("Port {} has no link.", port.device));
    for (std::size_t p = 0; p < f.pools.size(); ++p)
        if (f.pools[p].in_use * 10 > f.pools[p].buffers * 9)
            out.push_back(fmt::format("Port pair {} has used {} of {} packet buffers.", p,
                                      exporting::human_count(f.pools[p].in_use),
                                      exporting::human_count(f.pools[p].buffers)));
    if (const auto lost = losses(scene, true); !lost.empty())
        out.push_back(
            fmt::format("Lost within {:.0f} s: {}.", std::max(1.0, scene.seconds), exporting::listed(lost)));
    return out;
}

std::string ups(std::size_t up, std::size_t all) {
    return up == all ? counted(all, "port is up", "ports are up")
                     : fmt::format("{} of {} ports are up", up, all);
}

}  // namespace

page::Markup health_markup(const Scene& scene) {
    const Facts& f = scene.now.facts;
    const auto wrong = troubles(scene);
    page::Markup out;
    if (!wrong.empty()) {
        out.open("div", {{"class", "warning"}}).element("strong", "Trouble").open("ul");
        for (const auto& sentence : wrong) out.element("li", sentence);
        out.close().close();
    } else {
        std::size_t up = 0;
        for (const auto& port : f.ports) up += port.link_up ? 1 : 0;
        out.open("p", {{"class", "health"}}).element("strong", "All is well:");
        out.text(fmt::format(" {}, {}, nothing was lost just now.",
                             counted(f.workers.size(), "worker makes rounds", "workers make rounds"),
                             ups(up, f.ports.size())));
        out.close();
    }
    const auto lost = losses(scene, false);
    if (!lost.empty())
        out.element("p", {{"class", "soft"}},
                    fmt::format("Lost since the start: {}.", exporting::listed(lost)));
    return out;
}

}  // namespace ajar::live
