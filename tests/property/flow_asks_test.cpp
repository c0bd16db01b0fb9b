// Are the counts of a million SYNs a second within the bounds that are stated with them? Against exact
// counts: of all that are named, and of all that are not.
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "ajar/flow/asks.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kPartitions = 128, kSyns = 1'000'000;

Ask ask_of(std::uint32_t source) {
    Ask out{count_key(CountKind::service, be32::of(1), 0, be16::of(80)), {}};
    const auto name = source_key(source);
    std::copy_n(name.address.begin(), 4, out.source.begin());
    return out;
}

struct Told {
    std::map<CountKey, std::uint64_t> exact;
    Asks asked;
};

/// One second of SYNs, each to a partition of its own choice; half of them to the first if `loaded`.
template <class Draw>
Told second_of(Draw&& source, bool loaded = false) {
    PageMemory memory;
    std::deque<AskSample> samples;
    for (std::uint32_t p = 0; p < kPartitions; ++p) samples.emplace_back(memory, p);
    const auto taken = memory.taken();
    std::mt19937_64 random(1);
    Told told;
    for (std::uint32_t n = 0; n < kSyns; ++n) {
        const std::uint32_t who = source(n, random);
        const auto at = loaded && n % 2 == 0 ? 0 : random() % kPartitions;
        samples[at].add(Time(Duration(1000 * n)), [&] { return ask_of(who); });
        ++told.exact[source_key(who)];
    }
    std::vector<AskPart> parts;
    for (const auto& s : samples) parts.push_back(s.of(0));
    told.asked = sum_up(0, parts);
    EXPECT_EQ(memory.taken(), taken);
    return told;
}

void expect_within_bounds(const Told& told) {
    EXPECT_EQ(told.asked.count, kSyns);
    auto others = told.exact;
    for (const Talker& t : told.asked.ranked[kSources]) {
        const auto [least, most] = bounds_of(t.count, told.asked.weight);
        EXPECT_LE(least, told.exact.at(t.key));
        EXPECT_GE(most, told.exact.at(t.key));
        others.erase(t.key);
    }
    const auto most = bounds_of(told.asked.ranked[kSources].back().count, told.asked.weight).most;
    for (const auto& [key, n] : others) EXPECT_LE(n, most) << "who is not named is lighter";
}

TEST(AsksInAFlood, SteadySourcesAmongSpoofedOnes) {
    constexpr std::array<std::uint32_t, 3> kOneIn = {100, 251, 601};
    const auto told = second_of([&](std::uint32_t n, auto&) {
        for (std::uint32_t s = 0; s < kOneIn.size(); ++s)
            if (n % kOneIn[s] == 0) return s;
        return 1000 + n;
    });
    expect_within_bounds(told);
    EXPECT_LE(told.asked.weight, 17U);
    for (std::uint32_t s = 0; s < kOneIn.size(); ++s)
        EXPECT_EQ(told.asked.ranked[kSources][s].key, source_key(s)) << "the heaviest first";
    EXPECT_LT(told.asked.ranked[kSources][kOneIn.size()].count, 200U) << "none of the spoofed ones";
}

TEST(AsksInAFlood, Zipf) {
    const Zipf zipf(kSyns, 1.0);
    const auto told = second_of([&](std::uint32_t, auto& random) { return zipf(random); });
    expect_within_bounds(told);
    for (std::uint32_t s = 0; s < 4; ++s) EXPECT_EQ(told.asked.ranked[kSources][s].key, source_key(s));
}

TEST(AsksInAFlood, SpoofedSourcesAlone) {
    const auto told = second_of([](std::uint32_t n, auto&) { return n; });
    expect_within_bounds(told);
    EXPECT_EQ(bounds_of(told.asked.ranked[kSources][0].count, told.asked.weight).least, 0U);
}

/// Who knows the RSS key can load one partition. What is said of the rest is less certain then, and says so.
TEST(AsksInAFlood, OfOnePartitionAboveAll) {
    const auto told = second_of([](std::uint32_t n, auto&) { return n % 10 == 0 ? 7 : 1000 + n; }, true);
    expect_within_bounds(told);
    EXPECT_GT(told.asked.weight, 900U);
    EXPECT_EQ(told.asked.ranked[kSources][0].key, source_key(7));
}

TEST(AsksInAFlood, ExactBelowTheSamplesSize) {
    PageMemory memory;
    std::deque<AskSample> samples;
    std::vector<AskPart> parts;
    for (std::uint32_t p = 0; p < kPartitions; ++p) {
        auto& sample = samples.emplace_back(memory, p);
        for (std::uint32_t n = 0; n < AskSample::kAsks; ++n) sample.add({}, [&] { return ask_of(n % 37); });
        parts.push_back(sample.of(0));
    }
    const auto asked = sum_up(0, parts);
    EXPECT_EQ(asked.weight, 1U);
    EXPECT_EQ(asked.ranked[kSources][0], (Talker{source_key(0), 14 * kPartitions}));
}

}  // namespace
}  // namespace ajar
