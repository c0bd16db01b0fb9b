// The registers and what they say.
#include "causes/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ajar::causes {

void Distinct::add(std::uint64_t hash) {
    auto& longest = longest_[hash >> (64U - kIndexBits)];
    const std::uint64_t rest = (hash << kIndexBits) | (std::uint64_t{1} << (kIndexBits - 1));
    longest = std::max(longest, static_cast<std::uint8_t>(std::countl_zero(rest) + 1));
}

std::uint64_t Distinct::estimate() const {
    constexpr double m = 1U << kIndexBits;
    double sum = 0, empty = 0;
    for (const auto longest : longest_) {
        sum += std::ldexp(1.0, -longest);
        empty += longest == 0 ? 1 : 0;
    }
    const double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    const bool few = raw <= 2.5 * m && empty > 0;
    return static_cast<std::uint64_t>(std::llround(few ? m * std::log(m / empty) : raw));
}

}  // namespace ajar::causes
