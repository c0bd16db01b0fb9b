// THE option table: reader, checks, `--print-config` and conf/ajar.toml all come from these rows.
//
// A default is not said here: it is what Config and policy_of("ajar") say (default_config()).
#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "ajar/flow/entry.hpp"
#include "ajar/policy/timeouts.hpp"
#include "config/cpus.hpp"
#include "config/listen.hpp"
#include "config/option.hpp"
#include "config/prefixes.hpp"
#include "config/redis_server.hpp"
#include "config/seed.hpp"
#include "config/units.hpp"
#include "export/ipfix/collector.hpp"
#include "export/packets/flagged_packets.hpp"
#include "export/target.hpp"

namespace ajar::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A field by the members that lead to it.
// NOLINTBEGIN(bugprone-macro-parentheses): members in parentheses are no members
#define FIELD(members) \
    [](auto& c) -> auto& { return c.members; }
// NOLINTEND(bugprone-macro-parentheses)

/// `As` is the type that the row's kind works on; widths and enumerations are converted on the way.
template <typename As, typename F>
constexpr Access<As> at(F) {
    return {[](const Config& c) { return static_cast<As>(F{}(c)); },
            [](Config& c, As value) {
                auto& field = F{}(c);
                field = static_cast<std::remove_reference_t<decltype(field)>>(std::move(value));
            }};
}

template <typename F>
constexpr Field flag(F f) {
    return Flag{at<bool>(f)};
}
template <typename F>
constexpr Field count(F f, std::uint64_t min, std::uint64_t max) {
    return Number{at<std::uint64_t>(f), min, max};
}
template <typename F>
constexpr Field power_of_two(F f, std::uint64_t min, std::uint64_t max) {
    return Number{at<std::uint64_t>(f), min, max, Number::Unit::count, true};
}
template <typename F>
constexpr Field bytes(F f, std::uint64_t min, std::uint64_t max) {
    return Number{at<std::uint64_t>(f), min, max, Number::Unit::bytes};
}
template <typename F>
constexpr Field percent(F f, std::uint64_t min, std::uint64_t max) {
    return Number{at<std::uint64_t>(f), min, max, Number::Unit::percent};
}
template <typename F>
constexpr Field duration(F f, Duration min, Duration max) {
    return Span{at<Duration>(f), min, max};
}
template <typename F>
constexpr Field choice(F f, std::span<const std::string_view> names) {
    return Choice{at<std::size_t>(f), names};
}
template <typename F>
constexpr Field text(F f, std::string_view takes, const char* (*refuse)(std::string_view) = nullptr) {
    return Text{at<std::string>(f), refuse, takes};
}

constexpr std::string_view kTargets =
    "a path, \"-\" for standard output, \"unix:PATH\", \"syslog\" or \"syslog:FACILITY\"";
const char* refuse_target(std::string_view text) {
    return exporting::parse_target(text)
               ? nullptr
               : "no target: syslog has the facilities user, daemon, auth, authpriv and local0 to local7, "
                 "a UNIX socket a path of 1 to 107 characters";
}

const char* refuse_prefix_name(std::string_view text) {
    const bool good = text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 c == '-' || c == '_';
                      });
    return good ? nullptr : "no name of up to 32 letters, digits, - and _";
}
const char* refuse_collector(std::string_view text) {
    return exporting::ipfix::parse_collector(text) ? nullptr
                                                   : "no collector; it is named like \"udp:192.0.2.9:4739\", "
                                                     "\"tcp:[2001:db8::9]:4739\" or by a file's path";
}

std::string refuse_prefix(std::string_view text) {
    const auto prefix = parse_prefix(text);
    return prefix ? "" : prefix.error();
}
template <typename F>
constexpr Field prefixes(F f) {
    return Texts{at<std::vector<std::string>>(f), "prefixes", "[\"203.0.113.0/24\", \"2001:db8::/48\"]",
                 refuse_prefix};
}

/// A timer counts 28 bits of 10 ms ticks, and half of their circle is the past.
template <TimerClass C>
constexpr Field timeout() {
    return duration(
        [](auto& c) -> auto& { return c.policy.timeouts[static_cast<std::size_t>(C)]; }, milliseconds(10),
        hours(15 * 24));
}

