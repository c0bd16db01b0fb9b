// What is whole shows no sign; with one direction removed it may look strange, but nothing is certain.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "ajar/flow/record.hpp"
#include "checker.hpp"
#include "generate/source.hpp"
#include "replay/capture_reader.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

/// Nobody is lost in any of these.
GenOptions healthy() {
    GenOptions o;
    o.scenario = "mix";
    o.weights =
        "handshake=20,retransmit=20,lookalike=30,reuse=10,halfclosed=10,vlan=3,fragments=3,scan=5,crawler=5,"
        "embryonic=5,flood=5,overflow=3,closed=3,filtered=3";
    o.connections = connections() / 3;
    o.rate = 100;
    o.clients = 1000;
    o.servers = 100;
    o.payload = 6000;
    o.ipv6_percent = 20;
    o.loss_percent = 5;
    o.reorder_percent = 5;
    return o;
}

void watch_all(const GenOptions& options, Watch& watch) {
    auto source = gen::Source::make(options);
    ASSERT_TRUE(source.ok()) << source.error();
    while (const auto f = source->next())
        watch.see(f->time, f->bytes, static_cast<std::uint32_t>(f->bytes.size()), {}, f->port);
    watch.finish();
}

std::uint64_t certain(const Watch& watch) {
    return static_cast<std::uint64_t>(
        std::count_if(watch.verdicts.begin(), watch.verdicts.end(),
                      [](const Event& e) { return e.evidence.confidence == Confidence::high; }));
}

std::string told(const Watch& watch) {
    std::map<std::string, std::uint64_t> counts;
    for (const Event& e : watch.verdicts) ++counts[text_of(e)];
    std::string out;
    for (const auto& [what, n] : counts) out += fmt::format(" {} {}", n, what);
    return out.empty() ? " nothing" : out;
}

TEST(Healthy, ShowsNoSign) {
    Watch watch;
    watch_all(healthy(), watch);
    EXPECT_TRUE(watch.verdicts.empty()) << told(watch);
    EXPECT_GE(watch.ends.size(), connections() / 3);
}

/// The same, and connections that are half open: nobody can tell them from whole ones by one direction.
TEST(Healthy, HalfOfItIsNeverCertain) {
    auto options = healthy();
    options.weights += ",reopened=5,stuck=5,discovered=5,unheard=5,unkept=5,cut=5";
    for (const Side s : {Side{0}, Side{1}}) {
        Watch watch;
        watch.wanted = [s](const Packet& p) { return p.side == s; };
        watch_all(options, watch);
        EXPECT_EQ(certain(watch), 0U) << told(watch);
    }
}

/// Of each connection's packets those that come from one side of the box, but for the first n of all.
class Leaving {
public:
    Leaving(std::uint8_t port, unsigned n) : port_(port), n_(n) {}
    bool operator()(const Packet& p) { return ++seen_[tuple_of(p)] <= n_ || p.port != port_; }

private:
    std::uint8_t port_;
    unsigned n_;
    std::map<Tuple, unsigned> seen_;
};

/// One end goes on in sight and the other is heard elsewhere: answered keep-alives and closed windows look
/// like a lost peer then. What gives it away are the other connections of the network.
TEST(Healthy, WhatLeavesInTheMiddleIsNeverCertain) {
    auto options = healthy();
    options.connections = connections() / 10;
    std::uint64_t doubted = 0;
    for (const unsigned n : {3U, 5U, 8U, 13U, 30U}) {
        for (const std::uint8_t port : {std::uint8_t{0}, std::uint8_t{1}}) {
            Watch watch;
            watch.learn_coverage();
            watch.wanted = Leaving(port, n);
            watch_all(options, watch);
            EXPECT_EQ(certain(watch), 0U)
                << "without port " << int{port} << " from packet " << n << " on:" << told(watch);
            doubted += watch.verdicts.size();
        }
    }
    EXPECT_GT(doubted, connections() / 2000) << "nothing looked like a lost peer";
}

