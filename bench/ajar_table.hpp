// The flow table as the tracker uses it: a burst goes in stages, each fetching the next one's lines.
//
// Ajar's directory and its real entries; the timers and records beside them are left to bench/track.
#pragma once

#include "ajar/flow/directory.hpp"
#include "ajar/flow/entry.hpp"
#include "peer.hpp"

namespace ajar::bench {

class AjarTable {
public:
    static constexpr const char* kName = "ajar";

    explicit AjarTable(std::uint32_t flows)
        : memory_(setup().pages),
          directory_(memory_, flows),
          entries_(take_array<Entry<KeyV4>>(memory_, flows)),
          free_(take_array<std::uint32_t>(memory_, flows)) {
        refill();
    }

    std::size_t touch(Keys keys, std::uint32_t now) {
        Burst burst;
        locate(keys, burst);
        std::size_t found = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto slot = burst.hints[i] ? find_one(keys[i], burst, i) : Slot{};
            if (!slot) continue;
            auto& entry = entries_[slot.index()];
            entry.tick = Tick{now};
            found += entry.conn.state == TcpState::established ? 1U : 0U;
        }
        return found;
    }
    void insert(Keys keys) {
        Burst burst;
        locate(keys, burst);
        for (std::size_t i = 0; i < keys.size(); ++i) add(keys[i], burst, i);
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
    void clear() {
        for (std::uint32_t i = 0; i < entries_.size(); ++i) {
            directory_.erase(hash(entries_[i].key), slot_of(i));
            entries_[i].key = {};
        }
        refill();
    }
    [[nodiscard]] std::size_t bytes() const { return memory_.taken(); }

private:
    struct Burst {
        std::array<std::uint64_t, kBurstKeys> hashes;
        std::array<Slot, kBurstKeys> hints;
    };

    static Slot slot_of(std::uint32_t index) { return Slot::of(Store::confirmed, index); }
    [[nodiscard]] std::uint64_t hash(const KeyV4& key) const { return keyed_hash(key, secret_); }
    /// All places are free, the first is taken first.
    void refill() {
        free_count_ = static_cast<std::uint32_t>(free_.size());
        for (std::uint32_t i = 0; i < free_count_; ++i) free_[i] = free_count_ - 1 - i;
    }

    void locate(Keys keys, Burst& burst) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            burst.hashes[i] = hash(keys[i]);
            directory_.prefetch(burst.hashes[i]);
        }
        directory_.locate(std::span(burst.hashes).first(keys.size()), burst.hints,
                          [this](Slot s) { prefetch_line(&entries_[s.index()]); });
    }
    Slot find_one(const KeyV4& key, const Burst& burst, std::size_t i) const {
        const auto same = [&](Slot s) { return entries_[s.index()].key == key; };
        if (burst.hints[i] && same(burst.hints[i])) return burst.hints[i];
        return directory_.find(burst.hashes[i], same);
    }
    void add(const KeyV4& key, const Burst& burst, std::size_t i) {
        if (find_one(key, burst, i)) return;
        const auto index = free_[--free_count_];
        entries_[index].key = key;
        entries_[index].conn = Conn{};
        entries_[index].conn.state = TcpState::established;
        directory_.insert(burst.hashes[i], slot_of(index));
    }
    /// The key goes with the flow, so that no hint takes it for alive.
    void remove(const KeyV4& key, const Burst& burst, std::size_t i) {
        const auto slot = find_one(key, burst, i);
        if (!slot || !directory_.erase(burst.hashes[i], slot)) return;
        entries_[slot.index()].key = {};
        free_[free_count_++] = slot.index();
    }

    PageMemory memory_;
    HashKey secret_ = hash_key_from_seed(1);
    Directory directory_;
    std::span<Entry<KeyV4>> entries_;
    std::span<std::uint32_t> free_;
    std::uint32_t free_count_ = 0;
};

}  // namespace ajar::bench
