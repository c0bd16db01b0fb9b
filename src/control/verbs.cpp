// The verb table.
#include "control/verbs.hpp"

#include <algorithm>

#include "ajar/policy/timeouts.hpp"
#include "ajar/reason.hpp"
#include "ajar/tcp/state.hpp"
#include "export/event_json.hpp"

namespace ajar::control {
namespace {

using enum Takes;

/// The names of a table of infos.
template <std::size_t N, typename Info>
constexpr std::array<std::string_view, N> names_of(const std::array<Info, N>& table) {
    std::array<std::string_view, N> out;
    for (std::size_t i = 0; i < N; ++i) out[i] = table[i].name;
    return out;
}
constexpr auto kReasonNames = names_of(kReasonTable);
constexpr std::array<std::string_view, 2> kFamilyNames = {"ipv4", "ipv6"};

constexpr std::array kFilters = {
    VerbOption{"state", words, "STATE,...", "Flows in one of these states", kTcpStateNames},
    VerbOption{"embryonic", nothing, "", "Flows whose handshake is not complete."},
    VerbOption{"addr", text, "PREFIX", "Either end is in it: 10.0.0.1, 10.0.0.0/8, 2001:db8::/32."},
    VerbOption{"src", text, "PREFIX", "Who opened the connection is in it."},
    VerbOption{"dst", text, "PREFIX", "Whom it was opened to is in it."},
    VerbOption{"port", text, "PORTS", "Either end's port: 443, 8000-8099."},
    VerbOption{"sport", text, "PORTS", "The port of who opened the connection."},
    VerbOption{"dport", text, "PORTS", "The port of whom it was opened to."},
    VerbOption{"family", words, "FAMILY", "IPv4 or IPv6", kFamilyNames},
    VerbOption{"vlan", count, "ID", "Frames carry this VLAN ID, as the outer or the inner one. 0: none."},
    VerbOption{"pair", count, "N", "The pair of ports that it crosses; the first is 0."},
    VerbOption{"age", span, "TIME", "Since its first packet: '>5s', '<1m'."},
    VerbOption{"idle", span, "TIME", "Since its last packet that counts: '>5m'."},
    VerbOption{"flagged", nothing, "", "Flows that were flagged."},
    VerbOption{"reason", words, "REASON,...",
               "Flows flagged under one of these Reasons, as far as that is remembered ([control] history)",
               kReasonNames},
    VerbOption{"worker", count, "N", "The worker that tracks it; the first is 0."},
};

constexpr std::array kList = {
    VerbOption{"sort", words, "KEY", "The whole table is looked at, and what stands first is listed",
               kSortNames},
    VerbOption{"reverse", nothing, "", "Youngest, fewest, highest first, where the order is the other one."},
    VerbOption{"limit", count, "N", "So many at most; without it and without an order all of them."},
    VerbOption{"cursor", text, "CURSOR", "Go on where a page has ended: what its answer gave."},
    VerbOption{"count", nothing, "", "How many there are, and no list."},
    VerbOption{"watch", duration, "TIME", "Again and again, every so often.", {}, false, ReadBy::client},
};

constexpr std::string_view kFlowHelp =
    "Both ends of the connection, as ADDRESS:PORT-ADDRESS:PORT in either order, or its uid.";

constexpr std::array kConfig = {
    VerbOption{"name", text, "KEY", "Only this one, or those of this section.", {}, true}};
constexpr std::array kGet = {VerbOption{"flow", text, "FLOW", kFlowHelp, {}, true}};

constexpr std::array<std::string_view, 3> kResetNames = {"policy", "yes", "no"};
constexpr std::array kEvict = {
    VerbOption{"flow", text, "FLOW", kFlowHelp, {}, true},
    VerbOption{"reset", words, "WHETHER",
               "Do both ends get exact resets, in mode enforce? policy: as [actions] administrative says",
               kResetNames},
};

constexpr std::array kFlush = {
    VerbOption{"all", nothing, "", "Every flow. Without it a filter is wanted."},
    VerbOption{"reset", words, "WHETHER",
               "Do both ends get exact resets, in mode enforce? policy: as [actions] administrative says",
               kResetNames},
};

constexpr std::array kEvents = {
    VerbOption{"type", words, "TYPE,...", "Events of these types", exporting::kEventTypes},
    VerbOption{"recent", count, "N", "Begin with the latest so many that are remembered."},
    VerbOption{"defence", nothing, "", "What the defence against floods does, too."},
    VerbOption{"no-follow", nothing, "", "Do not wait for further ones."},
};

constexpr std::array kStats = {
    VerbOption{"ages", nothing, "", "Embryonic flows by age, too; looks at all of them."},
    VerbOption{"talkers", nothing, "", "Who asked for connections in the second before, and whom."},
};

constexpr std::array kTop = {
    VerbOption{"interval", duration, "TIME", "So often.", {}, false, ReadBy::client},
    VerbOption{"once", nothing, "", "One screen to standard output, and the end.", {}, false, ReadBy::client},
};

constexpr std::array kBlock = {
    VerbOption{"prefix", text, "PREFIX", "Whose SYNs are dropped: 203.0.113.7, 2001:db8::/48.", {}, true},
    VerbOption{"for", duration, "TIME", "So long; without it until it is unblocked, or Ajar ends."},
};
constexpr std::array kUnblock = {
    VerbOption{"prefix", text, "PREFIX", "As it was blocked.", {}, true},
};
constexpr std::array kProfile = {
    VerbOption{"name", words, "NAME", "What to change to; without it only what is in force is told",
               kProfileNames, true},
};

constexpr std::array kClient = {
    VerbOption{"socket",
               text,
               "PATH",
               "The appliance's socket; without it where `ajar run` opens one by default.",
               {},
               false,
               ReadBy::client},
    VerbOption{"output", words, "FORM", "How the answer is printed", kOutputNames, false, ReadBy::client},
    VerbOption{"timeout", duration, "TIME", "The longest wait for an answer.", {}, false, ReadBy::client},
};

constexpr std::array kVerbs = {
    Verb{VerbId::list, "list", "List tracked connections: filter, sort, page, watch.",
         "Lists the connections that a running appliance tracks. It only reads them: no worker is asked.",
         "  ajar list --state syn_recv --age '>5s'\n"
         "  ajar list --dst 10.0.0.0/8 --dport 443 --sort bytes --limit 20\n"
         "  ajar list --flagged -o json\n"
         "  ajar list --embryonic --count\n",
         "flows (a list), cursor (null: that was all), scanned; with count: count", Runs::scan, kList, true},
    Verb{VerbId::get, "get", "Show one tracked connection.",
         "Shows what is known of one connection that is alive.",
         "  ajar get 10.0.0.1:4711-10.0.0.2:80\n"
         "  ajar get C2GWSpcZPk1ECMwwFo -o json\n",
         "flows (a list of all that are meant)", Runs::scan, kGet},
    Verb{VerbId::explain, "explain", "Why one connection was flagged, evicted or reset, in sentences.",
         "Tells why a connection was flagged, evicted or reset.",
         "  ajar explain 10.0.0.1:4711-10.0.0.2:80\n",
         "events (what is remembered of it), flows (if it is alive), remembered", Runs::scan, kGet},
    Verb{VerbId::evict, "evict", "Evict one connection, with or without resets to its ends.",
         "Evicts one connection from the table. Its Reason is `administrative`; in mode observe no reset is "
         "sent.",
         "  ajar evict 10.0.0.1:4711-10.0.0.2:80\n"
         "  ajar evict C2GWSpcZPk1ECMwwFo --reset yes\n",
         "evicted (how many), mode", Runs::orders, kEvict, false, true},
    Verb{VerbId::flush, "flush", "Evict all connections that a filter selects.",
         "Evicts many connections, a few between two bursts of each worker, so that traffic does not wait.",
         "  ajar flush --src 203.0.113.0/24 --reset yes\n"
         "  ajar flush --state syn_sent --age '>1m'\n"
         "  ajar flush --all\n",
         "evicted, gone (ended by themselves meanwhile), mode", Runs::orders, kFlush, true, true},
    Verb{VerbId::events, "events", "Follow flags, evictions, resets as they happen.",
         "Prints events as they happen, a line each; -o json has all of them, in the shape of Suricata's "
         "EVE. (Flow "
         "starts and\nends are among them where [events] says so.) Who reads too slowly loses some, which is "
         "counted.",
         "  ajar events\n"
         "  ajar events --type evicted,reset_sent --dst 10.0.0.0/8\n"
         "  ajar events --recent 50 --no-follow\n",
         "following; then lines with event, or with lost (how many)", Runs::server, kEvents, true},
    Verb{VerbId::stats, "stats", "Counters by worker, port, queue and Reason.",
         "Shows what the appliance has counted: packets and cycles of each worker, ports, queues, tables, "
         "Reasons.",
         "  ajar stats\n"
         "  ajar stats --ages --talkers -o json\n",
         "now, uptime, mode, generation, workers, ports, queues, tables, flows, reasons, frames, control",
         Runs::main, kStats},
    Verb{VerbId::top, "top", "The appliance at a glance, full screen, every second.",
         "Shows rates, states, ages, pressure, talkers and Reasons, and how they change. Keys: h tells them.",
         "  ajar top\n"
         "  ajar top --once\n",
         "", Runs::client, kTop},
    Verb{VerbId::posture, "posture", "Who is under flood, who is blocked, which pressure stage holds.",
         "Shows what the defence does at this moment, and how often it has changed.",
         "  ajar posture\n"
         "  ajar posture -o json\n",
         "mode, standing, blocked, blocks (by block), fleet (others, by [share]), changes", Runs::main},
    Verb{VerbId::block, "block", "Drop the SYNs of a source.",
         "Drops the SYNs of a prefix from now on, in mode enforce; what is connected stays. The "
         "configuration file "
         "is\nnot changed: [defence] blocked there lasts.",
         "  ajar block 203.0.113.7\n"
         "  ajar block 2001:db8::/48 --for 1h\n",
         "prefix, until (null: no end), mode, generation", Runs::main, kBlock, false, true},
    Verb{VerbId::unblock, "unblock", "Take back a block.", "Takes back what `ajar block` has done.",
         "  ajar unblock 203.0.113.7\n", "prefix, generation", Runs::main, kUnblock, false, true},
    Verb{
        VerbId::reload,
        "reload",
        "Read the configuration file again.",
        "Checks the configuration file and takes it over, whole or not at all, as SIGHUP does. Says what has "
        "changed\nand what needs a restart.",
        "  ajar reload\n",
        "generation, changed, restart (what needs one)",
        Runs::main,
        {},
        false,
        true},
    Verb{VerbId::profile, "profile", "Show or change whose timers and actions hold.",
         "Shows the profile in force with its timers and actions, or changes to another: the configuration "
         "file's "
         "own\nvalues prevail over it as ever. A reload returns to the file's profile.",
         "  ajar profile\n"
         "  ajar profile linux\n",
         "profile, generation, timeouts, actions, changed, restart", Runs::main, kProfile, false, true},
    Verb{VerbId::config, "config", "Show the configuration in force.",
         "Shows what every option is at this moment, as a configuration file has it: the file as it was last "
         "taken "
         "over,\nwith what `ajar profile` has changed since. (Blocks by hand are the posture's.)",
         "  ajar config\n"
         "  ajar config timeouts\n"
         "  ajar config policy.mode -o json\n",
         "generation, options (values as a file has them, by section.key), services (as a file has them)",
         Runs::main, kConfig},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kVerbs.size(); ++i)
        if (kVerbs[i].id != static_cast<VerbId>(i)) return false;
    return true;
}
static_assert(in_order());

const VerbOption* find(std::span<const VerbOption> options, std::string_view name) {
    const auto at =
        std::find_if(options.begin(), options.end(), [&](const VerbOption& o) { return o.name == name; });
    return at == options.end() ? nullptr : &*at;
}

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

const Verb* verb_named(std::string_view name) {
    const auto* const at =
        std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& v) { return v.name == name; });
    return at == kVerbs.end() ? nullptr : at;
}

const Verb& verb(VerbId id) { return kVerbs[static_cast<std::size_t>(id)]; }

std::span<const VerbOption> filter_options() { return kFilters; }
std::span<const VerbOption> client_options() { return kClient; }

const VerbOption* option_named(const Verb& verb, std::string_view name) {
    if (const auto* const own = find(verb.options, name); own != nullptr) return own;
    return verb.filters ? find(kFilters, name) : nullptr;
}

}  // namespace ajar::control
