// How far above the truth are the estimates of a million keys? The constants of flow/count_min.hpp, against
// exact counts.
//
// Everything is drawn from fixed seeds: a figure that moves is a change of the sketch or of the hash. The
// bounds leave 10 % for another keyed hash (the build without AES).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "ajar/flow/count_min.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kKeys = 1'000'000;
using Exact = std::vector<std::uint32_t>;  // by source

double total(const Exact& exact) {
    double sum = 0;
    for (const auto n : exact) sum += n;
    return sum;
}
/// As a flood of spoofed sources has it.
const Exact& one_each() {
    static const Exact exact(kKeys, 1);
    return exact;
}
/// Four million flows.
const Exact& zipf() {
    static const Exact exact = [] {
        Exact drawn(kKeys, 0);
        std::mt19937_64 random(1);
        const Zipf draw(kKeys, 1.0);
        for (std::uint32_t n = 0; n < 4 * kKeys; ++n) ++drawn[draw(random)];
        return drawn;
    }();
    return exact;
}

/// What the estimates are too high by, over all keys.
class Errors {
public:
    Errors(const Exact& exact, std::uint32_t lines) : unit_(total(exact) / 4 / lines) {
        PageMemory memory;
        CountMin sketch(memory, lines);
        for (std::uint32_t n = 0; n < kKeys; ++n) {
            sketch.add(source_hash(n), static_cast<std::int32_t>(exact[n]));
        }
        for (std::uint32_t n = 0; n < kKeys; ++n) {
            over_.push_back(sketch.estimate(source_hash(n)) - exact[n]);
        }
        std::sort(over_.begin(), over_.end());
    }
    /// In parts of N/4m.
    [[nodiscard]] double mean() const { return total(over_) / kKeys / unit_; }
    [[nodiscard]] double quantile(double q) const {
        return over_[static_cast<std::size_t>(q * kKeys)] / unit_;
    }
    /// The share of keys whose error is t counts or more.
    [[nodiscard]] double share_from(std::uint32_t t) const {
        return static_cast<double>(over_.end() - std::lower_bound(over_.begin(), over_.end(), t)) / kKeys;
    }

private:
    double unit_;
    Exact over_;
};

struct Row {
    std::uint32_t lines;
    double mean, most_of_99, most_of_999;
};
void expect_row(const Exact& exact, const Row& row) {
    const Errors errors(exact, row.lines);
    SCOPED_TRACE(row.lines);
    EXPECT_NEAR(errors.mean(), row.mean, 0.1 * row.mean);
    EXPECT_NEAR(errors.quantile(0.99), row.most_of_99, 0.1 * row.most_of_99);
    EXPECT_NEAR(errors.quantile(0.999), row.most_of_999, 0.1 * row.most_of_999);
}

TEST(SketchError, IsWhatTheHeaderSaysOfSpoofedSources) {
    expect_row(one_each(), {1U << 14U, 0.77, 1.18, 1.38});
    expect_row(one_each(), {1U << 16U, 0.55, 1.31, 1.84});
    expect_row(one_each(), {1U << 18U, 0.23, 2.10, 2.10});
}

TEST(SketchError, IsWhatTheHeaderSaysOfZipf) {
    expect_row(zipf(), {1U << 14U, 0.19, 0.63, 1.37});
    expect_row(zipf(), {1U << 16U, 0.089, 0.52, 1.34});
    expect_row(zipf(), {1U << 18U, 0.023, 0.52, 1.31});
}

/// A bit for each of a key's counters, for hashes that stand for all.
std::vector<std::uint32_t> sampled_sets() {
    std::vector<std::uint32_t> sets;
    for (std::uint32_t n = 0; n < 2000; ++n) {
        const auto c = counters_of(source_hash(n));
        sets.push_back(1U << (c & 15U) | 1U << (c >> 8U & 15U) | 1U << (c >> 16U & 15U) | 1U << (c >> 24U));
    }
    return sets;
}
/// E[e^zH] of the worst key.
double worst_moment(double z) {
    static const auto sets = sampled_sets();
    const std::array powers = {1.0, std::exp(z), std::exp(2 * z), std::exp(3 * z), std::exp(4 * z)};
    double worst = 0;
    for (std::size_t x = 0; x < 300; ++x) {
        double sum = 0;
        for (const auto s : sets) sum += powers[static_cast<std::size_t>(std::popcount(s & sets[x]))];
        worst = std::max(worst, sum / static_cast<double>(sets.size()));
    }
    return worst;
}
/// The header's bound of the tail: `load` keys a line.
double tail_bound(double load, double t) {
    static const auto moments = [] {
        std::vector<double> m;
        for (double z = 0; z < 3; z += 0.02) m.push_back(worst_moment(z));
        return m;
    }();
    double least = 1;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        const auto z = 0.02 * static_cast<double>(i);
        least = std::min(least, std::exp(load * (moments[i] - 1) - 4 * z * t));
    }
    return least;
}

TEST(SketchError, StaysBelowTheDerivedTail) {
    for (const auto lines : {1U << 10U, 1U << 14U, 1U << 16U, 1U << 18U}) {
        const Errors errors(one_each(), lines);
        const auto load = static_cast<double>(kKeys) / lines;
        EXPECT_LE(errors.mean(), 1.0);
        for (double sigmas = 0; sigmas < 4; sigmas += 0.5) {
            const auto t = std::ceil(load / 4 + sigmas * std::sqrt(load / 9));
            EXPECT_LE(errors.share_from(static_cast<std::uint32_t>(t)), tail_bound(load, t))
                << lines << " lines, " << t << " counts";
        }
    }
}

// One key in 1214 m shares all four counters: 206 of 4 million here, sigma 15.
TEST(SketchError, LetsFewLookAsHeavyAsTheHeavy) {
    constexpr std::uint32_t kLines = 16, kOthers = 200'000, kHeavy = 1U << 20U;
    std::uint32_t alike = 0;
    for (std::uint32_t heavy = 0; heavy < 20; ++heavy) {
        PageMemory memory;
        CountMin sketch(memory, kLines);
        sketch.add(source_hash(kKeys + heavy), kHeavy);
        for (std::uint32_t n = 0; n < kOthers; ++n)
            alike += sketch.estimate(source_hash(n)) >= kHeavy ? 1U : 0U;
    }
    EXPECT_NEAR(alike, 20.0 * kOthers / 1214 / kLines, 5 * 15);
}

}  // namespace
}  // namespace ajar