template <Cause C>
constexpr Field action() {
    return choice(
        [](auto& c) -> auto& { return c.policy.actions[static_cast<std::size_t>(C)]; }, kActionNames);
}

/// The profile is kept by name: it is a set of defaults, not a setting of its own.
constexpr Field profile() {
    return Choice{{[](const Config& c) {
                       return static_cast<std::size_t>(profile_named(c.profile).value_or(Profile::ajar));
                   },
                   [](Config& c, std::size_t i) { c.profile = kProfileNames[i]; }},
                  kProfileNames};
}

constexpr bool kReload = true, kRestart = false, kByService = true;

constexpr std::array kSections = {
    Section{"appliance", "The box itself: threads, memory, devices, clock."},
    Section{"tables",
            "How much is remembered. Sizes are totals over all workers; the memory is taken at start and\n"
            "never grows. `ajar run --check` prints the bytes."},
    Section{"policy", "What Ajar may do, and how strictly it judges a segment."},
    Section{"timeouts",
            "When silence means something: from the last packet that counts to the action below.\n"
            "The profile sets them all, single values override it."},
    Section{"actions",
            "What is done with a flow, by cause: \"flag\" reports it, \"evict\" forgets it, \"evict + "
            "reset\" also\n"
            "sends each waiting end the exact RST that frees it. In mode \"observe\" it is only reported."},
    Section{
        "probe",
        "How a silent connection is asked whether it lives, before its timer means anything: each end gets\n"
        "an ACK that it has to answer. In mode \"enforce\", and where `actions` say \"flag\"."},
    Section{
        "signs",
        "When what an end says in vain is told as a sign that its peer has lost the connection. It is told,\n"
        "with its evidence, and nothing else is done: that is up to the timers, the probes and `actions`."},
    Section{"resets", "How fast Ajar may send resets. Each of the 128 partitions has a bucket of its own."},
    Section{
        "defence",
        "What is done about SYN floods: in mode \"enforce\", clients of a flooded service prove that they\n"
        "are there before it hears of them."},
    Section{"fragments",
            "Fragments are held until their datagram is complete, tracked once, and released as they came."},
    Section{"tunnels", "Tunnels whose inner TCP flows are tracked. Others pass untouched and counted."},
    Section{"events", "JSON lines about flows, in the shape of Suricata's EVE; flow records in Zeek's."},
    Section{"ipfix",
            "Flow records to an IPFIX collector (RFC 7011), one for both directions of a flow (RFC 5103), "
            "when it\n"
            "has ended or at the end of the run."},
    Section{
        "capture",
        "Packets of flows that were flagged or found half open, as pcapng files that `capture_file` of the\n"
        "event names: up to 8 from when the flow came under suspicion, then what follows its flag, as it "
        "was\n"
        "received. What went before, and what Ajar sent, is not in them."},
    Section{"control",
            "The socket by which `ajar list`, `stats`, `evict` and the others reach this appliance."},
    Section{
        "http",
        "What this appliance shows over HTTP: /metrics, for Prometheus and its kin. It can only be read."},
    Section{
        "share",
        "What appliances that share the traffic (ECMP) tell each other by streams of a Redis server, so "
        "that\n"
        "a flood that is spread over them is met as one, and who is blocked on one is on all. Whoever can "
        "write\n"
        "there is trusted so far. Off as long as no server is named."},
};

