// Is a shard's memory what was computed, and does nothing that it remembers outlive its use?
#include "lab.hpp"

namespace ajar::test {
namespace {

TEST(ShardMemory, IsWhatWasComputed) {
    for (const TableSizes sizes :
         {TableSizes{}, TableSizes{1U << 14U, 1U << 12U, 1U << 10U, 50, 25}, TableSizes{1000, 77, 1, 0, 1}}) {
        for (const std::size_t partitions : {0U, 1U, 43U, 128U}) {
            for (const std::size_t headers : {16U, 4096U}) {
                TrackerOptions options{.sizes = sizes, .link_headers = headers};
                std::fill_n(options.owned.begin(), partitions, true);
                PageMemory memory;
                const Tracker tracker(options, memory);
                const std::uint64_t needed = memory_needed(options);
                EXPECT_LE(memory.taken(), needed);
                EXPECT_LE(needed - memory.taken(), 4096U * (partitions + 1)) << "alignment alone";
            }
        }
    }
}

/// Bytes that another flow of one kind takes in all.
double each(std::uint64_t TableSizes::*kind, std::uint32_t ipv6_percent) {
    const auto needed = [&](std::uint64_t flows) {
        TrackerOptions options{.sizes = {0, 0, 0, ipv6_percent, 25}, .recording = Recording::off};
        options.sizes.*kind = flows;
        options.owned.fill(true);
        return memory_needed(options);
    };
    constexpr std::uint64_t kMany = 1U << 24U;
    return static_cast<double>(needed(2 * kMany) - needed(kMany)) / kMany;
}

/// The README's figures. Entry or stone, place in the directory, timer or list, share of asides, place of a
/// challenge.
TEST(ShardMemory, OfAFlowIsWhatTheReadmeSays) {
    EXPECT_LE(each(&TableSizes::confirmed, 0), 144);
    EXPECT_LE(each(&TableSizes::confirmed, 100), 208);
    EXPECT_LE(each(&TableSizes::embryonic, 0), 158);
    EXPECT_LE(each(&TableSizes::embryonic, 100), 222);
    EXPECT_LE(each(&TableSizes::tombstones, 0), 32);
    EXPECT_LE(each(&TableSizes::tombstones, 100), 32);
}

/// Thousands of flows of one partition that run out at once: more resets than fit into one call.
TEST(ShardMemory, NoResetIsLostForWantOfRoom) {
    Lab lab({1U << 21U, 1U << 14U, 1U << 21U, 0, 50});
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    lab.policy.resets_per_second = lab.policy.resets_burst = 1'000'000;
    constexpr std::uint64_t kFlows = 10'000;
    std::uint64_t flows = 0;
    for (std::uint32_t n = 0; flows < kFlows; ++n) {
        const Tuple t{0x0a000000 + n, 40000, 0xc0a80001, 80};
        if (lab.packet(t, true, S, 0).partition != 5) continue;
        lab.connect(t);
        ++flows;
    }
    lab.pass(7442s);
    EXPECT_EQ(lab.counters().resets_sent.get(), 2 * kFlows);
    EXPECT_EQ(lab.frames.size(), 2 * kFlows);
    EXPECT_EQ(lab.told(Reason::reset_rate_limited), 0U);
}

/// A client behind a forged MAC of its own.
struct Stations : testing::Test {
    explicit Stations(TableSizes sizes = {1U << 14U, 1U << 14U, 1U << 12U, 25, 25}) : lab(sizes) {}
    Lab lab;
    std::vector<std::array<std::uint8_t, 14>> headers;
    Packet from_station(std::uint32_t n, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0) {
        headers.assign(1, kClientLink);
        headers[0][8] = static_cast<std::uint8_t>(n >> 8U);
        headers[0][9] = static_cast<std::uint8_t>(n);
        Packet p = lab.packet(tuple(n), true, flags, seq, ack);
        p.frame = headers[0].data();
        return p;
    }
    std::uint64_t known() {
        lab.client(tuple(99'999), 0, 0);  // the counters are brought up to date with each burst
        return lab.counters().link_headers.get();
    }
};

TEST_F(Stations, ForgedOnesAreForgottenWithTheirFlows) {
    for (std::uint32_t n = 0; n < 6000; ++n) lab.feed(from_station(n, S, 1000));
    EXPECT_EQ(known(), 4096U);
    EXPECT_EQ(lab.counters().links_refused.get(), 6000U - 4096U);
    lab.pass(31s);
    EXPECT_EQ(known(), 0U);
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    lab.connect({});
    EXPECT_EQ(known(), 2U);
    lab.pass(7442s);
    EXPECT_EQ(lab.frames.size(), 2U);
    EXPECT_EQ(lab.counters().tombstones.get(), 1U);
    EXPECT_EQ(known(), 0U) << "a tombstone keeps none";
}

TEST_F(Stations, TheWayOfAFlowMayChangeForEver) {
    lab.connect(tuple(0));
    for (std::uint32_t n = 0; n < 10'000; ++n) {
        lab.now += 1s;
        Packet p = lab.packet(tuple(0), true, A, 1001, 5001, 0);
        const Packet way = from_station(n, A, 1001, 5001);
        p.frame = way.frame;
        lab.feed(p);
    }
    EXPECT_EQ(known(), 2U);
    EXPECT_EQ(lab.counters().links_refused.get(), 0U);
}

}  // namespace
}  // namespace ajar::test
