// Does a file become the configuration it says, and does every fault of it come out as a person reads it?
#include <gtest/gtest.h>

#include <fstream>

#include "config/load.hpp"

namespace ajar::config {
namespace {

using namespace std::chrono_literals;

Config loaded(std::string_view text) {
    auto config = load_text(text, "ajar.toml");
    EXPECT_TRUE(config) << config.error();
    return config ? *config : default_config();
}

std::string faults(std::string_view text) {
    const auto config = load_text(text, "ajar.toml");
    EXPECT_FALSE(config) << text;
    return config ? "" : config.error();
}

Duration timeout(const Config& config, TimerClass c) {
    return config.policy.timeouts[static_cast<std::size_t>(c)];
}
Action action(const Config& config, Cause c) { return config.policy.actions[static_cast<std::size_t>(c)]; }

TEST(Load, NothingSaidIsTheDefault) {
    const auto config = loaded("");
    EXPECT_EQ(config.policy.mode, Mode::observe);
    EXPECT_EQ(timeout(config, TimerClass::established), 7440s);
    EXPECT_EQ(config.profile, "ajar");
    EXPECT_FALSE(config.policy.flow_end_events);
}

TEST(Load, ReadsEveryKindOfValue) {
    const auto config = loaded(R"(
[[ports]]
a = "0000:3b:00.0"
b = "0000:3b:00.1"
[[ports]]
a = "net_ring0"
b = "net_ring1"
[appliance]
link_follow = true
workers = 4
cpus = "2-6"
seed = 42
eal_args = ["--log-level=debug"]
[tables]
confirmed = "8M"
embryonic = 1_048_576
ipv6 = "50%"
mid_stream = 10
[policy]
mode = "enforce"
midstream = "refuse"
[timeouts]
syn_recv = "2.5s"
[actions]
idle = "evict + reset"
[fragments]
bytes = "32MiB"
[tunnels]
decapsulate = ["gre", "teredo"]
[events]
flows = "flows.json"
)");
    ASSERT_EQ(config.ports.size(), 2U);
    EXPECT_EQ(config.ports[1].b, "net_ring1");
    EXPECT_TRUE(config.link_follow);
    EXPECT_EQ(config.workers, 4U);
    EXPECT_EQ(config.seed, "42");
    EXPECT_EQ(config.eal_args, std::vector<std::string>{"--log-level=debug"});
    EXPECT_EQ(config.sizes.confirmed, 8'000'000U);
    EXPECT_EQ(config.sizes.embryonic, 1U << 20U);
    EXPECT_EQ(config.sizes.ipv6_percent, 50U);
    EXPECT_EQ(config.sizes.mid_stream_percent, 10U);
    EXPECT_EQ(config.policy.mode, Mode::enforce);
    EXPECT_EQ(config.policy.mid_stream, MidStream::refuse);
    EXPECT_EQ(timeout(config, TimerClass::syn_recv), 2500ms);
    EXPECT_EQ(action(config, Cause::idle), Action::evict_reset);
    EXPECT_EQ(config.fragments.bytes, 32U << 20U);
    EXPECT_EQ(config.decapsulate.bits, Tunnels::kGre | Tunnels::kTeredo);
    EXPECT_TRUE(config.policy.flow_end_events);
}

TEST(Load, SingleValuesOverrideTheProfileWhereverTheyStand) {
    const auto config = loaded(R"(
[timeouts]
established = "1h"
[policy]
midstream = "refuse"
profile = "linux"
)");
    EXPECT_EQ(timeout(config, TimerClass::established), 1h);
    EXPECT_EQ(timeout(config, TimerClass::syn_sent), 120s);
    EXPECT_EQ(action(config, Cause::idle), Action::evict);
    EXPECT_EQ(config.policy.mid_stream, MidStream::refuse);
}

TEST(Load, ZeekBringsItsBoundariesAndTunnels) {
    const auto config = loaded("[policy]\nprofile = \"zeek\"");
    EXPECT_EQ(config.policy.boundaries, Boundaries::zeek);
    EXPECT_EQ(config.decapsulate.bits, Tunnels::kAll);
    EXPECT_EQ(loaded("[policy]\nprofile = \"zeek\"\n[tunnels]\ndecapsulate = []").decapsulate.bits, 0U);
}

struct Case {
    const char* text;
    const char* fault;
};

class Fault : public testing::TestWithParam<Case> {};

TEST_P(Fault, ReadsAsAPersonWantsIt) { EXPECT_EQ(faults(GetParam().text), GetParam().fault); }

INSTANTIATE_TEST_SUITE_P(
    Keys, Fault,
    testing::Values(
        Case{"[tables]\nembrionic = 1",
             "ajar.toml:2:1: unknown key \"embrionic\" in [tables]; did you mean embryonic?"},
        Case{"[tables]\nworkers = 1",
             "ajar.toml:2:1: unknown key \"workers\" in [tables]; workers belongs in [appliance]"},
        Case{"[tables]\nqqq = 1", "ajar.toml:2:1: unknown key \"qqq\" in [tables]"},
        Case{"[timeout]\nidle = 1\nx = 2",
             "ajar.toml:2:1: unknown section [timeout]; did you mean [timeouts]?"},
        Case{"[port]\na = 1", "ajar.toml:2:1: unknown section [port]; did you mean [[ports]]?"},
        Case{"mode = \"observe\"", "ajar.toml:1:1: mode belongs in [policy]"},
        Case{"zzz = 1", "ajar.toml:1:1: unknown key \"zzz\" outside any section"},
        Case{"tables = 5", "ajar.toml:1:1: tables is a section: write [tables]"},
        Case{"ports = [\"a\", \"b\"]",
             "ajar.toml:1:1: ports are blocks: write [[ports]] with a = \"...\" and b = \"...\""},
        Case{"[ports]\na = \"x\"\nb = \"y\"",
             "ajar.toml:2:1: [ports] takes double brackets: write [[ports]], one block for each pair"},
        Case{"[[ports]]\na = \"x\"\nb = \"y\"\nc = \"z\"",
             "ajar.toml:4:1: unknown key \"c\" in [[ports]]; it takes a and b"}));

INSTANTIATE_TEST_SUITE_P(
    Values, Fault,
    testing::Values(
        Case{"[tables]\nconfirmed = 64", "ajar.toml:2:13: tables.confirmed: 64 is out of range: 128 to 1Gi"},
        Case{"[tables]\nconfirmed = -1", "ajar.toml:2:13: tables.confirmed: -1 is out of range: 128 to 1Gi"},
        Case{"[tables]\nconfirmed = true", "ajar.toml:2:13: tables.confirmed: true is no whole number"},
        Case{"[tables]\nconfirmed = 1.5", "ajar.toml:2:13: tables.confirmed: 1.5 is no whole number"},
        Case{"[tables]\nconfirmed = \"many\"",
             "ajar.toml:2:13: tables.confirmed: \"many\" is no number; write for example 4096, \"64k\" "
             "(64,000), "
             "\"64Ki\" (65,536), \"1M\" or \"1Mi\""},
        Case{"[tables]\nipv6 = \"120%\"", "ajar.toml:2:8: tables.ipv6: \"120%\" is out of range: 1% to 99%"},
        Case{"[appliance]\nring_size = 1000",
             "ajar.toml:2:13: appliance.ring_size: 1000 is no power of two; the next is 1024"},
        Case{"[appliance]\nlink_follow = \"yes\"",
             "ajar.toml:2:15: appliance.link_follow: \"yes\" is neither true nor false (without quotes)"},
        Case{"[appliance]\ncpus = \"2-\"",
             "ajar.toml:2:8: appliance.cpus: \"2-\" is no list of CPUs without repetition; write for example "
             "\"2-9,12\""},
        Case{"[appliance]\nseed = \"dice\"",
             "ajar.toml:2:8: appliance.seed: \"dice\" is neither \"random\" nor a number below 2^64"},
        Case{"[appliance]\neal_args = \"-v\"",
             "ajar.toml:2:12: appliance.eal_args: \"-v\" is no array of texts, such as "
             "[\"--log-level=debug\"]"},
        Case{"[timeouts]\nsyn_sent = 30",
             "ajar.toml:2:12: timeouts.syn_sent: 30 has no unit; write \"30s\" for seconds"},
        Case{"[timeouts]\nsyn_sent = \"16d\"",
             "ajar.toml:2:12: timeouts.syn_sent: \"16d\" is out of range: 10ms to 15d"},
        Case{"[timeouts]\nsyn_sent = \"30 sec\"",
             "ajar.toml:2:12: timeouts.syn_sent: \"30 sec\" is no duration; write for example \"500ms\", "
             "\"30s\", \"2h\" or \"5d\""},
        Case{"[policy]\nmode = \"enforced\"",
             "ajar.toml:2:8: policy.mode: \"enforced\" is none of \"observe\" or \"enforce\"; did you mean "
             "\"enforce\"?"},
        Case{"[policy]\nprofile = \"cisco\"",
             "ajar.toml:2:11: policy.profile: \"cisco\" is none of \"ajar\", \"linux\", \"pf\", \"asa\", "
             "\"panos\", \"azure-lb\", \"aws-nlb\" or \"zeek\""},
        Case{"[policy]\nmode = 1979-05-27",
             "ajar.toml:2:8: policy.mode: a date or time is none of \"observe\" or \"enforce\""},
        Case{"[tunnels]\ndecapsulate = \"gre\"",
             "ajar.toml:2:15: tunnels.decapsulate: \"gre\" is no array of names, such as [\"ipip\", "
             "\"6in4\"]"},
        Case{"[tunnels]\ndecapsulate = [\"vxlam\"]",
             "ajar.toml:2:15: tunnels.decapsulate: \"vxlam\" is none of \"ipip\", \"6in4\", \"gre\", "
             "\"vxlan\", "
             "\"geneve\", \"gtpu\" or \"teredo\"; did you mean \"vxlan\"?"},
        Case{"[events]\nfile = true",
             "ajar.toml:2:8: events.file: true is no text; give a path, \"-\" for standard output, "
             "\"unix:PATH\", \"syslog\" or \"syslog:FACILITY\""},
        Case{"[events]\nfile = \"syslog:kern\"\n",
             "ajar.toml:2:8: events.file: \"syslog:kern\" is no target: syslog has the facilities user, "
             "daemon, auth, "
             "authpriv and local0 to local7, a UNIX socket a path of 1 to 107 characters"},
        Case{"[[ports]]\na = 1\nb = \"x\"",
             "ajar.toml:2:5: ports.a: give a PCI address or a vdev, in quotes"}));

INSTANTIATE_TEST_SUITE_P(
    Clashes, Fault,
    testing::Values(
        Case{"[[ports]]\na = \"net_ring0\"",
             "ajar.toml:1:1: ports: each [[ports]] block needs both sides, a and b, each a PCI address or a "
             "vdev "
             "such as \"net_af_packet0,iface=eth0\""},
        Case{"[[ports]]\na = \"net_ring0\"\nb = \"net_ring0\"",
             "ajar.toml:1:1: ports: \"net_ring0\" stands in [[ports]] twice; each port belongs to one pair, "
             "on "
             "one side (give vdevs different numbers)"},
        Case{"[[ports]]\na = \"net_pcap0,rx_pcap=a\"\nb = \"net_ring0\"\n[appliance]\nclock = \"packet\"",
             "ajar.toml:5:1: appliance.clock: clock = \"packet\" needs the timestamps of captures that end, "
             "and \"net_ring0\" is no net_pcap device; set clock = \"tsc\""},
        Case{"[[ports]]\na = \"net_pcap0,rx_pcap=a\"\nb = \"net_pcap1,rx_pcap=b,infinite_rx=1\"\n"
             "[appliance]\nclock = \"packet\"",
             "ajar.toml:5:1: appliance.clock: clock = \"packet\" needs the timestamps of captures that end, "
             "and \"net_pcap1\" has none (infinite_rx repeats them for ever, an interface has no file); set "
             "clock = \"tsc\""},
        Case{"[[ports]]\na = \"net_pcap0,rx_pcap=a\"\nb = \"net_pcap1,rx_pcap=b\"\n"
             "[appliance]\nclock = \"packet\"\n[events]\nring = 2048",
             "ajar.toml:7:1: events.ring: clock = \"packet\" loses no event and needs room for all of a "
             "burst's; give 4096 or more"},
        Case{"[[ports]]\na = \"eth0\"\nb = \"net_ring0\"",
             "ajar.toml:1:1: ports: \"eth0\" is no name that DPDK has for a device; write a PCI address "
             "(dpdk-devbind.py --status lists them), a vdev, or for an interface of the kernel "
             "\"net_af_packet0,iface=eth0\""},
        Case{"[[ports]]\na = \"0000:3b:00.0\"\nb = \"3B:00.0,rxq=4\"",
             "ajar.toml:1:1: ports: \"0000:3b:00.0\" stands in [[ports]] twice; each port belongs to one "
             "pair, on one side (give vdevs different numbers)"},
        Case{"[appliance]\ngroup = \"ajar\"",
             "ajar.toml:2:1: appliance.group: a group belongs to a user here; name a `user`, too"},
        Case{"[appliance]\nuser = \"ajar\"\nhugepages = \"on\"\ndumpcap = \"x\"",
             "ajar.toml:2:1: appliance.user: the hugepages that `dumpcap` shares are files that root alone "
             "could "
             "remove at the end; leave one of the two empty"},
        Case{"[actions]\nunverified = \"evict + reset\"",
             "ajar.toml:2:1: actions.unverified: a flow that nobody vouched for is never reset: its sequence "
             "numbers may be a forger's; set \"flag\" or \"evict\""},
        Case{
            "[policy]\nmode = \"enforce\"\nprofile = \"zeek\"",
            "ajar.toml:2:1: policy.mode: profile \"zeek\" cuts living connections into records after its own "
            "timers, so it is for watching; set mode = \"observe\" or another profile"},
        Case{"[policy]\nmode = \"enforce\"\n[resets]\nrate = 0",
             "ajar.toml:4:1: resets.rate: 0 sends no reset at all, but [actions] asks for some; give a rate "
             "and "
             "a burst, or set those actions to \"evict\""},
        Case{
            "[defence]\nservice_high = 5\nservice_low = 6",
            "ajar.toml:3:1: defence.service_low: 6 is above service_high, which is 5: what opens a gate must "
            "lie above what closes it"},
        Case{"[defence]\ndestination_high = 5",
             "ajar.toml: defence.destination_low: 1000 is above destination_high, which is 5: what opens a "
             "gate must lie above what closes it"},
        Case{"[fragments]\nbytes = \"1MiB\"\ndatagrams = 10000",
             "ajar.toml:2:1: fragments.bytes: too few for 10000 datagrams at 128 bytes and more each; give "
             "1250KiB, or fewer datagrams"},
        Case{"[events]\nfile = \"-\"\nflows = \"-\"",
             "ajar.toml:3:1: events.flows: events and flow records cannot share \"-\"; name another file"},
        Case{"[events]\nfile = \"unix:/run/eve\"\nflows = \"unix:/run/eve\"\nring = true",
             "ajar.toml:4:8: events.ring: true is no whole number"},
        Case{"[appliance]\neal_args = [\"--lcores=0-3\"]",
             "ajar.toml:2:1: appliance.eal_args: --lcores is derived; set cpus in [appliance] instead"},
        Case{"[appliance]\neal_args = [\"-l0-3\"]",
             "ajar.toml:2:1: appliance.eal_args: -l is derived; set cpus in [appliance] instead"},
        Case{"[appliance]\neal_args = [\"--no-h\"]",
             "ajar.toml:2:1: appliance.eal_args: --no-huge is derived; set hugepages in [appliance] "
             "instead"}));

TEST(Load, EalArgumentsOfOthersAreTheUsersOwn) {
    for (const char* own : {"--log-level=lib.eal:debug", "--legacy-mem", "-n4", "--iova-mode=va"})
        EXPECT_TRUE(load_text(std::string("[appliance]\neal_args = [\"") + own + "\"]", "ajar.toml")) << own;
}

TEST(Load, ASyntaxFaultHasItsPlace) {
    const auto text = faults("[tables]\nconfirmed = 1\nconfirmed = 2");
    EXPECT_EQ(text.find("ajar.toml:3:"), 0U) << text;
    EXPECT_NE(text.find("'confirmed'"), std::string::npos) << text;
}

TEST(Load, ForeignLettersBelongInQuotesAndComments) {
    EXPECT_EQ(faults("[tables]\n  gr\u00f6\u00dfe = 1"),
              "ajar.toml:2:5: only quoted text and comments may hold letters beyond ASCII");
    EXPECT_EQ(faults("[tables]\nx = '''a'''\u00e4"),
              "ajar.toml:2:12: only quoted text and comments may hold letters beyond ASCII");
    for (const char* text : {"\xef\xbb\xbf# \u00e4\n",
                             R"([events]
file = "ä\"ä")",
                             R"([events]
file = 'ä\')",
                             R"([events]
file = """
ä"" \"""ä""""" # ä)",
                             R"([events]
file = '''
ä'' ''''' # ä)",
                             R"([events]
file = "" # ä)"})
        EXPECT_TRUE(load_text(text, "ajar.toml")) << text;
}

TEST(Load, TellsAllFaultsAtOnceInTheOrderOfTheFile) {
    EXPECT_EQ(
        faults("[tables]\n"
               "confirmed = 1\n"
               "embrionic = 2\n"
               "[policy]\n"
               "mode = \"strict\"\n"
               "[actions]\n"
               "unverified = \"evict + reset\"\n"),
        "ajar.toml:2:13: tables.confirmed: 1 is out of range: 128 to 1Gi\n"
        "ajar.toml:3:1: unknown key \"embrionic\" in [tables]; did you mean embryonic?\n"
        "ajar.toml:5:8: policy.mode: \"strict\" is none of \"observe\" or \"enforce\"\n"
        "ajar.toml:7:1: actions.unverified: a flow that nobody vouched for is never reset: its sequence "
        "numbers may be a forger's; set \"flag\" or \"evict\"");
}

TEST(Load, AFileThatIsNotThereSaysHowToGetOne) {
    const auto config = load_file("/nonexistent/ajar.toml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error(),
              "/nonexistent/ajar.toml: No such file or directory; `ajar run --print-config` prints a file to "
              "start from");
}

TEST(Load, ADirectoryIsNoFile) {
    const auto config = load_file("/tmp");
    ASSERT_FALSE(config);
    EXPECT_NE(config.error().find("/tmp: Is a directory"), std::string::npos) << config.error();
}

TEST(Run, NeedsPorts) {
    EXPECT_NE(refuse_run(default_config(), "ajar.toml").find("ajar.toml: no ports"), std::string::npos);
    auto config = default_config();
    config.ports = {{"net_ring0", "net_ring1"}};
    EXPECT_EQ(refuse_run(config, "ajar.toml"), "");
}

}  // namespace
}  // namespace ajar::config
