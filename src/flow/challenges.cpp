// Places for challenged tuples: who gets one, and who gives his.
#include "ajar/flow/challenges.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t ticks_of(Duration d) { return static_cast<std::uint32_t>(d / kTickLength); }
// By standing.
constexpr std::array<std::uint32_t, 4> kLives = {
    0, ticks_of(Challenges::kOnceLife), ticks_of(Challenges::kTwiceLife), ticks_of(Challenges::kProvenLife)};

}  // namespace

bool Challenges::Place::alive(Tick now) const {
    return age(now) < kLives[static_cast<std::size_t>(standing())];
}

Challenges::Place* Challenges::find(Set& set, std::uint64_t hash, Tick now) {
    for (Place& place : set.places)
        if (place.tag == tag_of(hash) && place.alive(now)) return &place;
    return nullptr;
}

Challenges::Place& Challenges::least(Set& set, Tick now) {
    const auto matters_less = [&](const Place& a, const Place& b) {
        if (a.alive(now) != b.alive(now)) return !a.alive(now);
        return a.standing() != b.standing() ? a.standing() < b.standing() : a.age(now) > b.age(now);
    };
    return *std::min_element(set.places.begin(), set.places.end(), matters_less);
}

Challenges::Standing Challenges::challenge(std::uint64_t hash, Tick now) {
    Set& set = set_of(hash);
    if (Place* const known = find(set, hash, now)) {
        if (known->standing() == Standing::proven) return Standing::proven;
        known->set(tag_of(hash), Standing::twice, now);
        return Standing::twice;
    }
    Place& place = least(set, now);
    if (place.alive(now)) return Standing::unknown;
    place.set(tag_of(hash), Standing::once, now);
    return Standing::once;
}

Challenges::Standing Challenges::prove(std::uint64_t hash, Tick now) {
    Set& set = set_of(hash);
    Place* const known = find(set, hash, now);
    const Standing before = known == nullptr ? Standing::unknown : known->standing();
    (known == nullptr ? least(set, now) : *known).set(tag_of(hash), Standing::proven, now);
    return before;
}

}  // namespace ajar
