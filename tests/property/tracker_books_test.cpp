// Do a partition's books agree with what is in it, after every few packets of any kind?
//
// A walk over all places finds each flow and each tombstone: counts by state, reservations, lists, timers,
// the directory and the link headers must say the same.
#include <gtest/gtest.h>

#include <set>

#include "ajar/flow/hash.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"
#include "tracker/judge.hpp"
#include "tracker/prefetch.hpp"
#include "tracker/probe.hpp"
#include "tracker/shard.hpp"
#include "tracker_acts.hpp"

namespace ajar::test {
namespace {

using tracker::FamilyTables;
using tracker::find_slot;

/// What the walk has found.
struct Found {
    std::array<std::uint64_t, kTcpStateCount> flows{};
    std::uint64_t living = 0, stones = 0, half_open = 0, embryonic = 0, asked = 0;
    std::set<std::uint16_t> links;
    void add(const Conn& conn, const Warm& warm) {
        ++flows[static_cast<std::size_t>(conn.state)];
        ++living;
        for (const Sent& sent : warm.sent) links.insert(sent.link);
    }
};

class Walk {
public:
    Walk(tracker::Shard& shard, FamilyTables<KeyV4>& tables, Found& found)
        : shard_(shard), tables_(tables), found_(found) {}

    void all() {
        const auto confirmed = walk(Store::confirmed, [this](auto i, auto& c) { confirmed_flow(i, c); });
        const auto embryonic = walk(Store::embryonic, [this](auto i, auto& c) { embryonic_flow(i, c); });
        RC_ASSERT(tables_.confirmed.used() == confirmed);
        RC_ASSERT(tables_.embryonic.used() == embryonic);
        RC_ASSERT(tables_.births.size() == embryonic);
        RC_ASSERT(tables_.probes.size() == asked_);
        found_.asked += asked_;
        RC_ASSERT(tables_.reserved == reserved_);
        RC_ASSERT(confirmed + reserved_ <= tables_.confirmed.capacity());
        RC_ASSERT(mid_stream_ <= tables_.mid_stream_cap);
        RC_ASSERT(tables_.directory.size() == confirmed + embryonic + tombstones());
    }

private:
    template <typename Visit>
    std::uint32_t walk(Store store, Visit&& visit) {
        auto& pool = tables_.pool(store);
        std::uint32_t n = 0;
        for (std::uint32_t i = 0; i < pool.high_water(); ++i) {
            const auto& entry = pool.entry(i);
            if (entry.conn.state == TcpState::none) continue;
            ++n;
            found_.add(entry.conn, entry.warm);
            expect_at(entry.key, Slot::of(store, i));
            visit(i, entry.conn);
        }
        return n;
    }

    void expect_at(const KeyV4& key, Slot slot) {
        RC_ASSERT(find_slot(tables_, key, keyed_hash(key, shard_.hash_key)) == slot);
    }

    void confirmed_flow(std::uint32_t i, const Conn& conn) {
        TimerClass stamp = conn.booked_or_short ? TimerClass::unacknowledged : conn.timer;
        if (conn.mark(Conn::kFlagged)) stamp = TimerClass::untimed;
        if (tracker::is_asked(conn)) {
            RC_ASSERT(tracker::probing_of(tables_, i).flow == i);
            ++asked_;
        }
        RC_ASSERT(tables_.timers.timer_class(i) == stamp);
    }

    void embryonic_flow(std::uint32_t i, const Conn& conn) {
        const bool waits = conn.state == TcpState::syn_recv && !conn.mark(Conn::kFlagged);
        RC_ASSERT(tables_.births.listed(i));
        RC_ASSERT(conn.booked_or_short == waits);
        ++found_.embryonic;
        found_.half_open += conn.mark(Conn::kMidStream) || conn.state == TcpState::close ? 0U : 1U;
        reserved_ += waits ? 1U : 0U;
        mid_stream_ += conn.timer == TimerClass::mid_stream ? 1U : 0U;
    }

