// How many connections were asked for in one second, and by whom, of whom? What all partitions' samples say
// together.
//
// An ask of a partition's sample stands for count/kAsks of its SYNs, or for itself where all are there. A
// name's count is the sum of what its asks stand for; w is the most that one does. Where w is 1 that is
// exact. Else, over w, it is a sum of independent choices between 0 and 1 (drawn without replacement, which
// spreads less: Hoeffding 1963) with the mean m = truth/w. By Chernoff's bound it is above m + t with a
// chance of exp(-t^2 / 2(m + t/3)) at most, and below m - t with exp(-t^2 / 2m). Solved for m at a chance of
// one in 13000 each, 2 ln(13000) = 19, that is for a count of c:
//     c - sqrt(19 w c)  <=  truth  <=  c + 9.5 w + sqrt((9.5 w)^2 + 19 w c)
// At a million SYNs a second w is 15: of a count of 10000 it leaves 17 % to either side, of one of a million
// 2 %, and who is not in the sample has asked at most 290 times.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ajar/flow/ask_sample.hpp"

namespace ajar {

struct Talker {
    CountKey key;
    std::uint64_t count = 0;

    friend bool operator==(const Talker&, const Talker&) = default;
};

/// Which names are ranked, and under which index.
inline constexpr std::array kRanked = {CountKind::service, CountKind::source, CountKind::network,
                                       CountKind::destination};
inline constexpr std::size_t kServices = 0, kSources = 1, kNetworks = 2, kHosts = 3;

struct Asks {
    static constexpr std::size_t kMost = 32;  ///< of each kind

    Second second = kNoSecond;
    std::uint64_t count = 0;   ///< exact
    std::uint64_t weight = 1;  ///< at most so many SYNs does one of the sample stand for, rounded up
    std::array<std::vector<Talker>, kRanked.size()> ranked;  ///< the heaviest first, equal ones by name

    friend bool operator==(const Asks&, const Asks&) = default;
};

/// What the partitions know of one second, in any order.
Asks sum_up(Second second, const std::vector<AskPart>& parts);

/// Between what the true count lies.
struct Bounds {
    std::uint64_t least = 0, most = 0;
};
Bounds bounds_of(std::uint64_t count, std::uint64_t weight);

/// The second in which most was asked.
class Busiest {
public:
    /// Of equal ones the first counts.
    void add(Second second, const std::vector<AskPart>& parts);
    [[nodiscard]] const Asks& get() const { return asked_; }

private:
    Asks asked_;
};

}  // namespace ajar
