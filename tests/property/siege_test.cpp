// Ten times the embryonic store in spoofed SYNs: is any of 100 000 established flows lost, does anything
// grow, does an old half-open flow end late?
#include <gtest/gtest.h>

#include "allocations.hpp"
#include "siege.hpp"

namespace ajar::test {
namespace {

using namespace std::chrono_literals;

/// Nanoseconds. 65 536 fall due in a fifteenth of a second, while as many SYNs come.
constexpr std::uint64_t kLatest = 30'000'000;
/// What a flood may hold of memory that is not the shard's: a posture and the one before it.
constexpr std::int64_t kPostures = 64 << 10;

struct Means {
    const char* name;
    std::optional<Answering> answer;
    SynProof method = SynProof::cookie;
    bool one_service = false;
};

struct UnderSiege : testing::TestWithParam<Means> {
    Siege siege{GetParam().answer, GetParam().method, GetParam().one_service};
    std::size_t taken = 0;
    std::int64_t alive = 0;

    void SetUp() override {
        siege.open();
        siege.quiet(1s);
        ASSERT_EQ(siege.flows(TcpState::established), Siege::kFlows);
        taken = siege.memory_taken();
        alive = bytes_alive();
    }
    /// The second half comes while what the first one has left in the store falls due.
    void attack() {
        siege.flood(5 * Siege::kStore);
        siege.quiet(29'940ms);
        siege.flood(5 * Siege::kStore);
        siege.quiet(31s);
    }
    [[nodiscard]] Siege::Seen seen() const { return siege.seen(); }
};

TEST_P(UnderSiege, NothingIsLostNothingGrowsNothingIsLate) {
    attack();
    EXPECT_EQ(siege.flows(TcpState::established), Siege::kFlows);
    siege.all_talk();
    EXPECT_EQ(seen().disturbed, 0U);
    EXPECT_EQ(seen().strange, 0U);

    EXPECT_EQ(seen().allocated, 0U);
    EXPECT_EQ(siege.memory_taken(), taken);
    EXPECT_LE(seen().most_alive, alive + kPostures);

    EXPECT_EQ(siege.counters().events_lost.get(), 0U);
    EXPECT_EQ(seen().untimely, 0U);
    EXPECT_LE(siege.counters().expiry_late_max_ns.get(), kLatest);
    EXPECT_EQ(siege.flows(TcpState::syn_sent), 0U);
    EXPECT_EQ(seen().syns, 10 * Siege::kStore);
    EXPECT_EQ(seen().answered + seen().stale + seen().displaced + seen().freed, seen().syns);
    EXPECT_GT(seen().stale + seen().freed, Siege::kStore / 4) << "what was in the store at some time";
    EXPECT_EQ(seen().answered != 0, GetParam().answer == Answering::automatic);
    std::printf("%lu answered, %lu stale, %lu displaced, %lu freed; latest %.3f ms; %ld bytes\n",
                seen().answered, seen().stale, seen().displaced, seen().freed,
                static_cast<double>(siege.counters().expiry_late_max_ns.get()) * 1e-6,
                seen().most_alive - alive);
}

INSTANTIATE_TEST_SUITE_P(
    Floods, UnderSiege,
    testing::Values(Means{"WithoutADefence", std::nullopt}, Means{"WithoutAnswers", Answering::off},
                    Means{"WithCookies", Answering::automatic},
                    Means{"WithChallenges", Answering::automatic, SynProof::challenge},
                    Means{"OfOneServiceAlone", Answering::automatic, SynProof::cookie, true}),
    [](const auto& run) { return run.param.name; });

}  // namespace
}  // namespace ajar::test
