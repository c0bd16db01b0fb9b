// Adding up samples, and what chance may have done to a count.
#include "ajar/flow/asks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ajar {
namespace {

/// What an ask of this part stands for, in parts of kAsks.
std::uint64_t weight_of(const AskPart& part) { return std::max<std::uint64_t>(part.count, AskSample::kAsks); }

/// One row a name. By whole words, which compare faster than bytes.
std::vector<Talker> add_up_by_name(std::vector<Talker> rows) {
    using Words = std::array<std::uint64_t, 3>;
    std::sort(rows.begin(), rows.end(), [](const Talker& a, const Talker& b) {
        return std::bit_cast<Words>(a.key) < std::bit_cast<Words>(b.key);
    });
    std::size_t kept = 0;
    for (const Talker row : rows) {  // a copy: its place may be taken
        if (kept != 0 && rows[kept - 1].key == row.key) {
            rows[kept - 1].count += row.count;
        } else {
            rows[kept++] = row;
        }
    }
    rows.resize(kept);
    return rows;
}

std::vector<Talker> rank(const std::vector<AskPart>& parts, CountKind kind) {
    std::vector<Talker> rows;
    for (const AskPart& part : parts)
        for (const Ask& ask : part.sample) rows.push_back({name_of(ask, kind), weight_of(part)});
    rows = add_up_by_name(std::move(rows));
    const auto most = std::min(rows.size(), Asks::kMost);
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(most), rows.end(),
                      [](const Talker& a, const Talker& b) {
                          return a.count != b.count ? a.count > b.count : a.key < b.key;
                      });
    rows.resize(most);
    for (Talker& row : rows) row.count = (row.count + AskSample::kAsks / 2) / AskSample::kAsks;
    return rows;
}

}  // namespace

Asks sum_up(Second second, const std::vector<AskPart>& parts) {
    Asks asked;
    asked.second = second;
    for (const AskPart& part : parts) {
        asked.count += part.count;
        asked.weight = std::max(asked.weight, (weight_of(part) + AskSample::kAsks - 1) / AskSample::kAsks);
    }
    for (std::size_t r = 0; r < kRanked.size(); ++r) asked.ranked[r] = rank(parts, kRanked[r]);
    return asked;
}

Bounds bounds_of(std::uint64_t count, std::uint64_t weight) {
    if (weight <= 1) return {count, count};
    const double w = static_cast<double>(weight), spread = 19 * w * static_cast<double>(count), few = 9.5 * w;
    const auto below = static_cast<std::uint64_t>(std::ceil(std::sqrt(spread)));
    const auto above = static_cast<std::uint64_t>(std::ceil(few + std::sqrt(few * few + spread)));
    return {count - std::min(count, below), count + above};
}

void Busiest::add(Second second, const std::vector<AskPart>& parts) {
    std::uint64_t count = 0;
    for (const AskPart& part : parts) count += part.count;
    if (count > asked_.count) asked_ = sum_up(second, parts);
}

}  // namespace ajar
