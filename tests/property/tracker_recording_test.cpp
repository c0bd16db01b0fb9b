// Is the record beside a flow only a record: same verdicts, events and counters without it?
#include <gtest/gtest.h>

#include "tracker_acts.hpp"

namespace ajar::test {
namespace {

struct Course {
    Lab lab;
    std::vector<Verdict> verdicts{};

    Course(Recording recording, int variant) : lab(kTight, 1, 1U << 14U, recording) {
        set_up(lab.policy, variant);
        lab.policy.binding = (variant & 8) != 0 ? Binding::port : Binding::floating;
    }
    void play(const Act& act) {
        lab.pass(act.pause);
        const Tuple tuple{0x0a000001, static_cast<std::uint16_t>(1024 + act.tuple)};
        verdicts.push_back(
            lab.feed(lab.packet(tuple, act.from_client, act.flags, act.seq, act.ack, act.payload)));
    }
};

void expect_same(const Verdict& a, const Verdict& b) {
    RC_ASSERT(a.disposal == b.disposal);
    RC_ASSERT(a.reason == b.reason);
    RC_ASSERT(a.ct == b.ct);
    RC_ASSERT(a.state == b.state);
}

void expect_same(const Event& a, const Event& b) {
    RC_ASSERT(a.time == b.time);
    RC_ASSERT(a.ordinal == b.ordinal);
    RC_ASSERT(a.kind == b.kind);
    RC_ASSERT(a.reason == b.reason);
    RC_ASSERT(a.flow_id == b.flow_id);
    RC_ASSERT(a.reset_to == b.reset_to);
    RC_ASSERT(a.reset_seq == b.reset_seq);
    for (const Side s : {Side{0}, Side{1}}) {
        RC_ASSERT(a.warm.sent[s].packets == b.warm.sent[s].packets);
        RC_ASSERT(a.warm.sent[s].ip_bytes == b.warm.sent[s].ip_bytes);
    }
}

TEST(Recording, ChangesNoVerdictAndNoEvent) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(400, an_act());
        const int variant = *rc::gen::inRange(0, 16);
        Course with(Recording::on, variant), without(Recording::off, variant);
        for (const Act& act : acts) {
            with.play(act);
            without.play(act);
            expect_same(with.verdicts.back(), without.verdicts.back());
        }
        with.lab.finish();
        without.lab.finish();
        RC_ASSERT(with.lab.events.size() == without.lab.events.size());
        for (std::size_t i = 0; i < with.lab.events.size(); ++i) {
            expect_same(with.lab.events[i], without.lab.events[i]);
            RC_ASSERT(with.lab.events[i].recorded != without.lab.events[i].recorded ||
                      with.lab.events[i].kind == EventKind::refused ||
                      with.lab.events[i].kind == EventKind::reset_sent);
        }
    }));
}

/// Both ends talk, in order, and some time passes between their words.
void converse(Course& course, const std::vector<Act>& acts) {
    std::array<std::uint32_t, 2> next = {1001, 5001};
    course.lab.connect({});
    for (const Act& act : acts) {
        course.lab.pass(std::min<Duration>(act.pause, std::chrono::seconds(100)));
        const std::size_t s = act.from_client ? 0 : 1;
        course.verdicts.push_back(
            course.lab.feed(course.lab.packet({}, act.from_client, A, next[s], next[1 - s], act.payload)));
        next[s] += act.payload;
    }
    course.lab.finish();
}

// Without records, ordinary segments go the short way: it must leave behind what the long one does.
TEST(Recording, TheShortWayLeadsWhereTheLongOneDoes) {
    EXPECT_TRUE(rc::check([] {
        const auto acts = *rc::gen::container<std::vector<Act>>(60, an_act());
        Course with(Recording::on, 1), without(Recording::off, 1);
        converse(with, acts);
        converse(without, acts);
        for (std::size_t i = 0; i < acts.size(); ++i) expect_same(with.verdicts[i], without.verdicts[i]);
        RC_ASSERT(with.lab.events.size() == without.lab.events.size());
        for (std::size_t i = 0; i < with.lab.events.size(); ++i)
            expect_same(with.lab.events[i], without.lab.events[i]);
        for (const Side s : {Side{0}, Side{1}}) {
            RC_ASSERT(with.lab.events.back().conn.ends[s].end == without.lab.events.back().conn.ends[s].end);
            RC_ASSERT(with.lab.events.back().timer == without.lab.events.back().timer);
        }
    }));
}

}  // namespace
}  // namespace ajar::test
