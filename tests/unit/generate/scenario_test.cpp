// Is each scenario what its name says?
#include <algorithm>
#include <map>
#include <set>

#include "traffic.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint8_t kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck, kFin = TcpFlags::kFin,
                       kRst = TcpFlags::kRst;

std::string flags_text(std::uint8_t flags) {
    std::string s;
    if (flags & kSyn) s += 'S';
    if (flags & kFin) s += 'F';
    if (flags & kRst) s += 'R';
    if (flags & kAck) s += 'A';
    return s;
}

/// "S > SA < A >": data and pure ACKs look alike.
std::string diagram(const Conversation& c) {
    std::string s;
    for (const auto& step : c.steps) s += flags_text(step.flags) + (step.from == End::client ? "> " : "< ");
    return s;
}

std::uint64_t outcomes(const Traffic& t, Outcome o) {
    return t.truth.total().outcomes[static_cast<std::size_t>(o)];
}

TEST(Flood, IsOneSynFromEachOfManySources) {
    const auto t = run(options_for("flood", 500));
    std::set<Ipv6Address> sources;
    for (const auto& c : t.conversations) {
        EXPECT_EQ(diagram(c), "S> ");
        sources.insert(c.address[0]);
    }
    EXPECT_EQ(sources.size(), 500U);
    EXPECT_EQ(outcomes(t, Outcome::unanswered), 500U);
}

TEST(Flood, CanComeFromOneSource) {
    auto options = options_for("flood", 500);
    options.one_source = true;
    std::set<Ipv6Address> sources;
    std::set<std::uint16_t> ports;
    for (const auto& c : run(options).conversations) sources.insert(c.address[0]), ports.insert(c.port[0]);
    EXPECT_EQ(sources.size(), 1U);
    EXPECT_EQ(ports.size(), 500U);
}

TEST(Flood, SpreadsOverTheServers) {
    auto options = options_for("flood", 500);
    options.servers = 5;
    std::set<Ipv6Address> targets;
    for (const auto& c : run(options).conversations) targets.insert(c.address[1]);
    EXPECT_EQ(targets.size(), 5U);
}

TEST(Flood, WithAnswersTheServerRepeatsItsSynAck) {
    auto options = options_for("flood", 3);
    options.syn_acks = 6;
    const auto t = run(options);
    for (const auto& c : t.conversations) {
        EXPECT_EQ(diagram(c), "S> SA< SA< SA< SA< SA< SA< ");
        EXPECT_EQ(c.steps[6].at - c.steps[1].at, std::chrono::milliseconds(31600));
    }
    EXPECT_EQ(outcomes(t, Outcome::half_open), 3U);
}

TEST(Scan, ProbesEachPortOfEachServerOnce) {
    const auto t = run(options_for("scan", 1000));
    std::set<std::pair<Ipv6Address, std::uint16_t>> probed;
    std::set<std::string> shapes;
    for (const auto& c : t.conversations) {
        probed.emplace(c.address[1], c.port[1]);
        shapes.insert(diagram(c));
    }
    EXPECT_EQ(probed.size(), 1000U);
    EXPECT_EQ(shapes, (std::set<std::string>{"S> RA< ", "S> S> ", "S> SA< R> ", "S> SA< A> RA> "}));
}

TEST(Embryonic, ShowsEachCauseInTurn) {
    const auto t = run(options_for("embryonic", 6));
    const auto shape = [&](std::size_t i) { return diagram(t.conversations[i]); };
    EXPECT_EQ(shape(0), "S> SA< SA< SA< SA< SA< SA< ");
    EXPECT_EQ(shape(1), "S> SA< R> ");
    EXPECT_EQ(shape(2), "S> RA< ");
    EXPECT_EQ(shape(3), "S> S> S> S> S> S> S> ");
    EXPECT_EQ(shape(4), "S> SA< A> SA< A> SA< A> SA< A> ");
    EXPECT_EQ(shape(5).find('>'), std::string::npos) << "the client's half passes elsewhere";
}

std::uint64_t labels(const Traffic& t, Label l) {
    return t.truth.total().labels[static_cast<std::size_t>(l)];
}

TEST(Embryonic, EachCauseHasAScenarioAndALabel) {
    const std::map<std::string, Label> causes = {
        {"flood", Label::spoofed_flood},     {"closed", Label::closed},
        {"filtered", Label::filtered},       {"overflow", Label::backlog_overflow},
        {"unreachable", Label::unreachable}, {"oneway", Label::asymmetry},
        {"handshake", Label::none}};
    for (const auto& [scenario, label] : causes) {
        const auto t = run(options_for(scenario, 50));
        EXPECT_EQ(labels(t, label), 50U) << scenario;
        for (const auto& c : t.conversations) EXPECT_FALSE(c.scanner) << scenario;
    }
}

