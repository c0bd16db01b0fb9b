// Does nobody pass before it is open, and everybody from then on?
#include "dataplane/gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace ajar::dataplane {
namespace {

TEST(Gate, HoldsAllUntilItIsOpen) {
    Gate gate;
    std::atomic<int> through{0};
    std::vector<std::thread> threads;
    for (int n = 0; n < 3; ++n)
        threads.emplace_back([&] {
            gate.wait();
            ++through;
        });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(through, 0);
    gate.open();
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(through, 3);
}

TEST(Gate, StaysOpen) {
    Gate gate;
    gate.open();
    gate.open();
    gate.wait();
}

}  // namespace
}  // namespace ajar::dataplane
