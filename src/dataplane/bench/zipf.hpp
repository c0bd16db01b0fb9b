// Which flow does the next packet belong to, where some flows are heard more often than others?
#pragma once

#include <cstdint>
#include <vector>

namespace ajar::dataplane {

/// Draws of 0..n-1 where the k-th most frequent number comes up with a weight of 1 / k^exponent (Zipf). Which
/// number is how frequent is shuffled.
///
/// A draw takes logarithms, which a packet has no time for: `draws` of them are made beforehand and come
/// again and again.
class ZipfDraws {
public:
    ZipfDraws(std::uint32_t n, double exponent, std::size_t draws, std::uint64_t seed);

    std::uint32_t next() {
        const auto drawn = draws_[at_];
        at_ = at_ + 1 == draws_.size() ? 0 : at_ + 1;
        return drawn;
    }

private:
    std::vector<std::uint32_t> draws_;
    std::size_t at_ = 0;
};

/// Rank, from 1 to n, for a number from [0, 1).
class ZipfRank {
public:
    ZipfRank(std::uint32_t n, double exponent);
    [[nodiscard]] std::uint32_t operator()(double uniform) const;

private:
    std::uint32_t n_;
    double exponent_;
    std::vector<double> head_;  // cumulative weights of the first ranks, exactly
    double tail_ = 0;           // weight of all others, by their integral
};

}  // namespace ajar::dataplane
