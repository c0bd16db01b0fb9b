// In which slot of a summary is a key? Open addressing by the keyed hash, at most a quarter full: half full,
// the walks made an update some 30 % slower.
//
// A place holds slot + 1 in its low 11 bits and 21 bits of the hash above them: enough to know a place's home
// without a look at the slot, and to look into few slots in vain. 0 is empty.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"

namespace ajar {

class TalkerIndex {
public:
    static constexpr std::uint32_t kMostSlots = 1024;
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    static constexpr std::uint64_t places_for(std::uint32_t slots) { return 4 * std::bit_ceil(slots); }

    TalkerIndex(Memory& memory, std::uint32_t slots)
        : places_(take_array<std::uint32_t>(memory, places_for(slots))),
          mask_(static_cast<std::uint32_t>(places_.size() - 1)) {}

    /// The slot under this hash of which `is` holds, or kNone.
    template <class Is>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Is&& is) const {
        for (auto at = home(hash); places_[at] != 0; at = after(at)) {
            if (((places_[at] ^ place(hash, 0)) >> kSlotBits) == 0 && is(slot_at(at))) return slot_at(at);
        }
        return kNone;
    }

    void insert(std::uint64_t hash, std::uint32_t slot) {
        auto at = home(hash);
        while (places_[at] != 0) at = after(at);
        places_[at] = place(hash, slot);
    }

    /// It is there. Those behind it move up, so that no chain has a hole.
    void erase(std::uint64_t hash, std::uint32_t slot) {
        auto hole = home(hash);
        while (places_[hole] != place(hash, slot)) hole = after(hole);
        for (auto at = after(hole); places_[at] != 0; at = after(at)) {
            const auto from_home = (at - (places_[at] >> kSlotBits)) & mask_;
            if (from_home < ((at - hole) & mask_)) continue;
            places_[hole] = places_[at];
            hole = at;
        }
        places_[hole] = 0;
    }

    void clear() { std::fill(places_.begin(), places_.end(), 0U); }

private:
    static constexpr unsigned kSlotBits = 11;
    static_assert(kMostSlots < 1U << kSlotBits && 4 * kMostSlots <= 1U << (32 - kSlotBits));

    static std::uint32_t place(std::uint64_t hash, std::uint32_t slot) {
        return static_cast<std::uint32_t>(hash << kSlotBits) | (slot + 1);
    }
    [[nodiscard]] std::uint32_t slot_at(std::uint32_t at) const {
        return (places_[at] & ((1U << kSlotBits) - 1)) - 1;
    }
    [[nodiscard]] std::uint32_t home(std::uint64_t hash) const {
        return static_cast<std::uint32_t>(hash) & mask_;
    }
    [[nodiscard]] std::uint32_t after(std::uint32_t at) const { return (at + 1) & mask_; }

    std::span<std::uint32_t> places_;
    std::uint32_t mask_;
};

}  // namespace ajar
