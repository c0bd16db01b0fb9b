// The flow table as the tracker uses it: a burst goes in stages, each fetching the next one's lines.
#pragma once

#include <array>
#include <span>

#include "ajar/flow/directory.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/pool.hpp"
#include "harness.hpp"

namespace ajar::bench {

inline constexpr std::size_t kBurstKeys = 64;
using Keys = std::span<const KeyV4>;  // at most kBurstKeys

class AjarTable {
public:
    static constexpr const char* kName = "ajar";

    explicit AjarTable(std::uint32_t flows)
        : memory_(setup().pages), directory_(memory_, flows), pool_(memory_, flows) {}

    /// Indices of the keys; returns how many were found.
    std::size_t find(Keys keys, std::span<std::uint32_t> out) {
        return find(keys, out, [this](Slot s) { __builtin_prefetch(&pool_.entry(s.index())); });
    }

    /// The same for who goes on to read the flows, each of which is two lines.
    std::uint64_t read(Keys keys) {
        std::array<std::uint32_t, kBurstKeys> out;
        find(keys, out, [this](Slot s) { pool_.prefetch(s.index()); });
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) sum += state_of(pool_.entry(Slot{out[i]}.index()));
        return sum;
    }
    static std::uint64_t state_of(const Entry<KeyV4>& e) { return e.tick.count + e.warm.packets[0]; }

    void insert(Keys keys) {
        Burst burst;
        locate(keys, burst);
        for (std::size_t i = 0; i < keys.size(); ++i) add(keys[i], burst, i);
    }

    void erase(Keys keys) {
        Burst burst;
        locate(keys, burst);
        for (std::size_t i = 0; i < keys.size(); ++i) remove(keys[i], burst, i);
    }

    /// Each of `dead` makes room for one of `born`.
    void turn(Keys dead, Keys born) {
        Burst old, fresh;
        locate(dead, old);
        locate(born, fresh);
        for (std::size_t i = 0; i < dead.size(); ++i) {
            remove(dead[i], old, i);
            add(born[i], fresh, i);
        }
    }

private:
    struct Burst {
        std::array<std::uint64_t, kBurstKeys> hashes;
        std::array<Slot, kBurstKeys> hints;
    };

    template <class Fetch>
    std::size_t find(Keys keys, std::span<std::uint32_t> out, Fetch&& fetch) const {
        Burst burst;
        locate(keys, burst, fetch);
        std::size_t found = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto slot = burst.hints[i] ? find_one(keys[i], burst, i) : Slot{};
            found += slot ? 1U : 0U;
            out[i] = slot.bits;
        }
        return found;
    }

    template <class Fetch>
    void locate(Keys keys, Burst& burst, Fetch&& fetch) const {
        for (std::size_t i = 0; i < keys.size(); ++i) burst.hashes[i] = keyed_hash(keys[i], secret_);
        directory_.locate(std::span(burst.hashes).first(keys.size()), burst.hints, fetch);
    }
    void locate(Keys keys, Burst& burst) const {
        locate(keys, burst, [this](Slot s) { pool_.prefetch(s.index()); });
    }

    Slot find_one(const KeyV4& key, const Burst& burst, std::size_t i) const {
        const auto same = [&](Slot s) { return pool_.entry(s.index()).key == key; };
        if (burst.hints[i] && same(burst.hints[i])) return burst.hints[i];
        return directory_.find(burst.hashes[i], same);
    }

    void add(const KeyV4& key, const Burst& burst, std::size_t i) {
        if (find_one(key, burst, i)) return;
        const auto index = pool_.take();
        pool_.entry(index).key = key;
        directory_.insert(burst.hashes[i], Slot::of(Store::confirmed, index));
    }

    /// The key goes with the flow, so that no hint takes it for alive.
    void remove(const KeyV4& key, const Burst& burst, std::size_t i) {
        const auto slot = find_one(key, burst, i);
        if (!slot || !directory_.erase(burst.hashes[i], slot)) return;
        pool_.entry(slot.index()).key = {};
        pool_.give(slot.index());
    }

    PageMemory memory_;
    HashKey secret_ = hash_key_from_seed(1);
    Directory directory_;
    Pool<KeyV4> pool_;
};

}  // namespace ajar::bench
