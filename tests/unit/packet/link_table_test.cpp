// Is a link header the same number each time, is a full table full in peace, and is forgotten what nobody
// holds?
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ajar/flow/memory.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/packet/link_table.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder segment(std::uint16_t vlan, std::size_t payload = 0) {
    return FrameBuilder().ethernet().vlan(vlan).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(payload);
}

class LinkTableTest : public testing::Test {
protected:
    std::uint16_t intern(const FrameBuilder& frame, std::uint8_t port = 0, std::uint16_t hint = 0) {
        frame_ = frame.bytes();
        auto p = parsed(frame_);
        p.port = port;
        return table.intern(p, hint);
    }
    PageMemory memory;
    LinkTable table{3, memory};

private:
    Bytes frame_;
};

TEST_F(LinkTableTest, EqualHeadersHaveOneNumber) {
    const auto a = intern(segment(1)), b = intern(segment(2)), c = intern(segment(1), 1);
    EXPECT_EQ((std::array{a, b, c}), (std::array<std::uint16_t, 3>{1, 2, 3})) << "the port counts too";
    EXPECT_EQ(intern(segment(2, 500)), b);
    EXPECT_EQ(intern(segment(1), 0, a), a);
    EXPECT_EQ(table.size(), 3U);
    EXPECT_EQ(table[a].length, 18);
    EXPECT_EQ(table[c].in_port, 1);
    const auto frame = segment(1).bytes();
    EXPECT_TRUE(std::equal(table[a].bytes.begin(), table[a].bytes.begin() + 18, frame.begin()));
}

TEST_F(LinkTableTest, EveryByteOfAnEthernetHeaderCounts) {
    const Bytes frame = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
    auto p = parsed(frame);
    const auto wears = [this](std::uint16_t number, const Bytes& bytes) {
        return std::equal(table[number].bytes.begin(), table[number].bytes.begin() + 14, bytes.begin());
    };
    auto held = table.intern(p);
    for (std::size_t at = 0; at < 14; ++at) {
        Bytes changed = frame;
        changed[at] ^= 1U;
        p.frame = changed.data();
        const auto b = table.intern(p);
        EXPECT_TRUE(wears(b, changed)) << at;
        EXPECT_EQ(table.intern(p), b) << "what came last is known";
        table.release(b);
        table.release(b);
        p.frame = frame.data();
        EXPECT_EQ(table.intern(p), held) << "what came last is forgotten";
        table.release(held);
        p.frame = changed.data();
        held = table.intern(p, held);
        EXPECT_TRUE(wears(held, changed)) << "the flow goes another way now, " << at;
        p.frame = frame.data();
        held = table.intern(p, held);
        EXPECT_TRUE(wears(held, frame)) << "and back, " << at;
        EXPECT_EQ(table.size(), 1U);
    }
}

TEST_F(LinkTableTest, FullMeansUnknownAndCounted) {
    for (std::uint16_t id = 1; id <= 3; ++id) EXPECT_EQ(intern(segment(id)), id);
    EXPECT_EQ(intern(segment(4)), LinkTable::kUnknown);
    EXPECT_EQ(intern(segment(4)), LinkTable::kUnknown);
    EXPECT_EQ(table.refused(), 2U);
    EXPECT_EQ(intern(segment(3)), 3) << "what is in it is still found";
    EXPECT_EQ(table[LinkTable::kUnknown].length, 0);
}

TEST_F(LinkTableTest, WhatNobodyHoldsGivesItsPlace) {
    const auto a = intern(segment(1)), b = intern(segment(2)), c = intern(segment(3));
    EXPECT_EQ(intern(segment(1)), a) << "held twice";
    table.release(a);
    EXPECT_EQ(intern(segment(4)), LinkTable::kUnknown);
    table.release(a);
    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table[a].length, 0);
    EXPECT_EQ(intern(segment(4)), a) << "the number of the one that is gone";
    EXPECT_EQ(intern(segment(1)), LinkTable::kUnknown);
    EXPECT_EQ(intern(segment(2)), b);
    EXPECT_EQ(intern(segment(3)), c);
}

TEST_F(LinkTableTest, AReferenceMovesWithItsFlow) {
    const auto a = intern(segment(1));
    const auto b = intern(segment(2), 0, a);
    EXPECT_EQ(table.size(), 1U) << "the flow goes another way now";
    EXPECT_EQ(intern(segment(2), 0, b), b);
    table.release(b);
    EXPECT_EQ(table.size(), 0U) << "held once, however often it was seen";
    for (std::uint16_t id = 1; id <= 3; ++id) intern(segment(id));
    EXPECT_NE(intern(segment(9), 0, 2), LinkTable::kUnknown) << "into the place that it leaves";
}

/// Against a map, in a table so tight that headers collide.
TEST(LinkTable, ChurnLosesAndKeepsNothing) {
    PageMemory memory;
    LinkTable table(12, memory, 7);
    std::mt19937 random(1);
    std::map<std::uint16_t, std::pair<std::uint16_t, int>> model;  // by VLAN: number, holders
    for (int step = 0; step < 50'000; ++step) {
        const auto id = static_cast<std::uint16_t>(1 + random() % 20);
        if (random() % 2 == 0) {
            if (!model.contains(id)) continue;
            table.release(model[id].first);
            if (--model[id].second == 0) model.erase(id);
        } else {
            const auto frame = segment(id).bytes();
            const auto number = table.intern(parsed(frame));
            if (model.contains(id)) {
                ASSERT_EQ(number, model[id].first);
            }
            ASSERT_EQ(number == LinkTable::kUnknown, !model.contains(id) && model.size() == 12);
            if (number == LinkTable::kUnknown) continue;
            model[id].first = number;
            ++model[id].second;
        }
        ASSERT_EQ(table.size(), model.size());
    }
}

TEST_F(LinkTableTest, PppoeLengthsAreNoDifference) {
    const auto session = FrameBuilder().ethernet().pppoe(7).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2);
    const auto a = intern(FrameBuilder(session).payload(10));
    EXPECT_EQ(intern(FrameBuilder(session).payload(20), 0, a), a);
    EXPECT_EQ(table.size(), 1U);
    table.release(a);
    EXPECT_EQ(table.size(), 0U);
}

TEST_F(LinkTableTest, NoHeaderNoNumber) {
    const auto raw = FrameBuilder().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
    EXPECT_EQ(table.intern(parsed(raw, LinkType::raw)), LinkTable::kUnknown);
    auto deep = FrameBuilder().ethernet();
    for (int i = 0; i < 8; ++i) deep.vlan(1);
    EXPECT_NE(intern(deep.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2)), LinkTable::kUnknown) << "46 bytes fit";
    EXPECT_EQ(intern(deep.pppoe(1).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2)), LinkTable::kUnknown);
    EXPECT_EQ(table.refused(), 0U);
}

TEST(LinkTable, HoldsAsManyAsItWasMadeFor) {
    PageMemory memory;
    LinkTable table(4094, memory, 99);
    for (std::uint16_t id = 1; id <= 4094; ++id) {
        const auto frame = segment(id).bytes();
        ASSERT_EQ(table.intern(parsed(frame)), id);
    }
    EXPECT_EQ(table.refused(), 0U);
    EXPECT_GE(memory.taken() + 64, LinkTable::memory_needed(4094));
}

}  // namespace
}  // namespace ajar
