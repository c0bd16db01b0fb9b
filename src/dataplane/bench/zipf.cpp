// Drawing by rank: the head from a table of sums, the tail from the integral of its weights.
//
// From the 1024th rank on, the sum of k^-s over a range is its integral between half-integers but for less
// than one part in a million, and the integral has an inverse.
#include "dataplane/bench/zipf.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

namespace ajar::dataplane {
namespace {

constexpr std::uint32_t kHead = 1024;

/// Of x^-s, from 1 to x.
double integral(double x, double s) {
    return std::abs(s - 1) < 1e-9 ? std::log(x) : (std::pow(x, 1 - s) - 1) / (1 - s);
}

double inverse(double area, double s) {
    return std::abs(s - 1) < 1e-9 ? std::exp(area) : std::pow(area * (1 - s) + 1, 1 / (1 - s));
}

}  // namespace

ZipfRank::ZipfRank(std::uint32_t n, double exponent) : n_(n), exponent_(exponent) {
    double sum = 0;
    for (std::uint32_t k = 1; k <= std::min(n, kHead); ++k)
        head_.push_back(sum += std::pow(static_cast<double>(k), -exponent));
    if (n > kHead) tail_ = integral(n + 0.5, exponent) - integral(kHead + 0.5, exponent);
}

std::uint32_t ZipfRank::operator()(double uniform) const {
    const double weight = uniform * (head_.back() + tail_);
    const auto it = std::upper_bound(head_.begin(), head_.end(), weight);
    if (it != head_.end()) return static_cast<std::uint32_t>(it - head_.begin()) + 1;
    const double x = inverse(integral(kHead + 0.5, exponent_) + weight - head_.back(), exponent_);
    return std::min(n_, std::max(kHead + 1, static_cast<std::uint32_t>(std::lround(x))));
}

ZipfDraws::ZipfDraws(std::uint32_t n, double exponent, std::size_t draws, std::uint64_t seed) {
    const ZipfRank rank(n, exponent);
    std::mt19937_64 random(seed);
    constexpr std::uint64_t kOdd = 0x9e3779b1;  // a permutation of a power of two
    const std::uint64_t mask = std::bit_ceil(n) - 1U;
    draws_.reserve(draws);
    while (draws_.size() < draws) {
        const double uniform = static_cast<double>(random() >> 11U) * 0x1p-53;
        const auto shuffled = (rank(uniform) - 1U) * kOdd & mask;
        draws_.push_back(static_cast<std::uint32_t>(shuffled < n ? shuffled : rank(uniform) - 1U));
    }
}

}  // namespace ajar::dataplane
