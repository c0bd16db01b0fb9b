// How the directory changes: insert, erase, replace, and the way to a free place by kicks.
#include "ajar/flow/directory.hpp"

#include <algorithm>

namespace ajar {

/// Slot and tag of one place are two words: a reader that meets a mixture finds that the key is not the same.
void Directory::put(std::uint64_t bucket, unsigned at, std::uint16_t tag, Slot slot) {
    store_shared(buckets_[bucket].tags[at], tag);
    store_shared(buckets_[bucket].slots[at], slot.bits);
}

void Directory::clear(Bucket& bucket, unsigned at) {
    store_shared(bucket.slots[at], 0U);
    store_shared(bucket.tags[at], Bucket::kEmpty);
}

void Directory::count_overflow(Bucket& bucket, int by) {
    store_shared(strays_, strays_ + static_cast<std::uint64_t>(std::int64_t{by}));
    const auto count = bucket.moves & 0xffU;
    if (count == 0xffU) return;  // saturated: it may only be too high
    store_shared(bucket.moves, bucket.moves + static_cast<std::uint32_t>(by));
}

bool Directory::insert(std::uint64_t hash, Slot slot) {
    const auto first = primary(hash);
    const auto tag = tag_of(hash);
    auto at = buckets_[first].empty_place();
    if (at == Bucket::kPlaces) at = send_one_home(first);
    if (at < Bucket::kPlaces) {
        put(first, at, tag, slot);
    } else {
        const auto second = other_bucket(first, tag);
        const auto place = buckets_[second].empty_place();
        if (place < Bucket::kPlaces) {
            // Counted first: the writer's own find() relies on it, readers always look at both.
            count_overflow(buckets_[first], 1);
            put(second, place, tag | kAlternate, slot);
        } else if (!insert_by_kicks(hash, slot)) {
            return false;
        }
    }
    store_shared(size_, size_ + 1);
    return true;
}

/// Moves a flow to its other bucket. `to` is that one, and `to_at` is free.
void Directory::move(std::uint64_t from, unsigned at, std::uint64_t to, unsigned to_at) {
    auto& source = buckets_[from];
    const auto tag = source.tags[at];
    const bool leaves_primary = (tag & kAlternate) == 0;
    if (leaves_primary) count_overflow(source, 1);
    put(to, to_at, tag ^ kAlternate, Slot{source.slots[at]});
    if (!leaves_primary) count_overflow(buckets_[to], -1);
    store_shared(source.moves, source.moves + 0x100U);
    clear(source, at);
    store_shared(kicks_, kicks_ + 1);
}

/// A stranger of this full bucket goes to its primary one, if one of theirs has room. Returns the place that
/// it leaves, or kPlaces.
unsigned Directory::send_one_home(std::uint64_t bucket) {
    std::array<std::uint64_t, Bucket::kPlaces> homes;
    std::array<unsigned, Bucket::kPlaces> places;
    unsigned strangers = 0;
    for (unsigned at = 0; at < Bucket::kPlaces; ++at) {
        const auto tag = buckets_[bucket].tags[at];
        homes[strangers] = other_bucket(bucket, tag);
        places[strangers] = at;
        strangers += tag & kAlternate;
    }
    for (unsigned i = 0; i < strangers; ++i) prefetch_line(&buckets_[homes[i]]);
    for (unsigned i = 0; i < strangers; ++i) {
        const auto room = buckets_[homes[i]].empty_place();
        if (room == Bucket::kPlaces) continue;
        move(bucket, places[i], homes[i], room);
        return places[i];
    }
    return Bucket::kPlaces;
}

/// Whatever stands there under this tag has the same home.
void Directory::bring_home(std::uint64_t hash) {
    const auto home = primary(hash);
    const auto room = buckets_[home].empty_place();
    if (room == Bucket::kPlaces) return;
    const auto tag = tag_of(hash);
    const auto away = other_bucket(home, tag);
    const auto& bucket = buckets_[away];
    const auto there = bucket.matches(tag | kAlternate);
    if (there != 0) move(away, static_cast<unsigned>(std::countr_zero(there)) / 2, home, room);
}

/// Breadth first from both buckets: a step is a bucket that was reached by kicking place `at` of its parent.
bool Directory::insert_by_kicks(std::uint64_t hash, Slot slot) {
    struct Step {
        std::uint64_t bucket;
        unsigned parent, at;
    };
    constexpr unsigned kRoot = kMaxVisits;
    const auto first = primary(hash);
    const auto tag = tag_of(hash);
    std::array<Step, kMaxVisits> steps;
    steps[0] = {first, kRoot, 0};
    steps[1] = {other_bucket(first, tag), kRoot, 0};
    unsigned count = 2;
    for (unsigned s = 0; s < count; ++s) {
        const auto& here = buckets_[steps[s].bucket];
        for (unsigned at = 0; at < Bucket::kPlaces && count < kMaxVisits; ++at) {
            const auto next = other_bucket(steps[s].bucket, here.tags[at]);
            auto free = buckets_[next].empty_place();
            steps[count] = {next, s, at};
            if (free == Bucket::kPlaces) {
                ++count;
                continue;
            }
            // From the far end back, so that each move finds the place that the one before has emptied.
            unsigned moves = 0;
            auto i = count;
            for (; steps[i].parent != kRoot; i = steps[i].parent, ++moves) {
                move(steps[steps[i].parent].bucket, steps[i].at, steps[i].bucket, free);
                free = steps[i].at;
            }
            store_shared(longest_, std::max(longest_, moves));
            if (i == 1) count_overflow(buckets_[first], 1);
            put(steps[i].bucket, free, i == 0 ? tag : tag | kAlternate, slot);
            return true;
        }
    }
    return false;
}

Directory::Place Directory::locate(std::uint64_t hash, Slot slot) const {
    const auto first = primary(hash);
    const auto tag = tag_of(hash);
    auto number = first;
    for (const unsigned wanted : {unsigned{tag}, unsigned{tag} | kAlternate}) {
        auto& bucket = buckets_[number];
        for (auto m = bucket.matches(static_cast<std::uint16_t>(wanted)); m != 0; m &= m - 1) {
            const auto at = static_cast<unsigned>(std::countr_zero(m)) / 2;
            if (bucket.slots[at] == slot.bits) return {&bucket, at};
        }
        number = other_bucket(first, tag);
    }
    return {};
}

bool Directory::erase(std::uint64_t hash, Slot slot) {
    const auto [bucket, at] = locate(hash, slot);
    if (bucket == nullptr) return false;
    const bool elsewhere = (bucket->tags[at] & kAlternate) != 0;
    clear(*bucket, at);
    if (elsewhere) count_overflow(buckets_[primary(hash)], -1);
    store_shared(size_, size_ - 1);
    return true;
}

bool Directory::replace(std::uint64_t hash, Slot from, Slot to) {
    const auto [bucket, at] = locate(hash, from);
    if (bucket == nullptr) return false;
    store_shared(bucket->slots[at], to.bits);
    return true;
}

}  // namespace ajar
