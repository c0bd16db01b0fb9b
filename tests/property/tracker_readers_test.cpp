// Readers beside a writer, for the thread sanitizer: listings while flows come and go, and the ring of
// events.
#include <gtest/gtest.h>

#include <thread>

#include "../unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

/// Every listed flow is one that the writer made: a port belongs to its address, a window to its port.
void expect_consistent(const Tracker::Snapshot& flow) {
    ASSERT_NE(flow.conn.state, TcpState::none);
    const Side client = flow.conn.originator();
    const auto n = load_be32(flow.key.address[client].data()) - 0x0a010000U;
    EXPECT_EQ(flow.key.port[client].value(), 20000U + n % 40000U);
    EXPECT_GE(flow.conn.ends[client].end, 1001U);
    EXPECT_LE(flow.conn.ends[client].end, 1002U);
}

void list_while_flows_come_and_go(Recording recording) {
    Lab lab({4096, 4096, 128, 0, 25}, 1, 1U << 14U, recording);
    std::atomic<bool> done{false};
    std::uint64_t listed = 0;
    std::thread reader([&] {
        std::array<Tracker::Snapshot, 64> page;
        std::uint64_t cursor = 0;
        while (!done.load(std::memory_order_acquire)) {
            const std::size_t n = lab.tracker().list(cursor, page);
            for (std::size_t i = 0; i < n; ++i) expect_consistent(page[i]);
            listed += n;
            (void)lab.tracker().embryonic_ages(kStart);
        }
    });
    for (std::uint32_t round = 0; round < 3; ++round) {
        for (std::uint32_t n = 0; n < 1500; ++n) {
            lab.connect(tuple(n));
            lab.server(tuple(n), A, 5001, 1001);
            if (n % 2 == 0) lab.client(tuple(n), F, 1001, 5001);
        }
        lab.pass(std::chrono::hours(3));
        for (std::uint32_t n = 0; n < 1500; ++n) lab.client(tuple(n), R, 1001 + (n % 2 == 0 ? 1 : 0));
        lab.pass(std::chrono::seconds(11));
    }
    done.store(true, std::memory_order_release);
    reader.join();
    EXPECT_GT(listed, 0U);
}

TEST(Readers, ListWhileFlowsComeAndGo) { list_while_flows_come_and_go(Recording::on); }

// Ordinary segments go the short way then.
TEST(Readers, ListBesideTheShortWay) { list_while_flows_come_and_go(Recording::off); }

TEST(Readers, TheRingKeepsOrderAndLosesNothing) {
    constexpr std::uint64_t kValues = 200'000;
    SpscRing<std::uint64_t> ring(64);
    std::thread reader([&] {
        std::uint64_t value = 0;
        for (std::uint64_t expected = 0; expected < kValues;) {
            if (!ring.pop(value)) continue;
            ASSERT_EQ(value, expected);
            ++expected;
        }
    });
    for (std::uint64_t i = 0; i < kValues;) {
        if (ring.push(i)) ++i;
    }
    reader.join();
}

}  // namespace
}  // namespace ajar::test
