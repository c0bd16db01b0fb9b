// Is a flush carried out whole, in pieces, without harm to flows that came since?
#include "control/order_book.hpp"

#include <gtest/gtest.h>

#include "unit/control/fake_box.hpp"

namespace ajar::control {
namespace {

using namespace std::chrono_literals;
using test::FakeBox;

struct Told {
    std::optional<OrderBook::Outcome> outcome;
    OrderBook::Finish finish() {
        return [this](const OrderBook::Outcome& o) { outcome = o; };
    }
};

void work_off(OrderBook& book, FakeBox& box) {
    for (int i = 0; i < 10'000 && !book.idle(); ++i) {
        book.work();
        box.obey();
    }
}

TEST(OrderBook, AFlushNeedsNoMoreRoomThanThereIs) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 5000; ++n) box.connect(n);
    box.lazy = true;
    box.room = 10;
    OrderBook book(box);
    Told told;
    book.flush({}, {}, told.finish());
    work_off(book, box);
    ASSERT_TRUE(told.outcome);
    EXPECT_EQ(told.outcome->evicted, 5000U);
    EXPECT_EQ(box.living(), 0U);
}

/// The tuple is the same, the connection is not.
TEST(OrderBook, WhoCameSinceIsSpared) {
    FakeBox box(1);
    const auto t = box.connect(1);
    const auto page = list_page(box, {}, {}, 10, OrderBook::Clock::now() + 10s);
    ASSERT_EQ(page.flows.size(), 1U);
    box.lab.client(t, TcpFlags::kRst, 1001);
    box.lab.pass(1h);
    ASSERT_EQ(box.living(), 0U);
    box.connect(1);
    OrderBook book(box);
    Told told;
    book.evict(page.flows, {}, told.finish());
    work_off(book, box);
    ASSERT_TRUE(told.outcome);
    EXPECT_EQ(told.outcome->evicted, 0U);
    EXPECT_EQ(told.outcome->gone, 1U);
    EXPECT_EQ(box.living(), 1U);
}

TEST(OrderBook, TheActionIsTheOperators) {
    FakeBox box(1);
    box.connect(1);
    box.connect(2);
    const auto page = list_page(box, {}, {}, 10, OrderBook::Clock::now() + 10s);
    box.lab.events.clear();
    OrderBook book(box);
    Told a, b;
    book.evict({page.flows[0]}, Action::evict_reset, a.finish());
    book.evict({page.flows[1]}, Action::evict, b.finish());
    work_off(book, box);
    box.lab.pass(0s);
    EXPECT_EQ(box.lab.of(EventKind::evicted).size(), 2U);
    EXPECT_EQ(box.lab.of(EventKind::reset_sent).size(), 2U) << "to both ends of one";
    EXPECT_EQ(box.lab.of(EventKind::evicted)[0].cause, Cause::administrative);
}

/// A large flush leaves room for others.
TEST(OrderBook, JobsShareTheRoom) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 9000; ++n) box.connect(n);
    box.lazy = true;
    OrderBook book(box);
    Told a, b;
    book.flush({}, {}, a.finish());
    for (int i = 0; i < 50; ++i) book.work();
    book.flush({}, {}, b.finish());
    for (int i = 0; i < 20; ++i) {
        box.obey(50);
        book.work();
    }
    EXPECT_EQ(box.tags_waiting().size(), 2U);
    work_off(book, box);
    EXPECT_EQ(a.outcome->evicted + b.outcome->evicted, 9000U);
}

TEST(OrderBook, ManyJobsStandBesideEachOther) {
    FakeBox box;
    for (std::uint32_t n = 0; n < 100; ++n) box.connect(n);
    OrderBook book(box);
    std::vector<Told> told(OrderBook::kMostJobs);
    for (auto& one : told) book.flush({}, {}, one.finish());
    EXPECT_TRUE(book.full());
    work_off(book, box);
    std::uint64_t evicted = 0;
    for (const auto& one : told) evicted += one.outcome->evicted;
    EXPECT_EQ(evicted, 100U);
}

}  // namespace
}  // namespace ajar::control