TEST(Unreachable, IcmpQuotesTheSynOfEitherFamily) {
    auto options = options_for("unreachable", 20);
    options.ipv6_percent = 50;
    const auto t = run(options);
    std::size_t errors = 0;
    for (const auto& f : t.frames) {
        if (f.packet.kind != PacketKind::icmp_error) continue;
        ++errors;
        EXPECT_EQ(f.port, 1) << "it comes from the servers' side";
        const auto quoted = std::any_of(t.frames.begin(), t.frames.end(), [&](const Sent& syn) {
            return syn.packet.kind == PacketKind::tcp && syn.packet.seq == f.packet.seq &&
                   syn.packet.side == f.packet.side && syn.packet.family == f.packet.family;
        });
        EXPECT_TRUE(quoted);
        const auto message = std::span(f.bytes).subspan(f.packet.l4_offset);
        EXPECT_TRUE(f.packet.family == Family::ipv6 || checksum::holds(message));
    }
    EXPECT_EQ(errors, 40U);
    EXPECT_EQ(t.truth.total().icmp_errors, 40U);
}

/// Hosts and ports that one client meets.
struct Touched {
    std::set<Ipv6Address> hosts;
    std::set<std::uint16_t> ports;
};
std::map<Ipv6Address, Touched> touched(const Traffic& t) {
    std::map<Ipv6Address, Touched> out;
    for (const auto& c : t.conversations)
        out[c.address[0]].hosts.insert(c.address[1]), out[c.address[0]].ports.insert(c.port[1]);
    return out;
}

TEST(Scanners, TouchWhatTheirNameSays) {
    for (const auto& [who, what] : touched(run(options_for("synscan", 400)))) {
        EXPECT_EQ(what.hosts.size(), 1U);
        EXPECT_EQ(what.ports.size(), 100U);
    }
    for (const auto& [who, what] : touched(run(options_for("sweep", 400)))) {
        EXPECT_EQ(what.hosts.size(), 100U);
        EXPECT_EQ(what.ports.size(), 1U);
    }
    for (const auto& [who, what] : touched(run(options_for("slowscan", 400))))
        EXPECT_EQ(what.hosts.size(), 100U);
}

TEST(Scanners, AreNamedAsSuch) {
    for (const auto* scenario : {"scan", "synscan", "sweep", "connectscan", "slowscan"})
        for (const auto& c : run(options_for(scenario, 40)).conversations) EXPECT_TRUE(c.scanner) << scenario;
}

TEST(Crawler, IsBusyAndMostlyWelcome) {
    const auto t = run(options_for("crawler", 4000));
    EXPECT_NEAR(static_cast<double>(outcomes(t, Outcome::closed)), 3440, 100);
    for (const auto& c : t.conversations) EXPECT_FALSE(c.scanner);
    EXPECT_EQ(touched(t).size(), 4U);
}

TEST(Crash, ReopensByAnExactRst) {
    const auto t = run(options_for("crash", 5));
    const auto& steps = t.conversations[3].steps;
    const auto syn = std::find_if(steps.begin() + 1, steps.end(), [](auto& s) { return s.flags == kSyn; });
    ASSERT_LE(syn + 3, steps.end());
    EXPECT_EQ(flags_text(syn[1].flags), "A");
    EXPECT_NE(syn[1].ack, syn[0].seq + 1) << "the challenge ACK speaks of the old connection";
    EXPECT_EQ(flags_text(syn[2].flags), "R");
    EXPECT_EQ(syn[2].seq, syn[1].ack);
    EXPECT_EQ(syn[3].seq, syn[0].seq) << "then the same SYN again";
    EXPECT_EQ(t.conversations[3].outcomes, (std::vector{Outcome::reset, Outcome::closed}));
}

TEST(Crash, LeavesDataWithoutAnswer) {
    const auto t = run(options_for("crash", 1));
    const auto& steps = t.conversations[0].steps;
    const auto& last = steps.back();
    EXPECT_GT(last.payload, 0U);
    const auto repeats = std::count_if(steps.begin(), steps.end(),
                                       [&](auto& s) { return s.payload > 0 && s.seq == last.seq; });
    EXPECT_EQ(repeats, 7);
}

TEST(Crash, KeepAlivesSitOneBelow) {
    const auto t = run(options_for("crash", 2));
    const auto& steps = t.conversations[1].steps;
    const auto& last_ack = steps[steps.size() - 7];  // of the client, before six keep-alives
    EXPECT_EQ(last_ack.from, End::client);
    EXPECT_EQ(steps.back().seq + 1, last_ack.seq);
}

