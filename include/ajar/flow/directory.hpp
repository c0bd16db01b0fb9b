// Where a flow is: the index from its hash to its slot in one of the three stores.
//
// One directory per partition and family serves the confirmed table, the embryonic store and the tombstones
// together: a promotion or an eviction rewrites one slot in place and cannot fail. A tuple is in one store
// only, because it has one slot only.
//
// A flow stands in one of two buckets, each one cache line of ten places: its primary one, by the low 32 bits
// of its hash, or the alternate one, which follows from the bucket and the tag alone (partial-key cuckoo:
// Fan, Andersen, Kaminsky 2014), so that moving a flow to its other bucket needs neither its key nor its
// entry. The number of buckets n is any even one. Primary: the hash's bits as a fraction of n. Alternate: s -
// b mod n, where the tag gives s; that is its own inverse, and as s is odd and n even, b is never its own
// alternate. A new flow takes its primary bucket while that has room. Each bucket counts the flows that had
// to go elsewhere, so most lookups, hit or miss, read one line, and none reads more than two.
//
// Flows that stay elsewhere when there is room again would add up: after four turnovers at a load of 0.8 a
// fifth of all, where a fresh directory has 6 %. So a newcomer to a full bucket first sends a stranger home,
// one that stands there in its alternate bucket (11 %), and a flow that is found elsewhere is brought home
// when both lines are at hand anyway (6 % of the flows that have traffic).
//
// insert() looks for a way to a free place among at most kMaxVisits buckets before it moves anything, so that
// a refusal changes nothing and a path is shorter than that. A refusal needs that many full buckets around
// one flow. At a load of 0.8 there was none in 370 million inserts into directories made for 16 flows to a
// million, at 0.85 none in those of 512 and more. (Few buckets have few pairs: with 4 for 32 flows, four
// inserts in a million were refused. So there are two buckets more than the load asks for.)
//
// One writer. Readers of other threads use find_shared(): a flow that moves is written in its new place
// first, then its old bucket counts a move, then the old place is emptied. A reader that met neither place
// sees that count change and looks again.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <span>

#include "ajar/flow/buckets.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/shared_word.hpp"

namespace ajar {

class Directory : public Buckets {
public:
    static constexpr unsigned kMaxVisits = 64;  ///< buckets that one insert may look into, homes besides
    static constexpr unsigned kMaxKicks = kMaxVisits;
    static constexpr std::size_t kMaxBurst = 64;  ///< most hashes of one locate()

    /// Even, and holds `flows` at a load of at most 0.8.
    static constexpr std::uint64_t buckets_for(std::uint64_t flows) { return flows / 16 * 2 + 2; }
    static constexpr std::uint64_t bytes_for(std::uint64_t flows) {
        return buckets_for(flows) * sizeof(Bucket);
    }

    Directory(Memory& memory, std::uint64_t flows)
        : Buckets(take_array<Bucket>(memory, buckets_for(flows)).data(), buckets_for(flows)) {}

    /// Where each flow of a burst may be: the first slot under its tag. None: it is not there. prefetch() has
    /// asked for the first line of each, best as soon as its hash was known; fetch(Slot) fetches the entry.
    /// The hints hold until the next insert, and it is the caller who compares the key, or else asks find().
    /// Brings home what it finds elsewhere.
    template <class Fetch>
    void locate(std::span<const std::uint64_t> hashes, std::span<Slot> hints, Fetch&& fetch);

    /// Where second_hint() has found one: it moves to its primary bucket, if that has room by now. Slots stay
    /// as they are, and so do hints.
    void bring_home(std::uint64_t hash);

    /// The slot of the flow with this hash for which same(Slot) is true, or none.
    template <class Same>
    [[nodiscard]] Slot find(std::uint64_t hash, Same&& same) const;
    /// The same from any thread. `same` reads the store concurrently (flow/seq_copy.hpp). After a bounded
    /// number of moves under its eyes it gives up.
    template <class Same>
    [[nodiscard]] Slot find_shared(std::uint64_t hash, Same&& same) const;

    /// The tuple must not be in it. False: no way to a free place, and nothing has changed.
    bool insert(std::uint64_t hash, Slot slot);
    /// False when `slot` does not stand under `hash`.
    bool erase(std::uint64_t hash, Slot slot);
    bool replace(std::uint64_t hash, Slot from, Slot to);

