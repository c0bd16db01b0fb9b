// The appliance as a whole, and what it does for those who watch it.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using http::HttpFacts;

constexpr std::array kHttpRows = {
    Row<HttpFacts>{"visitors", Kind::gauge, &HttpFacts::visitors, "Connections to the HTTP server."},
    Row<HttpFacts>{"accepted", Kind::counter, &HttpFacts::accepted, "Connections that it took."},
    Row<HttpFacts>{"refused", Kind::counter, &HttpFacts::refused, "Connections that found no room."},
    Row<HttpFacts>{"slow", Kind::counter, &HttpFacts::slow,
                   "Connections ended because they dawdled, or others needed their room."},
    Row<HttpFacts>{"requests", Kind::counter, &HttpFacts::requests, "Requests read."},
    Row<HttpFacts>{"faults", Kind::counter, &HttpFacts::faults,
                   "Requests not answered with what they asked for."},
    Row<HttpFacts>{"streams", Kind::gauge, &HttpFacts::streams, "Followers of the page's news."},
    Row<HttpFacts>{"streams_refused", Kind::counter, &HttpFacts::streams_refused,
                   "Followers for whom there was no place."},
    Row<HttpFacts>{"streams_slow", Kind::counter, &HttpFacts::streams_slow,
                   "Followers who did not keep up, and were dropped."},
};

void put_main(Book& book, const control::Facts& facts) {
    const auto& main = facts.main;
    book.family("config_reloads", Kind::counter, "Attempts to take over a configuration, by outcome.")
        .add(main.reloads, {{"outcome", "taken"}})
        .add(main.reloads_refused, {{"outcome", "refused"}});
    book.one("export_lines_written", Kind::counter, "Lines of events and flow records written.",
             main.lines_written);
    book.one("export_lines_lost", Kind::counter,
             "Lines of events and flow records lost on their way to where they are written.",
             main.lines_lost);
    book.one("export_flows", Kind::counter, "Flows handed to the network for the IPFIX collector.",
             main.flows_exported);
    book.one("export_flows_lost", Kind::counter, "Flows that the IPFIX collector did not get.",
             main.exports_lost);
    book.one("control_events_lost", Kind::counter, "Events lost on their way to the control socket.",
             facts.control_events_lost);
}

}  // namespace

void put_box(Book& book, const View& view) {
    const auto& facts = view.facts;
    const std::uint64_t one = 1;
    book.family("build_info", Kind::gauge, "Which program this is; always 1.")
        .add(one, {{"version", view.build.version}, {"dpdk", view.build.dpdk}});
    book.one("uptime_seconds", Kind::gauge, "Since the ports were started.",
             std::chrono::duration<double>(facts.uptime).count());
    book.one("tsc_hertz", Kind::gauge, "Cycles a second of the clock that cycles are counted by.",
             facts.cycles_a_second);
    book.family("mode", Kind::gauge, "1 for the mode it is in: observe changes nothing, enforce acts.");
    for (std::size_t i = 0; i < kModeNames.size(); ++i)
        book.add(std::uint64_t{static_cast<std::size_t>(facts.mode) == i},
                 {{"mode", std::string(kModeNames[i])}});
    book.one("config_generation", Kind::gauge, "Generation of the configuration in force.", facts.generation);
    put_main(book, facts);
    if (view.http) book.rows("http_", kHttpRows, std::array{*view.http}, [](auto) { return Labels(); });
    book.one("look_seconds", Kind::gauge,
             "What the latest look at the tables took for these numbers, in a thread of its own.",
             std::chrono::duration<double>(view.cost).count());
}

}  // namespace ajar::metrics