TEST(Rerouted, BothAreHeardAndThenOneAlone) {
    auto options = options_for("rerouted", 240);
    for (const auto& c : run(options).conversations) {
        std::array<std::size_t, 2> last{};
        for (std::size_t i = 0; i < c.steps.size(); ++i) last[index(c.steps[i].from)] = i;
        const auto first_silent = std::min(last[0], last[1]);
        EXPECT_GE(first_silent, 3U) << "the handshake is whole";
        EXPECT_GE(c.steps.size() - 1 - first_silent, 3U) << "and somebody talks on alone";
    }
}

TEST(Vanished, EndsInSilence) {
    const auto t = run(options_for("vanished", 200));
    EXPECT_EQ(outcomes(t, Outcome::idle), 200U);
    const auto clients = std::count_if(t.conversations.begin(), t.conversations.end(),
                                       [](auto& c) { return c.lost == End::client; });
    EXPECT_NEAR(static_cast<double>(clients), 100, 30);
    for (const auto& c : t.conversations) EXPECT_EQ(c.sign, Reason::silent_after_probe);
}

TEST(Reuse, OpensTheSameTupleTwice) {
    const auto t = run(options_for("reuse", 8));
    for (const auto& c : t.conversations) {
        const auto syns =
            std::count_if(c.steps.begin(), c.steps.end(), [](auto& s) { return s.flags == kSyn; });
        EXPECT_EQ(syns, 2);
    }
    EXPECT_EQ(t.truth.total().connections, 14U) << "an old duplicate SYN opens nothing";
}

TEST(Retransmit, RepeatsAndDisorders) {
    const auto t = run(options_for("retransmit", 300));
    std::size_t repeats = 0, sacks = 0;
    for (const auto& c : t.conversations) {
        std::array<std::set<std::uint32_t>, 2> seen;
        for (const auto& s : c.steps) {
            sacks += s.sack_right != 0;
            repeats += s.payload > 0 && !seen[index(s.from)].insert(s.seq).second;
        }
    }
    EXPECT_GT(repeats, 50U);
    EXPECT_GT(sacks, 50U);
}

TEST(Vlan, TellsEqualTuplesApartByTheTagAlone) {
    const auto t = run(options_for("vlan", 4));
    std::set<std::uint16_t> tags;
    for (const auto& c : t.conversations) {
        EXPECT_EQ(c.address[0], t.conversations[0].address[0]);
        EXPECT_EQ(c.port[0], t.conversations[0].port[0]);
        tags.insert(c.outer_vlan);
    }
    EXPECT_EQ(tags.size(), 4U);
}

TEST(Qinq, CarriesBothTags) {
    const auto t = run(options_for("qinq", 1));
    for (const auto& f : t.frames) EXPECT_EQ(f.packet.v4.zone, zone_of(0, 100, 10));
}

TEST(Ipv6, IsIpv6) {
    for (const auto& f : run(options_for("ipv6")).frames) EXPECT_EQ(f.packet.family, Family::ipv6);
}

TEST(Halfclosed, TheServerGoesOnAfterTheFin) {
    for (const auto& c : run(options_for("halfclosed")).conversations) {
        const auto fin =
            std::find_if(c.steps.begin(), c.steps.end(), [](auto& s) { return (s.flags & kFin) != 0; });
        const auto data = std::count_if(fin, c.steps.end(), [](auto& s) { return s.payload > 0; });
        EXPECT_GE(data, 3);
        EXPECT_EQ(fin->from, End::client);
    }
}

TEST(Fragments, AddUpToTheirDatagrams) {
    auto options = options_for("fragments");
    options.ipv6_percent = 50;
    const auto t = run(options);
    std::map<std::pair<Family, std::uint32_t>, std::uint32_t> length, total;
    for (const auto& f : t.frames) {
        EXPECT_LE(f.bytes.size(), 1514U);
        const auto& p = f.packet;
        if (p.kind != PacketKind::fragment) continue;
        const auto bytes = static_cast<std::uint32_t>(f.bytes.size()) - p.l4_offset;
        length[{p.family, p.fragment_id}] += bytes;
        if (!p.more_fragments) total[{p.family, p.fragment_id}] = p.fragment_offset + bytes;
    }
    EXPECT_GT(total.size(), 30U);
    EXPECT_EQ(length, total);
}

TEST(Fragments, SomeComeBackwards) {
    std::map<std::uint32_t, std::uint16_t> first;  // of each datagram, the offset that came first
    for (const auto& f : run(options_for("fragments")).frames) {
        if (f.packet.kind == PacketKind::fragment) {
            first.emplace(f.packet.fragment_id, f.packet.fragment_offset);
        }
    }
    const auto backwards = std::count_if(first.begin(), first.end(), [](auto& d) { return d.second != 0; });
    EXPECT_GT(backwards, 5);
    EXPECT_LT(static_cast<std::size_t>(backwards), first.size() / 2);
}

}  // namespace
}  // namespace ajar::gen
