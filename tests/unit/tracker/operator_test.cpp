// What operators want of a shard: one partition listed, how full it is, a flow evicted on their terms.
#include <gtest/gtest.h>

#include "unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

std::vector<Tracker::Snapshot> listed_by_partition(Tracker& tracker, std::size_t page) {
    std::vector<Tracker::Snapshot> out, part(page);
    for (std::size_t p = 0; p < kPartitions; ++p) {
        std::uint64_t cursor = 0;
        do {
            const auto n = tracker.list(static_cast<std::uint8_t>(p), cursor, part);
            out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
        } while (cursor != 0);
    }
    return out;
}

TEST(Operator, PartitionsListedAloneAreTheWholeList) {
    Lab lab;
    for (std::uint32_t n = 0; n < 500; ++n) lab.connect(tuple(n));
    for (std::uint32_t n = 500; n < 700; ++n) lab.client(tuple(n), S, 1000);
    for (const std::size_t page : {1U, 3U, 1000U})
        EXPECT_EQ(listed_by_partition(lab.tracker(), page).size(), 700U) << page;
}

TEST(Operator, APartitionOfAnotherShardIsEmpty) {
    Lab lab({1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 2);
    for (std::uint32_t n = 0; n < 200; ++n) lab.connect(tuple(n));
    EXPECT_EQ(listed_by_partition(lab.tracker(0), 64).size() + listed_by_partition(lab.tracker(1), 64).size(),
              200U);
    std::uint64_t cursor = 0;
    std::vector<Tracker::Snapshot> room(64);
    EXPECT_EQ(lab.tracker(0).list(1, cursor, room), 0U);
    EXPECT_EQ(cursor, 0U);
}

TEST(Operator, OccupancyCountsWhatIsThere) {
    Lab lab;
    for (std::uint32_t n = 0; n < 300; ++n) lab.connect(tuple(n));
    for (std::uint32_t n = 300; n < 350; ++n) lab.client(tuple(n), S, 1000);
    const auto o = lab.tracker().occupancy();
    EXPECT_EQ(o.confirmed[0].used, 300U);
    EXPECT_EQ(o.embryonic[0].used, 50U);
    EXPECT_EQ(o.confirmed[1].used + o.embryonic[1].used, 0U);
    EXPECT_GE(o.confirmed[0].all + o.confirmed[1].all, 1U << 14U);
    EXPECT_EQ(o.directory.used, 350U);
    EXPECT_GT(o.directory.all, 2U << 14U);
    EXPECT_LE(o.strays, 350U);
    Occupancy twice = o;
    twice.add(o);
    EXPECT_EQ(twice.directory.used, 700U);
}

TEST(Operator, EvictsWhomHeMeansAndHowHeSays) {
    Lab lab;
    lab.connect(tuple(1));
    const auto flow = listed_by_partition(lab.tracker(), 8).at(0);
    const auto packet = lab.packet(tuple(1), true, A, 0);
    EXPECT_FALSE(lab.tracker().evict(packet, lab.now, lab.policy, Posture::calm(),
                                     {flow.warm.birth_ordinal + 1, Action::evict}));
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_TRUE(lab.tracker().evict(packet, lab.now, lab.policy, Posture::calm(),
                                    {flow.warm.birth_ordinal, Action::evict}));
    EXPECT_TRUE(lab.tracker().outbox().empty()) << "no reset was wanted";
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
    lab.connect(tuple(2));
    EXPECT_TRUE(lab.tracker().evict(lab.packet(tuple(2), true, A, 0), lab.now, lab.policy, Posture::calm(),
                                    {std::nullopt, Action::evict_reset}));
    EXPECT_EQ(lab.tracker().outbox().size(), 2U);
}

TEST(Operator, KnowsAFlowByTheIdOfItsEvents) {
    Lab lab;
    lab.connect(tuple(1));
    const auto id = lab.tracker().flow_id_of(listed_by_partition(lab.tracker(), 8).at(0));
    lab.finish();
    EXPECT_EQ(lab.of(EventKind::flow_end).at(0).flow_id, id);
}

}  // namespace
}  // namespace ajar::test
