// Does paced traffic come at its pace, lose what its queue cannot hold, and excuse what it should?
#include <gtest/gtest.h>

#include "dataplane/bench/paced.hpp"

namespace ajar::dataplane {
namespace {

std::uint64_t fake_now = 0, fake_switches = 0;

/// Numbered packets without content.
class Endless final : public Traffic {
public:
    std::size_t write(std::uint8_t, Burst burst) override {
        made += burst.size();
        return burst.size();
    }
    [[nodiscard]] std::uint8_t turn() const override { return kEither; }
    std::uint64_t made = 0;
};

class PacedTest : public testing::Test {
protected:
    std::size_t take() { return paced_.write(0, {frames_, lengths_}); }
    void take_all() {
        while (take() != 0) {
        }
    }

    Endless endless_;
    Paced paced_{endless_, {[] { return fake_now; }, 10.0, [] { return fake_switches; }}};

private:
    std::array<std::array<std::uint8_t, 80>, 64> room_{};
    std::array<std::uint8_t*, 64> frames_ = [this] {
        std::array<std::uint8_t*, 64> out;
        for (std::size_t i = 0; i < 64; ++i) out[i] = room_[i].data();
        return out;
    }();
    std::array<std::uint16_t, 64> lengths_{};
};

TEST_F(PacedTest, AsManyComeAsTheirTimeHas) {
    EXPECT_EQ(take(), 0U) << "its time begins now";
    fake_now += 55;
    EXPECT_EQ(take(), 5U);
    EXPECT_EQ(take(), 0U);
    fake_now += 1000;
    EXPECT_EQ(take(), 64U) << "no more than a burst";
    EXPECT_EQ(take(), 36U);
    EXPECT_EQ(paced_.lost(), 0U);
}

TEST_F(PacedTest, WhatTheQueueCannotHoldIsLostAndNotMade) {
    take();
    fake_now += 10 * (Paced::kQueue + 100);
    take_all();
    EXPECT_EQ(paced_.lost(), 100U);
    EXPECT_EQ(paced_.excused(), 0U);
    EXPECT_EQ(endless_.made, Paced::kQueue);
}

TEST_F(PacedTest, WhoWasPushedOffItsCpuIsExcused) {
    take();
    ++fake_switches;
    fake_now += 10 * (Paced::kQueue + 100);
    EXPECT_EQ(take(), 0U) << "the queue starts afresh";
    EXPECT_EQ(paced_.lost(), 0U);
    EXPECT_EQ(paced_.excused(), Paced::kQueue + 100);
    fake_now += 10 * (Paced::kQueue + 7);
    take_all();
    EXPECT_EQ(paced_.lost(), 7U) << "one excuse does not hold for ever";
}

TEST_F(PacedTest, WhileNobodyAsksNoneCome) {
    take();
    fake_now += 1'000'000;
    paced_.resume();
    EXPECT_EQ(take(), 0U);
    fake_now += 30;
    EXPECT_EQ(take(), 3U);
    EXPECT_EQ(paced_.lost(), 0U);
}

}  // namespace
}  // namespace ajar::dataplane