const std::array kOptions = {
    Option{"appliance", "workers", count(FIELD(workers), 1, 64), kRestart,
           "Worker threads. Each owns a share of the 128 partitions and polls a core of its own."},
    Option{
        "appliance", "cpus", text(FIELD(cpus), "a list like \"2-9,12\"", refuse_cpus), kRestart,
        "CPUs to run on: control first, then the workers. Empty: those that the process may use. With fewer\n"
        "CPUs than threads they share."},
    Option{"appliance", "hugepages", choice(FIELD(hugepages), kHugepagesNames), kRestart,
           "\"auto\" takes hugepages where enough of them are free."},
    Option{"appliance", "dumpcap", text(FIELD(dumpcap), "a name", refuse_prefix_name), kRestart,
           "Lets `dpdk-dumpcap --file-prefix=NAME` (Debian: dpdk-dev) capture what crosses the ports while "
           "this\n"
           "runs. It needs hugepages = \"on\": they are shared with DPDK's other processes, by this name."},
    Option{
        "appliance", "clock", choice(FIELD(clock), kClockSourceNames), kRestart,
        "\"packet\" takes the time from the packets' timestamps: net_pcap devices only, same verdicts every\n"
        "time."},
    Option{
        "appliance", "pace", count(FIELD(pace), 0, 1'000'000'000), kRestart,
        "With clock = \"packet\": packets a second taken from the captures. 0: as fast as they are judged."},
    Option{"appliance", "steer", choice(FIELD(steer), kSteerNames), kRestart,
           "How a flow finds its worker: the symmetric hash of the NIC (\"rss\"), or Ajar's keyed hash."},
    Option{"appliance", "seed", text(FIELD(seed), "\"random\" or a number", refuse_seed), kRestart,
           "Where the secret keys of the hashes come from. A number makes runs repeatable, and guessable."},
    Option{
        "appliance", "mtu", count(FIELD(mtu), 576, 16'110), kRestart,
        "Bytes of the largest IP packet. Both ports of a pair must carry it. A kernel interface under a port "
        "has\n"
        "this MTU for the time of the run."},
    Option{"appliance", "link_follow", flag(FIELD(link_follow)), kRestart,
           "When a port loses its link, its twin's goes down too, so that routing on both sides notices."},
    Option{"appliance", "rx_descriptors", count(FIELD(rx_descriptors), 64, 32'768), kRestart,
           "Receive descriptors per queue."},
    Option{"appliance", "tx_descriptors", count(FIELD(tx_descriptors), 64, 32'768), kRestart,
           "Transmit descriptors per queue."},
    Option{"appliance", "ring_size", power_of_two(FIELD(ring_size), 64, kMi), kRestart,
           "Packets between two workers that can wait for hand-over, where the NIC chose the wrong one."},
    Option{"appliance", "mbufs", count(FIELD(mbufs), 0, 64 * kMi), kRestart,
           "Packet buffers per port pair; 0 computes them from the queues, rings and held fragments."},
    Option{"appliance", "report_interval", duration(FIELD(report_interval), seconds(1), hours(24)), kRestart,
           "A line of numbers so often, where there is no terminal for the live view."},
    Option{"appliance", "drain_time", duration(FIELD(drain_time), seconds(0), hours(24)), kReload,
           "Connections that a cookie began are translated and die with the process. SIGTERM or SIGINT lets "
           "none\n"
           "begin any more and waits so long for those that are left; a second one ends at once."},
    Option{"appliance", "stall_time", duration(FIELD(stall_time), seconds(0), hours(1)), kReload,
           "A worker that has made no round for so long is stalled: its packets wait. 0s: nobody looks."},
    Option{
        "appliance", "on_stall", choice(FIELD(on_stall), kOnStallNames), kReload,
        "\"report\" says which, and when it goes on. \"abort\" ends the process too, with a core, for its "
        "service\n"
        "manager to start anew; whether packets pass meanwhile is up to what stands around the appliance."},
    Option{"appliance", "when_down", choice(FIELD(when_down), kWhenDownNames), kReload,
           "What passes between two ports while no process runs. \"closed\": nothing. \"open\": everything, "
           "by a "
           "bridge of\nthe kernel between the interfaces below them, which `ajar bypass` makes (the service "
           "calls "
           "it) and `ajar run`\ntakes away; NICs that DPDK took from the kernel need a bypass relay for it."},
    Option{
        "appliance", "user", text(FIELD(user), "a user's name"), kRestart,
        "Whoever starts Ajar as root may have it change to this user once devices and sockets are there; it "
        "keeps\nthe capabilities only that its devices need. Files are written, and this one is read again, "
        "as "
        "that user.\nEmpty: it stays who it is."},
    Option{"appliance", "group", text(FIELD(group), "a group's name"), kRestart,
           "Its group then. Empty: the user's own."},
    Option{
        "appliance", "seccomp", flag(FIELD(seccomp)), kRestart,
        "Once it runs, the kernel refuses it what an appliance never does: other programs, modules, mounts, "
        "to look\ninto other processes."},
    Option{"appliance", "eal_args",
           Texts{at<std::vector<std::string>>(FIELD(eal_args)), "arguments of DPDK's EAL",
                 "[\"--log-level=debug\"]"},
           kRestart, "Appended to what `ajar run --eal-args` prints."},

    Option{"tables", "confirmed", count(FIELD(sizes.confirmed), 128, kGi), kRestart,
           "Flows whose handshake is complete. Full: new connections are refused at their SYN."},
    Option{
        "tables", "embryonic", count(FIELD(sizes.embryonic), 128, kGi), kRestart,
        "Flows whose handshake is not. Full: the oldest gives way, but before it what a RST has closed, and\n"
        "what is of a network that has by far the most."},
    Option{"tables", "tombstones", count(FIELD(sizes.tombstones), 128, kGi), kRestart,
           "Evicted flows whose ends still get an exact RST when they speak again."},
    Option{"tables", "tombstone_life", duration(FIELD(policy.tombstone_life), seconds(1), hours(24)), kReload,
           "How long they get it."},
    Option{"tables", "ipv6", percent(FIELD(sizes.ipv6_percent), 1, 99), kRestart,
           "The share of each of these tables that is laid out for IPv6."},
    Option{"tables", "mid_stream", percent(FIELD(sizes.mid_stream_percent), 1, 100), kRestart,
           "The share of the embryonic store that flows without a handshake may take."},

    Option{"policy", "mode", choice(FIELD(policy.mode), kModeNames), kReload,
           "\"observe\" sends and drops nothing of its own and reports what \"enforce\" would have done.",
           kByService},
    Option{
        "policy", "profile", profile(), kReload,
        "Whose timers, actions and rules of admission to start from; what this file sets itself prevails."},
    Option{"policy", "midstream", choice(FIELD(policy.mid_stream), kMidStreamNames), kReload,
           "A flow whose handshake was not seen: \"probation\" tracks it once both ends vouch for it, "
           "\"loose\" at\n"
           "once, \"refuse\" never."},
    Option{"policy", "window", choice(FIELD(policy.window), kWindowCheckNames), kReload,
           "Sequence numbers outside the window: \"strict\" calls them invalid, \"liberal\" only for RSTs, "
           "\"off\"\n"
           "never."},
    Option{
        "policy", "binding", choice(FIELD(policy.binding), kBindingNames), kReload,
        "\"port\" binds each end of a flow to the port from which it was heard first, so that nobody on one\n"
        "side can speak for both. \"floating\" where both directions come in by one port, or frames cross\n"
        "twice: then a forger who knows both ends of a connection can, and under mid_stream = \"loose\" pass "
        "a\n"
        "flooded service's defence."},
    Option{"policy", "invalid", choice(FIELD(policy.invalid), kInvalidActionNames), kReload,
           "What becomes of segments that are no legal step of their flow."},
    Option{
        "policy", "refused", choice(FIELD(policy.refused), kInvalidActionNames), kReload,
        "What becomes of frames that cannot be read (truncated headers, wrong lengths). Where SYNs may be\n"
        "answered, those that may hide a SYN are dropped in any case (in mode \"enforce\")."},
    Option{"policy", "checksums", choice(FIELD(policy.checksums), kChecksumPolicyNames), kReload,
           "\"verify\": a segment with a wrong checksum passes and changes no state."},
    Option{
        "policy", "on_exit", choice(FIELD(policy.on_exit), kOnExitNames), kReload,
        "What becomes of living connections when Ajar ends, in mode \"enforce\": \"keep\" lets them go on\n"
        "without it, \"reset\" sends both ends exact resets. Translated ones, which cannot go on, always "
        "get\n"
        "them. (With clock = \"packet\" nobody would hear them, and none are sent.)"},
    Option{"policy", "retransmissions", count(FIELD(policy.retransmissions), 1, Conn::kMostRepeats), kReload,
           "After so many of the same data the timer `unacknowledged` applies."},

    Option{"timeouts", "syn_sent", timeout<TimerClass::syn_sent>(), kReload,
           "A SYN without an answer; repeating it renews nothing.", kByService},
    Option{"timeouts", "syn_recv", timeout<TimerClass::syn_recv>(), kReload,
           "A SYN-ACK without an ACK; repeating it renews nothing.", kByService},
    Option{"timeouts", "mid_stream", timeout<TimerClass::mid_stream>(), kReload,
           "A flow without a handshake, one direction seen."},
    Option{"timeouts", "established", timeout<TimerClass::established>(), kReload,
           "An idle connection. RFC 5382 asks for two hours and four minutes or more.", kByService},
    Option{"timeouts", "fin_wait", timeout<TimerClass::fin_wait>(), kReload, "One end has closed.",
           kByService},
    Option{"timeouts", "close_wait", timeout<TimerClass::close_wait>(), kReload,
           "One end has closed, the other has acknowledged it.", kByService},
    Option{"timeouts", "last_ack", timeout<TimerClass::last_ack>(), kReload,
           "Both ends have closed, one acknowledgment is missing.", kByService},
    Option{"timeouts", "time_wait", timeout<TimerClass::time_wait>(), kReload, "Both ends have closed.",
           kByService},
    Option{"timeouts", "close", timeout<TimerClass::close>(), kReload, "After an exact RST.", kByService},
    Option{"timeouts", "unverified_rst", timeout<TimerClass::unverified_rst>(), kReload,
           "After a RST inside the window that was not exact.", kByService},
    Option{
        "timeouts", "unacknowledged", timeout<TimerClass::unacknowledged>(), kReload,
        "Data is repeated without an answer, or the window stays at zero. Where `established` is shorter,\n"
        "that counts.",
        kByService},
    Option{"timeouts", "attempt", timeout<TimerClass::attempt>(), kReload,
           "Profile \"zeek\" only: a connection attempt without an answer."},
    Option{"timeouts", "zeek_closing", timeout<TimerClass::zeek_closing>(), kReload,
           "Profile \"zeek\" only: both ends have closed."},
    Option{"timeouts", "zeek_partial", timeout<TimerClass::zeek_partial>(), kReload,
           "Profile \"zeek\" only: one end has closed, the other was never seen."},
    Option{"timeouts", "zeek_reset", timeout<TimerClass::zeek_reset>(), kReload,
           "Profile \"zeek\" only: after a RST."},

    Option{
        "actions", "embryonic_stale", action<Cause::embryonic_stale>(), kReload,
        "A handshake that was never finished. The reset goes to the server alone: the client may be forged."},
    Option{
        "actions", "idle", action<Cause::idle>(), kReload,
        "An idle connection. It may be alive: reset it only where you would rather break it than keep it."},
    Option{"actions", "half_closed", action<Cause::half_closed>(), kReload,
           "One end closed and the other fell silent. A slow answer can take longer than the timer."},
    Option{"actions", "unverified", action<Cause::unverified>(), kReload,
           "A flow without a handshake that nobody vouched for. It is never reset."},
    Option{"actions", "table_full", action<Cause::table_full>(), kReload,
           "The oldest embryonic flow, when their store is full."},
    Option{"actions", "administrative", action<Cause::administrative>(), kReload, "On the operator's order."},

    Option{"actions", "proven_dead", action<Cause::proven_dead>(), kReload,
           "A connection of which an end, when asked, was gone or silent."},

    Option{"probe", "enabled", flag(FIELD(policy.probe.on)), kReload,
           "Off: what is silent for too long is flagged, whether it lives or not."},
    Option{"probe", "interval", duration(FIELD(policy.probe.interval), seconds(1), minutes(10)), kReload,
           "From one round of questions to the next."},
    Option{"probe", "tries", count(FIELD(policy.probe.tries), 2, 20), kReload,
           "Rounds after which an end that has not answered is taken for dead."},
    Option{"probe", "rate", count(FIELD(policy.probe.per_second), 2, 1'000'000), kReload,
           "Probes a second and partition, of which there are 128. What exceeds it waits for its proof and "
           "stays."},

    Option{"signs", "retransmissions", count(FIELD(policy.signs.retransmissions), 2, 100), kReload,
           "After so many of the same data, or FIN, with nothing back."},
    Option{"signs", "keepalives", count(FIELD(policy.signs.keep_alives), 2, 100), kReload,
           "After so many keep-alives with nothing back."},

    Option{"resets", "rate", count(FIELD(policy.resets_per_second), 0, 1'000'000), kReload,
           "Resets a second and partition; what exceeds it is counted and not sent. 0 sends none."},
    Option{"resets", "burst", count(FIELD(policy.resets_burst), 0, 1'000'000), kReload,
           "Resets that a partition may send at once after a pause."},

    Option{"defence", "answer", choice(FIELD(policy.defence.answer), kAnsweringNames), kReload,
           "\"auto\" answers the SYNs of a flooded service in its place, and all when the embryonic store\n"
           "fills up; \"always\" answers each.",
           kByService},
    Option{
        "defence", "method", choice(FIELD(policy.defence.method), kSynProofNames), kReload,
        "By what. \"cookie\": a SYN-ACK in the name of a server that was seen to answer; the connection is\n"
        "translated as long as it lives. \"challenge\": a wrong ACK, which a real client refuses by a RST "
        "before\n"
        "it asks again; nothing is translated, and the server's answers need not come this way. With\n"
        "\"challenge + cookie\" who has left two challenges unanswered gets a cookie.",
        kByService},
    Option{"defence", "service_high", count(FIELD(policy.defence.service_high), 1, kGi), kReload,
           "Half-open connections of one service (address and port) from which on it counts as flooded.",
           kByService},
    Option{"defence", "service_low", count(FIELD(policy.defence.service_low), 1, kGi), kReload,
           "Below this, unanswered cookies and challenges included, it does so no longer,", kByService},
    Option{
        "defence", "service_rate", count(FIELD(policy.defence.service_rate), 0, kGi), kReload,
        "New connections a second to one service from which on it counts as flooded, until there are half\n"
        "as many. 0: any number.",
        kByService},
    Option{"defence", "destination_high", count(FIELD(policy.defence.destination_high), 0, kGi), kReload,
           "Half-open connections of one address, over all of its ports, from which on SYNs to all of its "
           "services\n"
           "are answered. Flooded services and those with marks of their own do not count. 0: never."},
    Option{"defence", "destination_low", count(FIELD(policy.defence.destination_low), 1, kGi), kReload,
           "Below this, cookies in flight included, they no longer are, after the dwell."},
    Option{"defence", "service_limit", count(FIELD(policy.defence.service_limit), 0, kGi), kReload,
           "Half-open connections of one service. SYNs beyond it that are not answered are dropped. 0: no "
           "limit.",
           kByService},
    Option{"defence", "service_rate_limit", count(FIELD(policy.defence.service_rate_limit), 0, kGi), kReload,
           "New connections a second to one service, likewise.", kByService},
    Option{"defence", "dwell", duration(FIELD(policy.defence.dwell), seconds(1), hours(1)), kReload,
           "after so long.", kByService},
    Option{
        "defence", "source_limit", count(FIELD(policy.defence.source_limit), 0, kGi), kReload,
        "Half-open connections of one source (IPv4 address, IPv6 /64). Above it further SYNs are dropped.\n"
        "0: no limit."},
    Option{"defence", "source_rate", count(FIELD(policy.defence.source_rate), 0, kGi), kReload,
           "Connections a second that one source has proven: handshakes completed, cookies brought back. "
           "Above it\n"
           "further SYNs are dropped. 0: no limit."},
    Option{"defence", "block_time", duration(FIELD(policy.defence.block_time), Duration(0), hours(24 * 7)),
           kReload,
           "A source that was above one of these two stays blocked for so long after it is below again."},
    Option{"defence", "trusted", prefixes(FIELD(trusted)), kReload, "Sources that no limit applies to."},
    Option{"defence", "blocked", prefixes(FIELD(blocked)), kReload,
           "Sources whose SYNs are dropped. Of prefixes of both kinds the longest counts."},
    Option{
        "defence", "nic_drops", flag(FIELD(nic_drops)), kReload,
        "Where a NIC offers it (rte_flow), it drops the SYNs of blocked sources itself: of those named\n"
        "here, and of those above source_rate, unless a service is in mode \"observe\". Its drops are in no\n"
        "counter of Ajar's."},
    Option{"defence", "key_file", text(FIELD(cookie_key_file), "a path"), kRestart,
           "32 hexadecimal digits, readable by their owner alone: appliances that share them, and the time, "
           "accept\neach other's cookies. Empty: a key of this run's own."},

    Option{"fragments", "datagrams", count(FIELD(fragments.datagrams), 128, kMi), kRestart,
           "Datagrams held at once. Full: the oldest gives way."},
    Option{"fragments", "bytes", bytes(FIELD(fragments.bytes), kMi, 16 * kGi), kRestart,
           "Bytes of the frames held at once."},
    Option{"fragments", "timeout", duration(FIELD(fragments.timeout), seconds(1), minutes(5)), kRestart,
           "An incomplete datagram is dropped after so long."},

    Option{"tunnels", "decapsulate", Choices{at<std::uint16_t>(FIELD(decapsulate.bits)), Tunnels::kNames},
           kRestart, "Flows inside a tunnel are watched only; Ajar never sends a frame into one."},

    Option{
        "events", "file", text(FIELD(events_file), kTargets, refuse_target), kRestart,
        "Flows that are half open, flagged, evicted, reset or refused, and what the defence does. Empty: "
        "none.\n"
        "A socket is another's to listen on, with streams or datagrams, and found again when it comes back.\n"
        "SIGHUP opens all of these anew."},
    Option{"events", "flow_start", flag(FIELD(policy.flow_start_events)), kReload,
           "There also a line for each new flow."},
    Option{"events", "flow_end", flag(FIELD(flow_end_lines)), kRestart,
           "And one for each flow that has ended, or was alive at the end: its packets, bytes and times."},
    Option{"events", "flows", text(FIELD(flows_file), kTargets, refuse_target), kRestart,
           "The same as records in the terms of Zeek's conn.log, with each flow's whole history. Empty: "
           "none. They\n"
           "take 128 bytes more of each flow and some time of each packet; without them events tell the "
           "history in\n"
           "brief."},
    Option{"events", "ring", power_of_two(FIELD(event_ring), 1024, 16 * kMi), kRestart,
           "Events of one worker that can wait to be written; what exceeds it is lost and counted.\n"
           "With clock = \"packet\" none is lost, and 4096 is the least."},
    Option{"events", "rotate_size", bytes(FIELD(rotate_size), 0, 16'384 * kGi), kRestart,
           "Before a file of events or flow records is longer than this it becomes FILE.1, that one FILE.2, "
           "and so\n"
           "on. 0: never, or leave it to logrotate and SIGHUP."},
    Option{"events", "rotate_every", duration(FIELD(rotate_every), seconds(0), hours(24 * 366)), kRestart,
           "It is also when a multiple of this since 1970 (UTC) has passed: \"24h\" is midnight. 0: never."},
    Option{"events", "rotate_keep", count(FIELD(rotate_keep), 1, 10'000), kRestart,
           "Old files that are kept."},

    Option{"ipfix", "collector",
           text(FIELD(ipfix_collector), "\"udp:HOST:PORT\", \"tcp:HOST:PORT\" or the path of an IPFIX file",
                refuse_collector),
           kRestart, "Where they go. Empty: nowhere. A name is looked up once, at the start."},
    Option{"ipfix", "domain", count(FIELD(ipfix_domain), 0, 0xffff'ffff), kRestart,
           "The observation domain, by which a collector tells appliances behind one address apart."},
    Option{"ipfix", "template_interval", duration(FIELD(ipfix_templates), seconds(1), hours(1)), kRestart,
           "Over UDP, a collector that was started later waits so long for the description of the records."},

    Option{"capture", "folder", text(FIELD(capture_folder), "a folder"), kRestart,
           "Where they are written. Empty: nowhere. It takes 1.6 MB a worker, and no time of other packets."},
    Option{"capture", "file_size", bytes(FIELD(capture_file_size), std::uint64_t{64} << 10U, 16 * kGi),
           kRestart, "Before a file is longer than this the next one begins."},
    Option{"capture", "files", count(FIELD(capture_files), 1, 100'000), kRestart,
           "Files of a run that are kept; the oldest goes."},
    Option{"capture", "packets", count(FIELD(capture_packets), 1, kMi), kRestart,
           "Packets of a flow that are written after its flag."},
    Option{"capture", "snap", count(FIELD(capture_snap), 64, exporting::WatchedPacket::kMostBytes), kRestart,
           "Bytes of each that are kept."},

    Option{
        "control", "socket", text(FIELD(control_socket), "a path, or \"auto\""), kRestart,
        "\"auto\" is ajar.sock in $RUNTIME_DIRECTORY, else in /run/ajar for root, in $XDG_RUNTIME_DIR/ajar "
        "for\nothers; where another appliance has that one, this one goes without. Empty: none."},
    Option{"control", "group", text(FIELD(control_group), "a group's name"), kRestart,
           "Its members may connect too, beside the user who runs Ajar. Who may connect may do everything."},
    Option{"control", "max_clients", count(FIELD(control_clients), 1, 1024), kRestart,
           "Clients at once. A further one is told so and sent away."},
    Option{"control", "history", count(FIELD(control_history), 16, 64 * 1024), kRestart,
           "The latest flags, evictions and resets that `ajar explain` can tell of: some 600 bytes each."},

    Option{"http", "listen", text(FIELD(http_listen), "an address and a port, or \"auto\"", refuse_listen),
           kRestart,
           "\"auto\" is 127.0.0.1:9293, for this machine alone; where that is taken, the appliance goes "
           "without.\n"
           "Whoever reaches it may read it: name another address only in a network that is yours. Empty: "
           "none."},

    Option{
        "share", "server",
        text(FIELD(share_server), "\"unix:PATH\" or an address and a port in numbers", refuse_redis_server),
        kRestart,
        "Without TLS: what is not this machine's own is reached by a tunnel, or a network of its own. "
        "Empty:\n"
        "nothing is shared."},
    Option{"share", "user", text(FIELD(share_user), "a name"), kRestart,
           "By which Redis knows this appliance. Empty: Redis' default user."},
    Option{"share", "password_file", text(FIELD(share_password_file), "a path"), kRestart,
           "A file whose first line is the password, readable by its owner alone. Empty: none is wanted."},
    Option{"share", "name", text(FIELD(share_name), "a name, or \"auto\"", refuse_plain_name), kRestart,
           "Under which the others know this appliance. \"auto\": the machine's name."},
    Option{"share", "prefix", text(FIELD(share_prefix), "a name", refuse_plain_name), kRestart,
           "The streams are PREFIX:events, PREFIX:sums and PREFIX:blocks."},
    Option{"share", "events", flag(FIELD(share_events)), kReload,
           "Whether what goes to `events.file`, ends of flows aside, is told there, for whoever reads it."},
    Option{"share", "keep", count(FIELD(share_keep), 1000, 100'000'000), kReload,
           "Events that Redis keeps, about: the oldest go."},
    Option{
        "share", "sums", flag(FIELD(share_sums)), kReload,
        "Whether half-open connections by service and address are told each second, and those of the others\n"
        "are added to one's own before `defence` compares them with its marks (`_high`, `_low`)."},
    Option{"share", "blocks", flag(FIELD(share_blocks)), kReload,
           "Whether blocked sources (`ajar block`, `source_limit`, `source_rate`) are told, and those of the "
           "others\n"
           "hold here: /24, /48 and longer, 1024 at the most, and none that is `trusted` here."},
};

#undef FIELD

}  // namespace

std::span<const Option> options() { return kOptions; }
std::span<const Section> sections() { return kSections; }

void copy(const Field& field, const Config& from, Config& to) {
    std::visit([&](const auto& kind) { kind.at.set(to, kind.at.get(from)); }, field);
}

std::string path_of(const Option& option) {
    return std::string(option.section) + "." + std::string(option.key);
}

}  // namespace ajar::config
