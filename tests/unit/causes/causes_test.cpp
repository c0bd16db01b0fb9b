// Does each flow count, and once?
#include "causes/causes.hpp"

#include <gtest/gtest.h>

namespace ajar::causes {
namespace {

Event given_up(EventKind kind) {
    Event e;
    e.kind = kind;
    e.time = Time(std::chrono::seconds(1'700'000'000));
    e.attempt = Attempt::refused;
    return e;
}

std::uint64_t failed(std::initializer_list<Event> events) {
    Causes causes(hash_key_from_seed(1));
    for (const Event& e : events) causes.add(e);
    causes.finish();
    return causes.failed();
}

TEST(Causes, AFlowCountsWhenItIsFlaggedOrElseWhenItEnds) {
    const Event flag = given_up(EventKind::flagged), end = given_up(EventKind::flow_end);
    EXPECT_EQ(failed({end}), 1U);
    EXPECT_EQ(failed({end, end}), 2U);
    Event again = flag, flagged_end = end;
    again.conn.flagged = flagged_end.conn.flagged = true;
    EXPECT_EQ(failed({flag, flagged_end}), 1U);
    EXPECT_EQ(failed({flag, again, flagged_end}), 1U);
}

TEST(Causes, ThatADirectionPassesElsewhereIsNoFlag) {
    Event end = given_up(EventKind::flow_end);
    end.conn.unheard = 1;
    EXPECT_EQ(failed({end}), 1U);
    end.conn.flagged = true;
    EXPECT_EQ(failed({end}), 0U) << "it was told before";
}

}  // namespace
}  // namespace ajar::causes
