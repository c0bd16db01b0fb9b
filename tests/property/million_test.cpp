// A million spoofed sources a second, from the generator's frames to the names that stand out: is what is
// said of them within the error that is stated with it, and does it take no more memory as it goes on?
// Against exact counts by name.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/asks.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/parse.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/tracker.hpp"
#include "export/asks.hpp"
#include "generate/source.hpp"

namespace ajar {
namespace {

constexpr std::uint64_t kSyns = 1'000'000;  // a second
constexpr std::uint32_t kFlooded = 8000;    // half open at a service
constexpr TableSizes kSizes{1U << 16U, 1U << 18U, 1U << 12U, 25, 25};

using Counts = std::map<CountKey, std::uint64_t>;

/// How often each name was asked under.
class Exact {
public:
    void add(const CountKey& name) { names_.push_back(name); }
    /// After the last one.
    [[nodiscard]] Counts counts() {
        std::sort(names_.begin(), names_.end());
        Counts out;
        for (auto at = names_.begin(); at != names_.end();) {
            const auto end = std::find_if(at, names_.end(), [&](const CountKey& k) { return !(k == *at); });
            out.emplace_hint(out.end(), *at, static_cast<std::uint64_t>(end - at));
            at = end;
        }
        return out;
    }

private:
    std::vector<CountKey> names_;
};

/// Spoofed sources, each once, that flood eight services (four servers, IPv4 and IPv6); among them four that
/// scan a host each, four that scan for a port, and a network of 200 clients who ask a little each.
GenOptions traffic(std::uint64_t seconds) {
    GenOptions options;
    options.scenario = "mix";
    options.weights = "flood=850,synscan=60,sweep=60,closed=30";
    options.rate = kSyns;
    options.duration = std::chrono::seconds(seconds);
    options.connections = 0;
    options.clients = 200;
    options.servers = 4;
    options.ipv6_percent = 20;
    return options;
}

std::uint64_t resident_kb() {
    std::uint64_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// An appliance without devices: frames in, an epoch of its defence every 10 ms of their time.
class Box {
public:
    Box() : defence_(kSizes, cookie_secret(key_)) {
        policy_.mode = Mode::observe;  // all of them are tracked
        policy_.defence.service_high = kFlooded;
        policy_.defence.service_low = kFlooded / 4;
        policy_.defence.destination_high = 2 * kFlooded;
        TrackerOptions options;
        options.sizes = kSizes;
        options.key = key_;
        options.recording = Recording::off;
        options.owned.fill(true);
        tracker_ = std::make_unique<Tracker>(options, memory_);
    }

    /// Until one second of packet time after the other is over; `over` is called at each end.
    template <typename SynSeen, typename SecondOver>
    void run(gen::Source& source, SynSeen&& seen, SecondOver&& over) {
        while (const auto frame = source.next()) {
            if (frame->time >= epoch_end_) end_epoch(frame->time, over);
            add(*frame);
            const Packet& p = burst_[filled_ - 1];
            if (p.kind == PacketKind::tcp && p.flags.syn() && !p.flags.ack()) seen(ask_of(p));
            if (filled_ == kBurst) judge();
        }
        end_epoch(Time::max(), over);
    }

    [[nodiscard]] Asks asked(Second second) const {
        std::vector<AskPart> parts;
        tracker_->asked(second, parts);
        return sum_up(second, parts);
    }
    [[nodiscard]] std::uint64_t memory() const { return memory_.taken(); }
    [[nodiscard]] const Counters& counters() const { return tracker_->counters(); }
    Situation situation;

private:
    void add(const gen::TimedFrame& frame) {
        auto& bytes = frames_[filled_];
        bytes.assign(frame.bytes.begin(), frame.bytes.end());
        Packet& p = burst_[filled_++];
        parse(bytes, static_cast<std::uint32_t>(bytes.size()), {}, p);
        p.time = now_ = frame.time;
        p.ordinal = ordinal_++;
        p.port = frame.port;
        steering_.identify(p);
    }
    static Ask ask_of(const Packet& p) {
        const Side client = p.side, server = other(client);
        Ask ask{};
        if (p.family == Family::ipv6) {
            ask.service = count_key(CountKind::service, p.v6.address[server], p.v6.zone, p.v6.port[server]);
            ask.source = p.v6.address[client];
        } else {
            ask.service = count_key(CountKind::service, p.v4.address[server], p.v4.zone, p.v4.port[server]);
            std::copy_n(p.v4.address[client].bytes.begin(), 4, ask.source.begin());
        }
        return ask;
    }
    void judge() {
        std::array<Verdict, kBurst> verdicts;
        tracker_->process(std::span(burst_).first(filled_), std::span(verdicts).first(filled_), policy_,
                          *posture_);
        filled_ = 0;
        drop_events();
    }
    template <typename SecondOver>
    void end_epoch(Time next, SecondOver&& over) {
        judge();
        if (next != Time::max()) {
            const Time start(next.time_since_epoch() / kEpochLength * kEpochLength);
            while (!tracker_->advance(start, 1024, policy_, *posture_)) drop_events();
            Tracker* const shards[] = {tracker_.get()};
            posture_ = defence_.update(start, shards, policy_);
            for (const Change& change : defence_.changes()) situation.add(change);
            epoch_end_ = start + kEpochLength;
        }
        const Second second = next == Time::max() ? kNoSecond : second_of(next);
        if (second_ != kNoSecond && second != second_) over(second_);
        second_ = second;
    }
    void drop_events() {
        Event event;
        while (tracker_->events().pop(event)) {
        }
    }

    HashKey key_ = hash_key_from_seed(1);
    Steering steering_{key_, Steer::rss};
    PageMemory memory_;
    Policy policy_ = policy_of(Profile::ajar);
    std::unique_ptr<Tracker> tracker_;
    Defence defence_;
    std::shared_ptr<const Posture> posture_ = std::make_shared<Posture>();
    std::array<Packet, kBurst> burst_;
    std::array<std::vector<std::uint8_t>, kBurst> frames_;
    std::size_t filled_ = 0;
    std::uint64_t ordinal_ = 0;
    Time now_{}, epoch_end_{};
    Second second_ = kNoSecond;
};

/// All ranked names are within their bounds, all others below those of the last one.
void expect_within_bounds(const Asks& asked, std::size_t ranking, Counts exact) {
    SCOPED_TRACE(ranking);
    const auto& ranked = asked.ranked[ranking];
    ASSERT_EQ(ranked.size(), std::min(exact.size(), Asks::kMost));
    for (const Talker& t : ranked) {
        const auto [least, most] = bounds_of(t.count, asked.weight);
        const auto truth = exact.find(t.key);
        ASSERT_NE(truth, exact.end()) << exporting::name_text(t.key);
        EXPECT_LE(least, truth->second) << exporting::name_text(t.key);
        EXPECT_GE(most, truth->second) << exporting::name_text(t.key);
        exact.erase(truth);
    }
    const auto most = bounds_of(ranked.back().count, asked.weight).most;
    for (const auto& [key, n] : exact) EXPECT_LE(n, most) << exporting::name_text(key);
}

/// Those that have a hundredth of all and more come first, whoever else is there.
void expect_the_heavy_first(const Asks& asked, std::size_t ranking, const Counts& exact) {
    std::set<CountKey> heavy, first;
    for (const auto& [key, n] : exact)
        if (n * 100 >= asked.count) heavy.insert(key);
    for (std::size_t i = 0; i < heavy.size(); ++i) first.insert(asked.ranked[ranking][i].key);
    EXPECT_GE(heavy.size(), 2U) << "the traffic is not what this test is about";
    EXPECT_TRUE(heavy == first) << "ranking " << ranking;
}

TEST(AMillionASecond, IsNamedWithinTheStatedErrorInMemoryThatStaysFlat) {
    auto source = gen::Source::make(traffic(2));
    ASSERT_TRUE(source.ok());
    Box box;
    const auto memory = box.memory();
    std::array<Exact, kRanked.size()> exact;
    std::uint64_t syns = 0, warm_kb = 0, seconds = 0;
    box.run(
        *source,
        [&](const Ask& ask) {
            if (++syns == kSyns * 5 / 4) warm_kb = resident_kb();
            if (seconds != 0) return;
            for (std::size_t r = 0; r < kRanked.size(); ++r) exact[r].add(name_of(ask, kRanked[r]));
        },
        [&](Second over) {
            if (seconds++ != 0) return;
            const Asks asked = box.asked(over);
            EXPECT_EQ(asked.count, syns);
            EXPECT_NEAR(static_cast<double>(syns), kSyns, kSyns / 100.0);
            EXPECT_LE(asked.weight, 17U);
            for (std::size_t r = 0; r < kRanked.size(); ++r) {
                const auto counts = exact[r].counts();
                expect_the_heavy_first(asked, r, counts);
                expect_within_bounds(asked, r, counts);
                exact[r] = {};
            }
        });
    EXPECT_GE(seconds, 2U);
    EXPECT_EQ(box.memory(), memory);
    EXPECT_LE(resident_kb(), warm_kb + 2048) << "750000 more SYNs";
    EXPECT_GT(box.counters().flows_created.get(), 2 * kSyns * 99 / 100);

    // The flooded services, of which no other asks for a hundredth as much, are told by name, and nobody
    // else.
    std::set<std::string> flooded;
    for (const Change& c : box.situation.now())
        if (c.kind == ChangeKind::flooded) flooded.insert(exporting::name_text(c.name));
    EXPECT_EQ(flooded, (std::set<std::string>{"198.18.0.1:80", "198.18.0.2:80", "198.18.0.3:80",
                                              "198.18.0.4:80", "[2001:db8:5::1]:80", "[2001:db8:5::2]:80",
                                              "[2001:db8:5::3]:80", "[2001:db8:5::4]:80"}));
}

}  // namespace
}  // namespace ajar
