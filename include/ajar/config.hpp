// The configuration as plain values. src/config holds the one option table that fills, checks, prints and
// documents it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/flow/fragment_limits.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/flow/table_sizes.hpp"
#include "ajar/packet/tunnels.hpp"
#include "ajar/policy/services.hpp"

namespace ajar {

enum class ClockSource : std::uint8_t { tsc, packet };
enum class Hugepages : std::uint8_t { automatic, on, off };  ///< automatic: where enough of them are free
enum class OnStall : std::uint8_t { report, abort };         ///< abort: the process ends at once, with a core

enum class WhenDown : std::uint8_t { closed, open };  ///< open: the kernel bridges the ports' interfaces

inline constexpr std::array<std::string_view, 2> kSteerNames = {"rss", "hash"};
inline constexpr std::array<std::string_view, 2> kClockSourceNames = {"tsc", "packet"};
inline constexpr std::array<std::string_view, 3> kHugepagesNames = {"auto", "on", "off"};
inline constexpr std::array<std::string_view, 2> kOnStallNames = {"report", "abort"};
inline constexpr std::array<std::string_view, 2> kWhenDownNames = {"closed", "open"};

/// A port is a PCI address ("0000:3b:00.0") or a DPDK vdev string
/// ("net_pcap0,rx_pcap=a.pcap,tx_pcap=b.pcap").
struct PortPair {
    std::string a, b;
    friend bool operator==(const PortPair&, const PortPair&) = default;
};

/// One [[services]] block: what it says itself, on top of [policy], [timeouts] and [defence].
struct ServiceBlock {
    std::string name;
    std::vector<Prefix> prefixes;
    std::vector<PortRange> ports;  ///< none: all
    std::vector<std::string> own;  ///< the paths of the options that it sets: "timeouts.established"
    Policy policy;                 ///< where they stand
};

struct Config {
    // [appliance]
    std::vector<PortPair> ports;
    std::uint32_t workers = 1;
    std::vector<std::string> eal_args;  ///< appended to those that are derived
    std::string cpus;  ///< "2-9,12": main lcore first, then the workers; empty = those of the process
    Hugepages hugepages = Hugepages::automatic;
    std::string dumpcap;       ///< DPDK's file prefix, for dpdk-dumpcap; empty: it cannot attach
    std::uint32_t mtu = 1500;  ///< IP bytes; jumbo up to 9000 and more where the port can
    bool link_follow = false;  ///< link-down of one port takes its twin down
    ClockSource clock = ClockSource::tsc;
    std::uint32_t pace = 0;  ///< packets a second taken from captures (packet clock); 0 = as they are judged
    Steer steer = Steer::rss;
    std::string seed = "random";  ///< "random" or a number
    std::uint32_t rx_descriptors = 1024, tx_descriptors = 1024;
    std::uint32_t ring_size = 4096;  ///< hand-off rings
    std::uint32_t mbufs = 0;         ///< per pair; 0 = computed
    Duration report_interval = std::chrono::seconds(10);
    Duration drain_time = std::chrono::seconds(30);  ///< at most, before it ends; 0: it ends at once
    Duration stall_time = std::chrono::seconds(2);   ///< without a round a worker is stalled; 0: never
    OnStall on_stall = OnStall::report;
    WhenDown when_down = WhenDown::closed;
    std::string user,
        group;            ///< that all threads change to once they are set up; empty: they stay, the user's
    bool seccomp = true;  ///< system calls that no appliance makes are denied
    // [tables], [policy], [timeouts], [actions], ...
    std::string profile = "ajar";
    TableSizes sizes;
    Policy policy;
    std::vector<ServiceBlock> services;
    std::vector<std::string> trusted, blocked;  ///< prefixes of sources
    bool nic_drops = false;                     ///< NICs may drop the SYNs of blocked ones
    std::string cookie_key_file;  ///< of the fleet; empty: a key of one's own, new with each start
    Tunnels decapsulate;
    FragmentLimits fragments;
    // [events]
    std::string events_file;  ///< JSON lines; empty for none, else a target (src/export/target.hpp)
    std::string flows_file;   ///< flow records (EventKind::flow_end) likewise; sets Policy::flow_end_events
    bool flow_end_lines = false;  ///< flow ends among the events; sets Policy::flow_end_events
    std::uint32_t event_ring = 1U << 14U;
    std::uint64_t rotate_size =
        0;                    ///< bytes of a file of events or flow records; 0: it is never rotated for it
    Duration rotate_every{};  ///< likewise
    std::uint32_t rotate_keep = 8;  ///< old files
    // [ipfix]
    std::string ipfix_collector;  ///< empty: none; else as src/export/ipfix/collector.hpp says
    std::uint32_t ipfix_domain = 1;
    Duration ipfix_templates = std::chrono::minutes(1);  ///< are said again so often, over UDP
    // [capture]
    std::string capture_folder;  ///< of the packets of flagged flows; empty: none are written
    std::uint64_t capture_file_size = std::uint64_t{64} << 20U;
    std::uint32_t capture_files = 16;
    std::uint32_t capture_packets = 64;  ///< of a flow, after its flag
    std::uint32_t capture_snap = 256;    ///< bytes of each
    // [control]
    std::string control_socket = "auto";   ///< a path; "auto": control/socket_path.hpp; empty: none
    std::string control_group;             ///< whose members may connect, beside the owner
    std::uint32_t control_clients = 64;    ///< at once
    std::uint32_t control_history = 4096;  ///< events that are remembered for `ajar explain`
    // [http]
    std::string http_listen = "auto";  ///< "address:port"; "auto": config/listen.hpp; empty: none
    // [share]
    std::string share_server;            ///< of Redis (config/redis_server.hpp); empty: nothing is shared
    std::string share_user;              ///< of Redis' access list; empty: its default one
    std::string share_password_file;     ///< empty: none is needed
    std::string share_name = "auto";     ///< of this appliance; "auto": the machine's
    std::string share_prefix = "ajar";   ///< of the streams' keys
    std::uint32_t share_keep = 100'000;  ///< events that stay in their stream, about
    bool share_events = true, share_sums = true, share_blocks = true;

    /// Sets Policy::flow_end_events.
    [[nodiscard]] bool wants_flow_ends() const {
        return flow_end_lines || !flows_file.empty() || !ipfix_collector.empty();
    }
    /// Whoever wants flow records, Zeek's boundaries, or what a replay would say, pays for the records.
    [[nodiscard]] Recording recording() const {
        const bool wanted =
            !flows_file.empty() || clock == ClockSource::packet || policy.boundaries == Boundaries::zeek;
        return wanted ? Recording::on : Recording::off;
    }
};

}  // namespace ajar
