// Beginning a second, writing down an ask, and copying a sample beside the writer.
#include "ajar/flow/ask_sample.hpp"

#include <algorithm>
#include <bit>

namespace ajar {

/// The window before the last one is forgotten. It has no number while it is: partner of each store of
/// seconds_ is the second load of it in of().
void AskSample::begin(Time now) {
    now_ = 1 - now_;
    store_shared(seconds_[now_], kNoSecond);
    store_shared(counts_[now_], std::uint64_t{0});
    store_shared(seconds_[now_], second_of(now));
    end_ = begin_of(second_of(now) + 1);
}

/// Partner of each store: the load in copy().
void AskSample::write(Place& place, const Ask& ask) {
    const auto words = std::bit_cast<decltype(Place::ask)>(ask);
    store_shared(place.sequence, place.sequence + 1);
    for (std::size_t i = 0; i < words.size(); ++i) store_shared(place.ask[i], words[i]);
    store_shared(place.sequence, place.sequence + 1);
}

/// Again while the writer is at it, which takes seven stores.
Ask AskSample::copy(const Place& place) {
    for (;;) {
        const auto before = load_shared(place.sequence);
        decltype(Place::ask) words;
        for (std::size_t i = 0; i < words.size(); ++i) words[i] = load_shared(place.ask[i]);
        if (before % 2 == 0 && load_shared(place.sequence) == before) return std::bit_cast<Ask>(words);
    }
}

AskPart AskSample::of(Second second) const {
    for (std::size_t w = 0; w < places_.size(); ++w) {
        if (load_shared(seconds_[w]) != second) continue;
        AskPart part{load_shared(counts_[w]), {}};
        const auto known = std::min<std::uint64_t>(part.count, kAsks);
        part.sample.reserve(known);
        for (const Place& place : places_[w].first(known)) part.sample.push_back(copy(place));
        if (load_shared(seconds_[w]) == second) return part;
    }
    return {};
}

std::uint64_t AskSample::count_of(Second second) const {
    for (std::size_t w = 0; w < places_.size(); ++w) {
        if (load_shared(seconds_[w]) != second) continue;
        const auto count = load_shared(counts_[w]);
        if (load_shared(seconds_[w]) == second) return count;
    }
    return 0;
}

}  // namespace ajar
