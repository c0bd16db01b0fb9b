// Finding and forgetting heavy networks.
#include "ajar/defence/heaviest.hpp"

#include <algorithm>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/tracker.hpp"
#include "defence/names.hpp"
#include "defence/spans.hpp"

namespace ajar {
namespace {

constexpr unsigned kSoon = 10;

}  // namespace

void Heaviest::look_for_more(std::span<Tracker* const> shards, const SketchSums& half_open, Time now,
                             std::uint64_t least) {
    looked_ = now;
    ++looks_;
    Sieve sieve;
    for (const AskPart& part : asked_lately(shards, now)) {
        for (const Ask& ask : part.sample) {
            const CountKey name = name_of(ask, CountKind::network);
            const std::uint64_t hash = shards.front()->hash_of(name);
            const auto known = [&](const Network& n) { return n.hash == hash; };
            if (half_open.estimate(hash) < least || !sieve.passes(hash)) continue;
            if (std::none_of(heavy_.begin(), heavy_.end(), known)) heavy_.push_back({name, hash, 0});
        }
    }
}

bool Heaviest::update(Time now, std::span<Tracker* const> shards, const SketchSums& half_open,
                      std::uint64_t places) {
    if (shards.empty()) return clear();
    const auto before = heavy_;
    const std::uint64_t least = std::max<std::uint64_t>(2, places / kPart);
    if (now - looked_ >= (looks_ < kSoon ? kLookSoon : kLookAgain))
        look_for_more(shards, half_open, now, least);
    std::uint64_t most = 0;
    for (Network& n : heavy_) most = std::max(most, n.half_open = half_open.estimate(n.hash));
    std::erase_if(heavy_, [&](const Network& n) {
        const bool was = std::any_of(before.begin(), before.end(),
                                     [&](const Network& other) { return other.hash == n.hash; });
        const std::uint64_t mark = std::max(least, most / 4);
        return n.half_open < (was ? mark / 2 : mark);
    });
    std::sort(heavy_.begin(), heavy_.end(), [](const Network& a, const Network& b) {
        return a.half_open != b.half_open ? a.half_open > b.half_open : a.name < b.name;
    });
    if (heavy_.size() > FewNames::kMost) heavy_.resize(FewNames::kMost);
    return !std::is_permutation(before.begin(), before.end(), heavy_.begin(), heavy_.end(),
                                [](const Network& a, const Network& b) { return a.hash == b.hash; });
}

bool Heaviest::clear() {
    const bool any = !heavy_.empty();
    heavy_.clear();
    looks_ = 0;
    return any;
}

FewNames Heaviest::hashes() const {
    FewNames out;
    for (const Network& n : heavy_) out.add(n.hash);
    return out;
}

}  // namespace ajar
