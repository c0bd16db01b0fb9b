// What no single option can see: values that are right by themselves and wrong together.
#include "config/clash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ajar/policy/timeouts.hpp"
#include "config/cpus.hpp"
#include "config/domain.hpp"
#include "config/needs.hpp"
#include "config/services.hpp"
#include "config/units.hpp"
#include "export/target.hpp"

namespace ajar::config {
namespace {

using Clashes = std::vector<Clash>;

void pace_without_capture(const Config& config, Clashes& out) {
    if (config.pace == 0 || config.clock == ClockSource::packet) return;
    out.push_back({"appliance.pace",
                   "pace holds the packet clock back, and clock = \"tsc\" is not it; set pace = 0 or "
                   "clock = \"packet\""});
}

void reset_of_unverified(const Config& config, Clashes& out) {
    if (config.policy.actions[static_cast<std::size_t>(Cause::unverified)] != Action::evict_reset) return;
    out.push_back(
        {"actions.unverified",
         "a flow that nobody vouched for is never reset: its sequence numbers may be a forger's; set "
         "\"flag\" or \"evict\""});
}

void enforce_with_zeek(const Config& config, Clashes& out) {
    if (config.policy.mode != Mode::enforce || config.policy.boundaries != Boundaries::zeek) return;
    out.push_back({"policy.mode",
                   "profile \"zeek\" cuts living connections into records after its own timers, so it is "
                   "for watching; set mode = \"observe\" or another profile"});
}

void reset_without_rate(const Config& config, Clashes& out) {
    const auto& policy = config.policy;
    const bool resets = std::count(policy.actions.begin(), policy.actions.end(), Action::evict_reset) > 0;
    if (policy.mode != Mode::enforce || !resets) return;
    if (policy.resets_per_second > 0 && policy.resets_burst > 0) return;
    out.push_back({policy.resets_per_second == 0 ? "resets.rate" : "resets.burst",
                   "0 sends no reset at all, but [actions] asks for some; give a rate and a burst, or set "
                   "those actions to \"evict\""});
}

void fragments_too_small(const Config& config, Clashes& out) {
    if (config.fragments.bytes >= config.fragments.datagrams * 128) return;
    out.push_back({"fragments.bytes",
                   fmt::format("too few for {} datagrams at 128 bytes and more each; give {}, or fewer "
                               "datagrams",
                               config.fragments.datagrams, format_bytes(config.fragments.datagrams * 128))});
}

void too_few_buffers(const Config& config, Clashes& out) {
    const auto least = needs_of(config).least_buffers;
    if (config.mbufs == 0 || config.mbufs >= least) return;
    out.push_back({"appliance.mbufs",
                   fmt::format("{} buffers are too few for these queues and workers: give {} or more, fewer "
                               "descriptors, or 0",
                               config.mbufs, least)});
}

void both_outputs_same(const Config& config, Clashes& out) {
    if (config.events_file.empty() || config.events_file != config.flows_file) return;
    if (const auto target = exporting::parse_target(config.events_file); target && is_shareable(*target))
        return;
    out.push_back({"events.flows", fmt::format("events and flow records cannot share {}; name another file",
                                               in_quotes(config.flows_file))});
}

void dumpcap_without_hugepages(const Config& config, Clashes& out) {
    if (config.dumpcap.empty() || config.hugepages == Hugepages::on) return;
    out.push_back(
        {"appliance.dumpcap",
         "DPDK shares hugepages with its other processes, and no other memory; set hugepages = \"on\", or "
         "leave it empty"});
}

void half_of_a_user(const Config& config, Clashes& out) {
    if (config.user.empty() && !config.group.empty())
        out.push_back({"appliance.group", "a group belongs to a user here; name a `user`, too"});
    if (!config.user.empty() && !config.dumpcap.empty())
        out.push_back(
            {"appliance.user",
             "the hugepages that `dumpcap` shares are files that root alone could remove at the end; "
             "leave one of the two empty"});
}

struct Derived {
    std::string_view argument, instead;
};

/// EAL takes any beginning of a long name that is no other's, and the value of a short one without a space.
bool is_meant(std::string_view given, std::string_view argument) {
    if (!argument.starts_with("--")) return given.starts_with(argument);
    const auto name = given.substr(0, given.find('='));
    return name.size() > 2 && argument.starts_with(name);
}

/// Arguments that are derived from options: given again, EAL would refuse or Ajar would believe the wrong.
void derived_eal_argument(const Config& config, Clashes& out) {
    static constexpr std::array kDerived = {
        Derived{"-l", "cpus"},
        Derived{"-c", "cpus"},
        Derived{"--lcores", "cpus"},
        Derived{"--main-lcore", "cpus"},
        Derived{"--no-huge", "hugepages"},
        Derived{"--in-memory", "hugepages"},
        Derived{"--file-prefix", "dumpcap"},
    };
    for (const auto& given : config.eal_args)
        for (const auto& [argument, instead] : kDerived)
            if (is_meant(given, argument))
                out.push_back(
                    {"appliance.eal_args",
                     fmt::format("{} is derived; set {} in [appliance] instead", argument, instead)});
}

/// A worker that waits for room among its events waits for half a ring: a burst must fit into it.
void small_event_ring(const Config& config, Clashes& out) {
    constexpr std::uint32_t kLeast = 4096;
    if (config.clock != ClockSource::packet || config.event_ring >= kLeast) return;
    out.push_back({"events.ring", fmt::format("clock = \"packet\" loses no event and needs room for all of a "
                                              "burst's; give {} or more",
                                              kLeast)});
}

void lower_mark_above(const Config& config, Clashes& out) {
    const auto& marks = config.policy.defence;
    const auto complain = [&](std::string_view which, std::uint32_t low, std::uint32_t high) {
        out.push_back({fmt::format("defence.{}_low", which),
                       fmt::format("{} is above {}_high, which is {}: what opens a gate must lie above what "
                                   "closes it",
                                   low, which, high)});
    };
    if (marks.service_low > marks.service_high) complain("service", marks.service_low, marks.service_high);
    if (marks.destination_high != 0 && marks.destination_low > marks.destination_high)
        complain("destination", marks.destination_low, marks.destination_high);
}

void shared_captures(const Config& config, Clashes& out) {
    if (config.share_server.empty() || config.clock != ClockSource::packet) return;
    out.push_back({"share.server",
                   "clock = \"packet\" promises the same verdicts every time, and what others tell is never "
                   "the same; set clock = \"tsc\", or leave it empty"});
}

void clashing_services(const Config& config, Clashes& out) {
    for (auto& text : service_clashes(config)) out.push_back({"services", std::move(text)});
}

}  // namespace

Clashes clashes(const Config& config) {
    auto out = port_clashes(config);
    for (auto* find :
         {pace_without_capture, reset_of_unverified, enforce_with_zeek, reset_without_rate,
          fragments_too_small, too_few_buffers, both_outputs_same, small_event_ring, derived_eal_argument,
          dumpcap_without_hugepages, half_of_a_user, lower_mark_above, shared_captures, clashing_services})
        find(config, out);
    return out;
}

Clashes run_clashes(const Config& config) {
    if (!config.ports.empty()) return {};
    return {{"ports",
             "no ports: an appliance stands between two; add\n"
             "    [[ports]]\n"
             "    a = \"0000:3b:00.0\"\n"
             "    b = \"0000:3b:00.1\"\n"
             "  with PCI addresses (dpdk-devbind.py --status lists them) or DPDK vdevs such as\n"
             "  \"net_af_packet0,iface=eth0\""}};
}

}  // namespace ajar::config