    [[nodiscard]] std::uint64_t size() const { return load_shared(size_); }
    /// Flows moved by inserts so far, and by the longest of them.
    [[nodiscard]] std::uint64_t kicks() const { return load_shared(kicks_); }
    [[nodiscard]] unsigned longest_path() const { return load_shared(longest_); }
    /// Flows that stand in their alternate bucket: a look-up of one reads two lines.
    [[nodiscard]] std::uint64_t strays() const { return load_shared(strays_); }

private:
    struct Place {
        Bucket* bucket = nullptr;
        unsigned at = 0;
    };

    [[nodiscard]] Place locate(std::uint64_t hash, Slot slot) const;
    void put(std::uint64_t bucket, unsigned at, std::uint16_t tag, Slot slot);
    static void clear(Bucket& bucket, unsigned at);
    void move(std::uint64_t from, unsigned at, std::uint64_t to, unsigned to_at);
    unsigned send_one_home(std::uint64_t bucket);
    bool insert_by_kicks(std::uint64_t hash, Slot slot);
    void count_overflow(Bucket& bucket, int by);

    std::uint64_t size_ = 0;
    std::uint64_t strays_ = 0;
    std::uint64_t kicks_ = 0;
    unsigned longest_ = 0;
};

/// The second line is asked for as soon as the first one has shown that it must be: 6 % of hits and a fifth
/// of misses guess that wrongly, which costs less than to wait until the whole burst has been looked at.
template <class Fetch>
void Directory::locate(std::span<const std::uint64_t> hashes, std::span<Slot> hints, Fetch&& fetch) {
    assert(hashes.size() <= kMaxBurst && hashes.size() <= hints.size());
    std::array<std::uint32_t, kMaxBurst> open;
    std::size_t opens = 0;
    for (std::uint32_t i = 0; i < hashes.size(); ++i) {
        hints[i] = hint(hashes[i]);
        if (hints[i]) {
            fetch(hints[i]);
        } else if (asks_both(hashes[i])) {
            open[opens++] = i;
        }
    }
    for (const auto i : std::span(open).first(opens)) {
        hints[i] = second_hint(hashes[i]);
        if (hints[i]) fetch(hints[i]);
    }
    // Not before all have been looked for: a burst may ask twice for one flow.
    for (const auto i : std::span(open).first(opens)) {
        if (hints[i]) bring_home(hashes[i]);
    }
}

template <class Same>
Slot Directory::find(std::uint64_t hash, Same&& same) const {
    const auto look = [&same](const Bucket& bucket, std::uint16_t tag) {
        for (auto m = bucket.matches(tag); m != 0; m &= m - 1) {
            const Slot slot{bucket.slots[static_cast<unsigned>(std::countr_zero(m)) / 2]};
            if (same(slot)) return slot;
        }
        return Slot{};
    };
    const auto tag = tag_of(hash);
    const auto& first = buckets_[primary(hash)];
    const auto slot = look(first, tag);
    if (slot || !first.overflowed()) return slot;
    return look(alternate(hash), tag | kAlternate);
}

template <class Same>
Slot Directory::find_shared(std::uint64_t hash, Same&& same) const {
    const auto look = [&same](const Bucket& bucket, unsigned tag) {
        for (unsigned i = 0; i < Bucket::kPlaces; ++i) {
            if (load_shared(bucket.tags[i]) != tag) continue;
            const Slot slot{load_shared(bucket.slots[i])};
            if (slot && same(slot)) return slot;
        }
        return Slot{};
    };
    constexpr int kMaxTries = 64;
    const auto tag = tag_of(hash);
    const auto& first = buckets_[primary(hash)];
    const auto& second = alternate(hash);
    for (int i = 0; i < kMaxTries; ++i) {
        const auto moves_first = load_shared(first.moves);
        const auto moves_second = load_shared(second.moves);
        if (const auto slot = look(first, tag)) return slot;
        if (const auto slot = look(second, tag | kAlternate)) return slot;
        // The acquire loads above keep these two behind them.
        if (load_shared(first.moves) == moves_first && load_shared(second.moves) == moves_second) break;
    }
    return {};
}

}  // namespace ajar
