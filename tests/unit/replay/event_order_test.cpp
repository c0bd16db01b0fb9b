// Are events given out in order, each as soon as it is final, and none before?
#include "replay/event_order.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace ajar::replay {
namespace {

using std::chrono::milliseconds;

Event at(int ms, std::uint64_t ordinal, std::uint16_t index = 0) {
    Event e;
    e.time = Time(milliseconds(ms));
    e.ordinal = ordinal;
    e.index = index;
    return e;
}

/// The events of each shard stand in order.
Chunk chunk_of(std::vector<int> epochs_ms, const std::vector<std::vector<Event>>& events) {
    Chunk chunk;
    for (const int ms : epochs_ms) chunk.epochs.push_back({Time(milliseconds(ms)), 0});
    for (const auto& of_shard : events) {
        auto& log = chunk.events.emplace_back();
        auto& sorted = chunk.sorted.emplace_back();
        for (const auto& e : of_shard) {
            Event& stored = log.room();
            stored = e;
            log.push();
            sorted.emplace_back(stored);
        }
    }
    return chunk;
}

std::vector<std::uint64_t> ordinals(std::span<const EventRef> events) {
    std::vector<std::uint64_t> out;
    for (const EventRef& e : events) out.push_back(e.event->ordinal);
    return out;
}

using Ordinals = std::vector<std::uint64_t>;

TEST(EventOrder, MergesTheShardsByTimeThenOrdinalThenIndex) {
    EventOrder order;
    const auto chunk =
        chunk_of({100}, {{at(1, 7), at(3, 1)}, {at(1, 6), at(1, 8)}, {at(2, 5, 0), at(2, 5, 1)}});
    EXPECT_EQ(ordinals(order.add(chunk)), (Ordinals{6, 7, 8, 5, 5, 1}));
}

TEST(EventOrder, HoldsBackWhatTheLastEpochMayStillPrecede) {
    EventOrder order;
    const auto first = chunk_of({10, 20}, {{at(15, 1), at(25, 4)}});
    EXPECT_EQ(ordinals(order.add(first)), (Ordinals{1}));
    const auto within = chunk_of({}, {{at(22, 3)}});  // a chunk that ends within the same epoch
    EXPECT_TRUE(order.add(within).empty());
    const auto next = chunk_of({30}, {{at(21, 2), at(31, 5)}});
    EXPECT_EQ(ordinals(order.add(next)), (Ordinals{2, 3, 4}));
    auto last = chunk_of({}, {{at(32, 6)}});
    last.last = true;
    EXPECT_EQ(ordinals(order.add(last)), (Ordinals{5, 6}));
    EXPECT_EQ(order.late(), 0U);
}

TEST(EventOrder, CountsEventsThatComeTooLate) {
    EventOrder order;
    const auto first = chunk_of({50}, {{}});
    order.add(first);
    const auto second = chunk_of({60}, {{at(40, 1), at(55, 2)}});
    order.add(second);
    EXPECT_EQ(order.late(), 1U);
}

}  // namespace
}  // namespace ajar::replay
