// Does a steady source stay in view in a flood of a million spoofed ones a second, with the right count?
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "ajar/flow/top_talkers.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kPartitions = 128, kEntries = 1024, kSeconds = 3, kSpoofed = 1'000'000;
/// The summary's promise begins at N/k, some 980 a second here.
constexpr std::array<std::uint32_t, 3> kSteady = {10'000, 4'000, 1'500};  // a second, by source

/// Every partition has its own summary; a source's flows go to all of them by their ports.
class Partitions {
public:
    Partitions() {
        for (std::uint32_t p = 0; p < kPartitions; ++p) summaries_.emplace_back(memory_, kEntries);
    }
    void count(std::uint32_t source, std::uint64_t flow) {
        summaries_[flow % kPartitions].add(source_key(source), source_hash(source));
    }
    [[nodiscard]] TalkerSummary merged(std::size_t k) const {
        std::vector<TalkerSummary> parts;
        for (const auto& s : summaries_) parts.push_back(s.summary());
        return merge(parts, k);
    }
    [[nodiscard]] std::size_t memory() const { return memory_.taken(); }

private:
    PageMemory memory_;
    std::vector<TopTalkers> summaries_;
};

/// Spoofed sources never come again. Steady ones are spread evenly among them.
void flood(Partitions& partitions) {
    std::mt19937_64 random(1);
    for (std::uint32_t n = 0; n < kSeconds * kSpoofed; ++n) {
        partitions.count(1000 + n, random());
        for (std::uint32_t s = 0; s < kSteady.size(); ++s) {
            if (n % (kSpoofed / kSteady[s]) == 0) partitions.count(s, random());
        }
    }
}
std::uint64_t truth(std::uint32_t source) {
    const auto each = kSpoofed / kSteady[source];
    return (std::uint64_t{kSeconds} * kSpoofed + each - 1) / each;
}

TEST(TalkersInAFlood, KeepTheSteadyOnesInView) {
    Partitions partitions;
    const auto before = partitions.memory();
    flood(partitions);
    EXPECT_EQ(partitions.memory(), before);
    const auto got = partitions.merged(kEntries);
    EXPECT_LE(got.floor, got.total / kEntries);
    ASSERT_GE(got.talkers.size(), kSteady.size());
    for (std::uint32_t s = 0; s < kSteady.size(); ++s) {
        const auto& t = got.talkers[s];
        EXPECT_EQ(t.key, source_key(s)) << "heaviest first";
        EXPECT_GE(t.count, truth(s));
        EXPECT_LE(t.at_least(), truth(s));
        EXPECT_LE(t.error, got.total / kEntries);
    }
    // None of the spoofed ones is certain to be more than a passer-by.
    for (std::size_t i = kSteady.size(); i < got.talkers.size(); ++i)
        EXPECT_LE(got.talkers[i].at_least(), 1U);
}

}  // namespace
}  // namespace ajar
