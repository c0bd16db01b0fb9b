// `ajar bench`: the appliance on net_null beside a plain forwarder on the same devices with the same traffic.
//
// Both poll the same queues through the same rx callback, which writes the headers; the forwarder then swaps
// the MAC addresses and sends. Rounds alternate between the two, so that a machine that slows down slows
// both; the medians are compared, and the difference in nanoseconds is what tracking costs.
#include "dataplane/bench.hpp"

#include <fmt/format.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "config/eal_args.hpp"
#include "config/load.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/macswap.hpp"
#include "dataplane/null_source.hpp"
#include "exit_code.hpp"

namespace ajar {
namespace {

using dataplane::Appliance;
using dataplane::Pattern;

std::optional<Pattern> pattern_named(const std::string& name) {
    static const std::map<std::string, Pattern> kPatterns = {
        {"established", Pattern::established}, {"connect", Pattern::connect}, {"flood", Pattern::flood}};
    const auto it = kPatterns.find(name);
    return it == kPatterns.end() ? std::nullopt : std::optional(it->second);
}

Config bench_config(const BenchFlags& flags) {
    Config config = config::default_config();
    config.ports = {{"net_null0,size=60", "net_null1,size=60"}};
    config.workers = flags.workers;
    config.hugepages = flags.hugepages ? Hugepages::on : Hugepages::off;
    config.seed = fmt::format("{}", 1);
    return config;
}

/// Packets a second between a tenth and the whole of `packets`, as seen from outside.
double rate(std::uint64_t packets, const std::function<std::uint64_t()>& received) {
    const auto await = [&](std::uint64_t n) {
        while (received() < n) usleep(200);
        return std::pair(rte_rdtsc(), received());
    };
    const auto [tsc0, n0] = await(packets / 10);
    const auto [tsc1, n1] = await(packets);
    return static_cast<double>(n1 - n0) * static_cast<double>(rte_get_tsc_hz()) /
           static_cast<double>(tsc1 - tsc0);
}

struct Round {
    double rate = 0;
    bool sound = true;
};

Result<Round> one_round(const Config& config, const BenchFlags& flags, Pattern pattern, bool plain) {
    auto made = Appliance::make(config, [](const Event&) {});
    if (!made) return Error{made.error()};
    Appliance& appliance = **made;
    dataplane::NullSource source(appliance.wiring(),
                                 {.pattern = pattern,
                                  .flows = static_cast<std::uint32_t>(flags.flows / flags.workers),
                                  .queues = flags.workers});
    Round out;
    if (plain) {
        dataplane::Macswap forwarder(appliance);
        if (auto started = forwarder.start(); !started) return Error{started.error()};
        out.rate = rate(flags.packets, [&] { return forwarder.received(); });
        forwarder.stop();
    } else {
        if (auto started = appliance.start(); !started) return Error{started.error()};
        out.rate = rate(flags.packets, [&] {
            appliance.drain_events();
            return appliance.received();
        });
        appliance.stop();
    }
    source.detach();
    const auto ending = appliance.close();
    out.sound = ending.sums_hold && ending.mbufs_lost == 0;
    return out;
}

struct Spread {
    double median = 0, least = 0, most = 0;
};

Spread spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.front(), values.back()};
}

void print_row(const char* what, const Spread& s, std::uint32_t workers) {
    fmt::print("{:<10} {:>8.2f} M/s  {:>7.1f} ns a packet and worker   ({:.2f} to {:.2f} M/s)\n", what,
               s.median / 1e6, 1e9 * workers / s.median, s.least / 1e6, s.most / 1e6);
}

int bench(const Config& config, const BenchFlags& flags, Pattern pattern) {
    std::array<std::vector<double>, 2> rates;
    for (std::uint32_t i = 0; i < 2 * flags.rounds; ++i) {
        const bool plain = i % 2 == 0;
        auto round = one_round(config, flags, pattern, plain);
        if (!round || !round->sound) {
            fmt::print(stderr, "ajar: {}\n", round ? "the frames do not add up" : round.error());
            return kFailed;
        }
        rates[plain ? 0 : 1].push_back(round->rate);
    }
    fmt::print("{}: {} flows, {} workers, {} packets a round, {} rounds each, medians\n", flags.scenario,
               flags.flows, flags.workers, flags.packets, flags.rounds);
    fmt::print("ISA {}, {} pages, {} lanes on shared CPUs: {}\n", AJAR_CPU,
               rte_eal_has_hugepages() != 0 ? "huge" : "ordinary", flags.workers,
               dataplane::lcores_share_cpus() ? "yes" : "no");
    print_row("macswap", spread_of(rates[0]), flags.workers);
    print_row("ajar", spread_of(rates[1]), flags.workers);
    return kGood;
}

}  // namespace

int run_bench(const BenchFlags& flags) {
    const auto pattern = pattern_named(flags.scenario);
    if (!pattern) {
        fmt::print(stderr, "ajar: no scenario \"{}\": established, connect or flood\n", flags.scenario);
        return kUsage;
    }
    const Config config = bench_config(flags);
    auto args = config::eal_arguments(config);
    std::erase_if(args,
                  [](const std::string& a) { return a.starts_with("--vdev"); });  // made anew each round
    args.emplace_back("--log-level=*:error");
    auto eal = dataplane::Eal::start(args);
    if (!eal) {
        fmt::print(stderr, "ajar: {}\n", eal.error());
        return kUsage;
    }
    return bench(config, flags, *pattern);
}

}  // namespace ajar
