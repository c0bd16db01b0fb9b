// Which slot of a summary has the least count? A heap of all slots, equal counts by slot.
//
// An item is count << 10 | slot, so one comparison decides, and four children lie in half a cache line. All
// slots are in it from the start, with a count of 0.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"

namespace ajar {

class TalkerHeap {
public:
    static constexpr std::uint32_t kMostSlots = 1024;
    static constexpr std::uint64_t kMostCount = (std::uint64_t{1} << 54U) - 1;
    static constexpr std::uint64_t items_for(std::uint32_t slots) { return std::uint64_t{kRoot} + slots + 3; }

    TalkerHeap(Memory& memory, std::uint32_t slots)
        : items_(take_array<std::uint64_t>(memory, items_for(slots))),
          at_(take_array<std::uint16_t>(memory, slots)) {
        assert(slots > 0 && slots <= kMostSlots);
        clear();
    }

    [[nodiscard]] std::uint32_t least() const { return slot_of(items_[kRoot]); }
    [[nodiscard]] std::uint64_t count(std::uint32_t slot) const { return items_[at_[slot]] >> kSlotBits; }

    void raise(std::uint32_t slot, std::uint64_t by) {
        assert(by <= kMostCount - count(slot));
        sink(at_[slot], items_[at_[slot]] + (by << kSlotBits));
    }

    /// All counts are 0 again: a heap as it stands.
    void clear() {
        std::fill(items_.begin(), items_.end(), kBehind);
        for (std::uint32_t slot = 0; slot < at_.size(); ++slot) put(kRoot + slot, slot);
    }

private:
    static constexpr unsigned kSlotBits = 10;
    static constexpr std::uint32_t kRoot = 3;  // so that children begin at multiples of four
    static constexpr std::uint64_t kBehind = ~std::uint64_t{0};

    static std::uint32_t slot_of(std::uint64_t item) {
        return static_cast<std::uint32_t>(item & (kMostSlots - 1));
    }
    static std::uint32_t first_child(std::uint32_t at) { return 4 * (at - kRoot + 1); }

    void put(std::uint32_t at, std::uint64_t item) {
        items_[at] = item;
        at_[slot_of(item)] = static_cast<std::uint16_t>(at);
    }
    /// Behind the last item stand three that are greater than any.
    [[nodiscard]] std::uint32_t least_child(std::uint32_t first) const {
        const auto left = first + (items_[first + 1] < items_[first] ? 1U : 0U);
        const auto right = first + 2 + (items_[first + 3] < items_[first + 2] ? 1U : 0U);
        return items_[right] < items_[left] ? right : left;
    }
    /// From `at` downwards to where all below is greater.
    void sink(std::uint32_t at, std::uint64_t item) {
        const auto end = kRoot + static_cast<std::uint32_t>(at_.size());
        for (auto first = first_child(at); first < end; first = first_child(at)) {
            const auto child = least_child(first);
            if (items_[child] > item) break;
            put(at, items_[child]);
            at = child;
        }
        put(at, item);
    }

    std::span<std::uint64_t> items_;
    std::span<std::uint16_t> at_;  // by slot
};

}  // namespace ajar