    std::uint32_t tombstones() {
        std::uint32_t n = 0;
        for (std::uint32_t i = 0; i < tables_.tombstones.capacity(); ++i) {
            const auto& stone = tables_.tombstones.get(i);
            if (!stone.alive()) continue;
            ++n;
            const auto slot = Slot::of(Store::tombstone, i);
            RC_ASSERT(tables_.directory.find(stone.hash, [slot](Slot s) { return s == slot; }) == slot);
        }
        RC_ASSERT(tables_.tombstones.size() == n);
        found_.stones += n;
        return n;
    }

    tracker::Shard& shard_;
    FamilyTables<KeyV4>& tables_;
    Found& found_;
    std::uint32_t reserved_ = 0, mid_stream_ = 0, asked_ = 0;
};

void audit(tracker::Shard& shard) {
    Found found;
    found.links.insert(LinkTable::kUnknown);
    for (auto& partition : shard.owned) Walk(shard, partition->v4, found).all();
    const Counters& c = shard.counters;
    for (std::size_t s = 0; s < kTcpStateCount; ++s) RC_ASSERT(c.flows[s].get() == found.flows[s]);
    RC_ASSERT(c.flows_created.get() - c.flows_ended.get() == found.living);
    RC_ASSERT(c.tombstones.get() == found.stones);
    RC_ASSERT(c.half_open.get() == found.half_open);
    RC_ASSERT(c.embryonic_used[0].get() == found.embryonic);
    RC_ASSERT(c.confirmed_used[0].get() == found.living - found.embryonic);
    RC_ASSERT(c.probing.get() == found.asked);
    RC_ASSERT(shard.links.size() == found.links.size() - 1);
}

/// A whole shard, driven without the Tracker that hides it. Few partitions get all the packets.
class Bench {
public:
    explicit Bench(int variant) {
        options_.sizes = kTight;
        options_.key = hash_key_from_seed(1);  // the lab's
        options_.owned.fill(true);
        shard_.emplace(options_, memory_);
        lab_.policy.binding = (variant & 8) != 0 ? Binding::port : Binding::floating;
        set_up(lab_.policy, variant);
        lab_.policy.probe = {.on = true, .tries = 3, .interval = 1s, .per_second = 20};
        for (const TimerClass c : {TimerClass::established, TimerClass::unacknowledged, TimerClass::fin_wait})
            lab_.policy.timeouts[static_cast<std::size_t>(c)] = 2s;
        for (std::uint32_t n = 0; tuples_.size() < 24; ++n)
            if (lab_.packet(tuple(n), true, S, 0).partition < 4) tuples_.push_back(tuple(n));
    }
    void play(const Act& act) {
        lab_.now += act.pause;
        shard_->use(lab_.policy, Posture::calm());
        shard_->latest = lab_.now;
        shard_->outbox.clear();
        Packet p = lab_.packet(tuples_[act.tuple % tuples_.size()], act.from_client, act.flags, act.seq,
                               act.ack, act.payload);
        std::array<std::uint8_t, 14> link = kClientLink;
        link[5] = static_cast<std::uint8_t>(act.seq + act.tuple % 16);
        p.frame = link.data();
        std::array<Slot, 1> guess;
        approach(*shard_, {&p, 1}, guess);
        judge(*shard_, p, guess[0]);
    }
    void collect() {
        for (auto& partition : shard_->owned) {
            std::size_t budget = 1000;
            shard_->outbox.clear();
            tracker::collect(*shard_, *partition, lab_.now, budget);
        }
    }
    tracker::Shard& shard() { return *shard_; }

private:
    Lab lab_;
    std::vector<Tuple> tuples_;
    PageMemory memory_;
    TrackerOptions options_;
    std::optional<tracker::Shard> shard_;
};

TEST(Books, AgreeWithAWalkAtAnyMoment) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(1000, an_act());
        Bench bench(*rc::gen::inRange(0, 16));
        for (std::size_t i = 0; i < acts.size(); ++i) {
            bench.play(acts[i]);
            if (i % 16 == 0) bench.collect();
            if (i % 32 == 0) audit(bench.shard());
        }
        audit(bench.shard());
    }));
}

}  // namespace
}  // namespace ajar::test
