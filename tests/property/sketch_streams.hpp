// What the sketches are judged on: numbered sources, drawn evenly or after Zipf.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "ajar/flow/hash.hpp"

namespace ajar {

/// The n-th source, each one different.
inline CountKey source_key(std::uint32_t n) { return count_key(CountKind::source, be32::of(n), 0); }
inline std::uint64_t source_hash(std::uint32_t n) {
    static const auto secret = prepare(hash_key_from_seed(1));
    return keyed_hash(source_key(n), secret);
}

/// Source n is drawn in proportion to 1/(n + 1)^s.
class Zipf {
public:
    Zipf(std::uint32_t sources, double s) : below_(sources) {
        double sum = 0;
        for (std::uint32_t n = 0; n < sources; ++n) below_[n] = sum += std::pow(n + 1.0, -s);
    }
    template <class Random>
    std::uint32_t operator()(Random& random) const {
        const auto at = std::uniform_real_distribution<>(0, below_.back())(random);
        return static_cast<std::uint32_t>(std::lower_bound(below_.begin(), below_.end(), at) -
                                          below_.begin());
    }

private:
    std::vector<double> below_;
};

}  // namespace ajar
