// Random traffic through whole shards: the invariants that hold whatever comes.
//
//   - events and verdicts do not depend on the number of shards, nor on the budget of advance()
//   - every packet has one disposal, every flow one record; created = ended + living
//   - the confirmed table's limit is exact, and no flood ends a confirmed flow
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <tuple>

#include "../unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

/// One random act: a segment of one of few tuples, after some time.
struct Act {
    std::uint32_t tuple;
    bool from_client;
    std::uint8_t flags;
    std::uint32_t seq, ack, payload;
    Duration pause;
};

const std::vector<std::uint8_t> kFlagMix = {S, S, S, SA, SA, A, A, A, F, R, R | A, 0, S | TcpFlags::kFin};

rc::Gen<Act> an_act() {
    return rc::gen::map(
        rc::gen::tuple(
            rc::gen::inRange(0, 600), rc::gen::arbitrary<bool>(), rc::gen::elementOf(kFlagMix),
            rc::gen::element<std::uint32_t>(1000, 1001, 1002, 5000, 5001, 5002, 90000),
            rc::gen::element<std::uint32_t>(0, 1001, 1002, 5001, 5002, 77), rc::gen::inRange(0, 3),
            rc::gen::weightedElement<int>({{60, 0}, {20, 3}, {10, 40}, {5, 2000}, {2, 35000}, {1, 8000000}})),
        [](const auto& t) {
            const auto& [tuple_number, from_client, flags, seq, ack, payload, pause] = t;
            return Act{static_cast<std::uint32_t>(tuple_number),
                       from_client,
                       flags,
                       seq,
                       ack,
                       static_cast<std::uint32_t>(payload * 50),
                       std::chrono::milliseconds(pause)};
        });
}

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

constexpr TableSizes kTight = {256, 256, 128, 0, 50};

void set_up(Lab& lab, int variant) {
    lab.policy.mode = (variant & 1) != 0 ? Mode::enforce : Mode::observe;
    lab.policy.flow_start_events = true;
    lab.policy.resets_per_second = 2;
    lab.policy.resets_burst = 2;
    if ((variant & 2) != 0) lab.policy.actions.fill(Action::evict_reset);
    if ((variant & 4) != 0) lab.policy.mid_stream = MidStream::loose;
}

TEST(Tracker, ShardsAndBudgetsChangeNothing) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(an_act());
        const int variant = *rc::gen::inRange(0, 8);
        Lab one(kTight, 1), three(kTight, 3), slow(kTight, 1);
        for (Lab* lab : {&one, &three, &slow}) set_up(*lab, variant);
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
        set_up(lab, *rc::gen::inRange(0, 8));
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
