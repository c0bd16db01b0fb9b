// Which SYNs are remembered, for how long, and has each of them the same chance?
#include "ajar/flow/ask_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ajar {
namespace {

using namespace std::chrono_literals;
constexpr std::uint32_t kAsks = AskSample::kAsks;
constexpr Second kNow = 1'700'000'000;

Ask ask(std::uint32_t n) {
    Ask out{count_key(CountKind::service, be32::of(n), 0, be16::of(80)), {}};
    for (std::size_t i = 0; i < 4; ++i) out.source[i] = static_cast<std::uint8_t>(n >> (24 - 8 * i));
    return out;
}
std::uint32_t number_of(const Ask& a) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < 4; ++i) n = n << 8U | a.source[i];
    return n;
}

struct OnePartition {
    explicit OnePartition(std::uint64_t seed = 1) : sample(memory, seed) {}
    void add(Time now, std::uint32_t from, std::uint32_t n) {
        for (std::uint32_t i = from; i < from + n; ++i) sample.add(now, [&] { return ask(i); });
    }
    std::vector<std::uint32_t> numbers(Second second) const {
        std::vector<std::uint32_t> out;
        for (const Ask& a : sample.of(second).sample) out.push_back(number_of(a));
        std::sort(out.begin(), out.end());
        return out;
    }
    PageMemory memory;
    AskSample sample;
};

TEST(AskSample, RemembersAllWhileThereIsRoom) {
    OnePartition p;
    p.add(begin_of(kNow), 0, kAsks);
    const auto numbers = p.numbers(kNow);
    ASSERT_EQ(numbers.size(), kAsks);
    for (std::uint32_t n = 0; n < kAsks; ++n) EXPECT_EQ(numbers[n], n);
    EXPECT_EQ(p.sample.of(kNow).count, kAsks);
}

TEST(AskSample, CountsAllAndKeepsSome) {
    OnePartition p;
    p.add(begin_of(kNow), 0, 10'000);
    EXPECT_EQ(p.sample.count_of(kNow), 10'000U);
    auto numbers = p.numbers(kNow);
    EXPECT_EQ(numbers.size(), kAsks);
    EXPECT_EQ(std::unique(numbers.begin(), numbers.end()), numbers.end()) << "each once";
    EXPECT_LT(numbers.front(), kAsks);
    EXPECT_GT(numbers.back(), 9000U);
}

TEST(AskSample, KeepsASecondUntilTheNextButOneThatIsAskedIn) {
    OnePartition p;
    p.add(begin_of(kNow) + 999ms, 0, 3);
    p.add(begin_of(kNow + 1), 10, 2);
    EXPECT_EQ(p.numbers(kNow), (std::vector<std::uint32_t>{0, 1, 2}));
    EXPECT_EQ(p.numbers(kNow + 1), (std::vector<std::uint32_t>{10, 11}));
    p.add(begin_of(kNow + 100), 20, 1);
    EXPECT_EQ(p.sample.of(kNow).count, 0U) << "forgotten";
    EXPECT_EQ(p.numbers(kNow + 1), (std::vector<std::uint32_t>{10, 11}));
    EXPECT_EQ(p.numbers(kNow + 100), (std::vector<std::uint32_t>{20}));
    EXPECT_EQ(p.sample.count_of(kNow + 50), 0U) << "nobody asked";
}

TEST(AskSample, SaysTheSameForTheSameSeed) {
    OnePartition one, same, another(2);
    for (auto* const p : {&one, &same, &another}) p->add(begin_of(kNow), 0, 5000);
    EXPECT_EQ(one.numbers(kNow), same.numbers(kNow));
    EXPECT_NE(one.numbers(kNow), another.numbers(kNow)) << "who does not know it cannot hide";
}

/// Of 3 x kAsks SYNs each is there once in three times. 600 seconds of them, in twelve groups by when they
/// came: in each group 600 x 128 x 1/3 are seen, with a standard deviation of 131 at most.
TEST(AskSample, GivesEachTheSameChance) {
    constexpr std::uint32_t kSyns = 3 * kAsks, kSeconds = 600, kGroups = 12;
    OnePartition p;
    std::array<std::uint32_t, kGroups> seen{};
    for (std::uint32_t s = 0; s < kSeconds; ++s) {
        p.add(begin_of(kNow + s), 0, kSyns);
        for (const auto n : p.numbers(kNow + s)) ++seen[n * kGroups / kSyns];
    }
    for (const auto n : seen) EXPECT_NEAR(n, kSeconds * kSyns / kGroups / 3, 4 * 131);
}

TEST(AskSample, TakesTheMemoryThatItSays) {
    OnePartition p;
    for (std::uint32_t s = 0; s < 5; ++s) p.add(begin_of(kNow + s), 0, 5000);
    EXPECT_EQ(p.memory.taken(), AskSample::bytes_for());
}

}  // namespace
}  // namespace ajar
