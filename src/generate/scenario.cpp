// Which scenarios there are, and how a mix of them is named.
#include "generate/scenario.hpp"

#include <fmt/format.h>

#include <charconv>

#include "config/nearest.hpp"
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

constexpr std::array kScenarios = {
    Scenario{"handshake", "connections with requests, responses and a close", handshake},
    Scenario{"flood", "SYNs of spoofed sources, or of one, to one target or several", flood},
    Scenario{"scan", "half-open and connect scans over open, closed and filtered ports", scan},
    Scenario{"embryonic", "handshakes that fail, of each cause in turn", embryonic},
    Scenario{"idle", "connections that fall silent and stay open", idle},
    Scenario{"crash", "an end that crashed: unanswered data, keep-alives, the same ports again", crash},
    Scenario{"reuse", "the same ports again in TIME_WAIT, after a RST, from the other side", reuse},
    Scenario{"retransmit", "connections with loss, reordering and duplicates", retransmit},
    Scenario{"ipv6", "connections over IPv6", ipv6},
    Scenario{"vlan", "the same addresses in four VLANs", vlan},
    Scenario{"qinq", "the same addresses under four stacks of two tags", qinq},
    Scenario{"fragments", "connections whose long segments are fragmented, some backwards", fragments},
    Scenario{"halfclosed", "one end closes early, the other goes on; one in three is left so", halfclosed},
    Scenario{"churn", "short connections in numbers, half of them left behind", churn},
    Scenario{"closed", "honest clients of a service where nobody listens", closed},
    Scenario{"filtered", "honest clients of a service whose packets are dropped", unanswered},
    Scenario{"overflow", "honest clients of a server whose accept queue is full", crowded},
    Scenario{"unreachable", "honest clients whose SYNs are answered by ICMP", faraway},
    Scenario{"oneway", "connections of which one direction passes elsewhere", oneway},
    Scenario{"rerouted", "connections of which one direction passes elsewhere from some moment on", rerouted},
    Scenario{"synscan", "half-open scans, each over the ports of one host", synscan},
    Scenario{"sweep", "half-open scans, each for one port of all hosts", sweep},
    Scenario{"connectscan", "connect scans over hosts and ports", connectscan},
    Scenario{"slowscan", "scans that never touch a target twice; give them a small share", slowscan},
    Scenario{"crawler", "busy clients of many hosts, one in seven of which is gone", crawler},
    Scenario{"unheard", "data or a FIN to an end that is gone", unheard},
    Scenario{"unkept", "keep-alives to an end that is gone", unkept},
    Scenario{"vanished", "connections that fall silent, of which one end is gone: who asks finds out",
             vanished},
    Scenario{"stuck", "a crashed client opens again, and its challenge ACKs get lost", shut_out},
    Scenario{"reopened", "a crashed client opens again, after the exact RST that frees its ports", reopened},
    Scenario{"discovered", "data or a keep-alive, and the RST of a host that has crashed", refused_late},
    Scenario{"cut", "connections that somebody on the way resets in the name of an end that goes on",
             cut_through},
    Scenario{"lookalike", "whole connections that resemble half-open ones: closed windows, late answers, ...",
             lookalike},
};

Error unknown_scenario(std::string_view name) {
    std::vector<std::string_view> names;
    std::string list;
    for (const auto& s : kScenarios) {
        names.push_back(s.name);
        list += fmt::format("  {:<11} {}\n", s.name, s.help);
    }
    const auto meant = config::nearest(name, names);
    const auto hint = meant.empty() ? std::string() : fmt::format(", did you mean '{}'?", meant);
    return {fmt::format("no scenario '{}'{} The scenarios are:\n{}  {:<11} {}", name,
                        hint.empty() ? "." : hint, list, "mix",
                        "several of them, by --weights handshake=70,flood=20,...")};
}

Result<std::uint8_t> find(std::string_view name) {
    for (std::size_t i = 0; i < kScenarios.size(); ++i) {
        if (kScenarios[i].name == name) return static_cast<std::uint8_t>(i);
    }
    return unknown_scenario(name);
}

Result<Share> parse_share(std::string_view text) {
    const auto equals = text.find('=');
    const auto kind = find(text.substr(0, equals));
    if (!kind) return Error{kind.error()};
    std::uint32_t weight = 0;
    const auto digits = equals == text.npos ? std::string_view() : text.substr(equals + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    if (error != std::errc() || end != digits.data() + digits.size() || weight == 0 || weight > 1'000'000) {
        return Error{
            fmt::format("--weights: '{}' is not SCENARIO=WEIGHT with a weight of 1 to 1000000", text)};
    }
    return Share{*kind, weight};
}

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

Result<std::vector<Share>> parse_weights(std::string_view text) {
    std::vector<Share> shares;
    while (true) {
        const auto comma = text.find(',');
        const auto share = parse_share(text.substr(0, comma));
        if (!share) return Error{share.error()};
        shares.push_back(*share);
        if (comma == text.npos) return shares;
        text.remove_prefix(comma + 1);
    }
}

Result<std::vector<Share>> shares_of(const GenOptions& options) {
    if (options.scenario == "mix") return parse_weights(options.weights);
    const auto kind = find(options.scenario);
    if (!kind) return Error{kind.error()};
    return std::vector{Share{*kind, 1}};
}

Script make_script(Draw& d) {
    const auto parts = [](double percent) { return static_cast<std::uint32_t>(percent * 10'000); };
    return {d.out, d.rng, d.options.rtt,
            Trouble{.loss = parts(d.options.loss_percent),
                    .reorder = parts(d.options.reorder_percent),
                    .duplicate = parts(d.options.duplicate_percent)}};
}

void exchange(Draw& d, Script& s) {
    for (auto rounds = d.rng.between(1, 3); rounds > 0; --rounds) {
        s.send(End::client, d.rng.between(100, 1200));
        s.pause_up_to(50);
        s.send(End::server, d.rng.between(d.options.payload / 4 + 1, d.options.payload * 7 / 4 + 1));
        s.pause_up_to(500);
    }
}

}  // namespace ajar::gen
