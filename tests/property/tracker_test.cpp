// Random traffic through whole shards: the invariants that hold whatever comes.
//
//   - events and verdicts do not depend on the number of shards, nor on the budget of advance()
//   - every packet has one disposal, every flow one record; created = ended + living
//   - the confirmed table's limit is exact, and no flood ends a confirmed flow
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <tuple>

#include "tracker_acts.hpp"

namespace ajar::test {
namespace {

/// The law of epochs: what is due is collected up to the start of a packet's epoch before the packet is
/// judged.
void play(Lab& lab, const std::vector<Act>& acts, std::size_t budget,
          std::vector<Verdict>* verdicts = nullptr) {
    const Time start = lab.now;
    Duration at{};
    for (const Act& act : acts) {
        at += act.pause;
        const Time epoch = std::chrono::floor<std::chrono::duration<std::int64_t, std::centi>>(start + at);
        if (epoch > lab.now) lab.pass(epoch - lab.now, budget);
        lab.now = start + at;
        const Verdict v =
            lab.feed(lab.packet(tuple(act.tuple), act.from_client, act.flags, act.seq, act.ack, act.payload));
        if (verdicts) verdicts->push_back(v);
    }
    lab.pass(std::chrono::hours(1), budget);
    lab.finish();
}

using Line = std::tuple<Time, std::uint64_t, std::uint16_t, EventKind, Reason, TcpState, std::uint64_t>;

std::vector<Line> lines(const Lab& lab) {
    std::vector<Line> out;
    for (const Event& e : lab.events)
        out.emplace_back(e.time, e.ordinal, e.index, e.kind, e.reason, e.state, e.flow_id);
    std::stable_sort(out.begin(), out.end(), [](const Line& a, const Line& b) {
        return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
               std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
    });
    return out;
}

TEST(Tracker, ShardsAndBudgetsChangeNothing) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(an_act());
        const int variant = *rc::gen::inRange(0, 8);
        Lab one(kTight, 1), three(kTight, 3), slow(kTight, 1);
        for (Lab* lab : {&one, &three, &slow}) set_up(lab->policy, variant);
        std::vector<Verdict> verdicts, verdicts3;
        play(one, acts, 1U << 20U, &verdicts);
        play(three, acts, 1U << 20U, &verdicts3);
        play(slow, acts, 20);
        RC_ASSERT(lines(one) == lines(three));
        RC_ASSERT(lines(one) == lines(slow));
        for (std::size_t i = 0; i < verdicts.size(); ++i)
            RC_ASSERT(verdicts[i].reason == verdicts3[i].reason);
    }));
}

TEST(Tracker, TheBooksBalance) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(an_act());
        Lab lab(kTight);
        set_up(lab.policy, *rc::gen::inRange(0, 8));
        play(lab, acts, 1000);
        const Counters& c = lab.counters();
        RC_ASSERT(c.forwarded.get() + c.dropped.get() + c.consumed.get() == c.packets.get());
        RC_ASSERT(c.flows_created.get() == c.flows_ended.get());
        RC_ASSERT(lab.of(EventKind::flow_end).size() == c.flows_ended.get());
        RC_ASSERT(lab.of(EventKind::flow_start).size() == c.flows_created.get());
        for (std::size_t s = 0; s < kTcpStateCount; ++s) RC_ASSERT(lab.flows(static_cast<TcpState>(s)) == 0U);
    }));
}

TEST(Tracker, NoPressureEndsAConfirmedFlow) {
    EXPECT_TRUE(rc::check([] {
        Lab lab(kTight);
        std::vector<std::uint32_t> living;
        for (std::uint32_t n = 0; n < 150; ++n)
            if (lab.connect(tuple(n)).state == TcpState::established) living.push_back(n);
        const auto flood = *rc::gen::container<std::vector<Act>>(1000, an_act());
        for (const Act& act : flood) {
            lab.now += std::min<Duration>(act.pause, std::chrono::milliseconds(40));
            lab.feed(lab.packet(tuple(10000 + act.tuple), act.from_client, act.flags, act.seq, act.ack,
                                act.payload));
        }
        for (const std::uint32_t n : living)
            RC_ASSERT(lab.client(tuple(n), A, 1001, 5001, 1).state == TcpState::established);
    }));
}

}  // namespace
}  // namespace ajar::test