/// The same of the generator's own making. In the first minute too few of a network have gone elsewhere.
TEST(Healthy, RoutesThatChangeAreNeverCertain) {
    auto options = healthy();
    options.weights = "rerouted=40,oneway=10,handshake=10,retransmit=10";
    // The first minute teaches where words pass elsewhere, however few connections a brief run has.
    options.connections = std::max<std::uint64_t>(connections() / 5, 15'000);
    Watch watch;
    watch.learn_coverage();
    watch_all(options, watch);
    const Time known{std::chrono::seconds(options.start + 60)};
    std::erase_if(watch.verdicts, [=](const Event& e) { return e.begun() < known; });
    EXPECT_EQ(certain(watch), 0U) << told(watch);
    EXPECT_GT(watch.verdicts.size(), options.connections / 50) << told(watch);
}

// The captures of others ------------------------------------------------------------------------------------

namespace fs = std::filesystem;

std::vector<fs::path> corpus() {
    const char* const set = std::getenv("AJAR_CORPUS");
    const fs::path folder = fs::path(set != nullptr ? set : "") / "pcap";
    std::vector<fs::path> out;
    if (set == nullptr || !fs::is_directory(folder)) return out;
    for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// Fragments are left out: none of these connections is known by them alone.
bool watch_capture(const fs::path& path, Watch& watch) {
    auto reader = replay::CaptureReader::open(path.string());
    if (!reader) return false;
    replay::Record record;
    while (reader->next(record) == replay::CaptureReader::Status::record) {
        ParseOptions how;
        how.link = record.link;
        how.captured = true;
        watch.see(record.time, record.bytes, record.wire_length, how);
    }
    watch.finish();
    return true;
}

/// Tuples all of whose connections were opened and closed by both ends: Zeek's SF.
std::set<Tuple> finished(const std::vector<Event>& ends) {
    std::set<Tuple> good, bad;
    for (const Event& e : ends) (record::conn_state(e.record) == "SF" ? good : bad).insert(tuple_of(e.key));
    for (const Tuple& t : bad) good.erase(t);
    return good;
}

struct CorpusSums {
    std::uint64_t captures = 0, flows = 0, finished = 0, verdicts = 0, halves = 0, unread = 0;
};

void expect_no_sign_of_whole_ones(const fs::path& path, CorpusSums& sums) {
    Watch watch(1U << 14U);
    Checker checker;
    watch.seen = [&](const Packet& p, auto frame) { checker.see(p, frame); };
    if (!watch_capture(path, watch)) return;
    const auto whole = finished(watch.ends);
    ++sums.captures;
    sums.flows += watch.ends.size();
    sums.finished += whole.size();
    for (const Event& e : watch.verdicts) {
        ++sums.verdicts;
        EXPECT_EQ(whole.count(tuple_of(e.key)), 0U) << path.filename() << ' ' << text_of(e);
        const auto objection = checker.object(e);
        EXPECT_EQ(objection, "") << path.filename() << ' ' << text_of(e);
        std::cout << "  " << path.filename().string() << ": " << text_of(e) << '\n';
    }
    for (const auto& what : checker.missed(watch.verdicts))
        ADD_FAILURE() << path.filename() << " shows " << what;
    sums.unread += checker.unread();
}

void expect_nothing_certain_of_halves(const fs::path& path, CorpusSums& sums) {
    for (const Side s : {Side{0}, Side{1}}) {
        Watch watch(1U << 14U);
        watch.wanted = [s](const Packet& p) { return p.side == s; };
        if (!watch_capture(path, watch)) return;
        sums.halves += watch.verdicts.size();
        EXPECT_EQ(certain(watch), 0U) << path.filename() << told(watch);
    }
}

TEST(Corpus, WholeConnectionsShowNoSignAndHalvesNothingCertain) {
    const auto captures = corpus();
    if (captures.empty()) GTEST_SKIP() << "SKIPPED: no corpus (AJAR_CORPUS)";
    CorpusSums sums;
    for (const auto& path : captures) {
        expect_no_sign_of_whole_ones(path, sums);
        expect_nothing_certain_of_halves(path, sums);
    }
    std::cout << fmt::format(
        "{} captures, {} flows, {} tuples finished by both ends: {} verdicts; of the halves {}\n",
        sums.captures, sums.flows, sums.finished, sums.verdicts, sums.halves);
    EXPECT_GT(sums.finished, 100U);
}

}  // namespace
}  // namespace ajar::signs
