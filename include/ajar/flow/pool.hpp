// The entries of one store: a fixed number of places, taken and given back by index.
//
// An index stays the flow's for its life. Free places are a stack, so the warmest is taken first, and places
// that were never used stay untouched: a big table costs memory as it fills.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>

#include "ajar/flow/entry.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/shared_word.hpp"

namespace ajar {

/// No index: what a full store answers.
inline constexpr std::uint32_t kNone = 0xffffffffU;

/// One writer. Readers of other threads may use high_water(), used() and, through snapshot(), the entries.
template <typename Key>
class Pool {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * (sizeof(Entry<Key>) + sizeof(Cold) + sizeof(std::uint32_t));
    }

    Pool(Memory& memory, std::uint32_t capacity)
        : entries_(take_array<Entry<Key>>(memory, capacity)),
          colds_(take_array<Cold>(memory, capacity)),
          free_(take_array<std::uint32_t>(memory, capacity)) {}

    /// kNone when full. The entry holds whatever it held last.
    std::uint32_t take() {
        std::uint32_t index = kNone;
        if (free_count_ != 0) {
            index = free_[--free_count_];
        } else if (high_water_ < capacity()) {
            index = high_water_;
            store_shared(high_water_, high_water_ + 1);
        } else {
            return kNone;
        }
        store_shared(used_, used_ + 1);
        return index;
    }

    /// `index` was taken and not given back since.
    void give(std::uint32_t index) {
        assert(used_ != 0 && index < high_water_);
        free_[free_count_++] = index;
        store_shared(used_, used_ - 1);
    }

    [[nodiscard]] Entry<Key>& entry(std::uint32_t index) { return entries_[index]; }
    [[nodiscard]] const Entry<Key>& entry(std::uint32_t index) const { return entries_[index]; }
    [[nodiscard]] Cold& cold(std::uint32_t index) { return colds_[index]; }
    [[nodiscard]] const Cold& cold(std::uint32_t index) const { return colds_[index]; }

    /// Both lines of an entry that an ordinary packet reads.
    void prefetch(std::uint32_t index) const {
        const auto* const p = reinterpret_cast<const char*>(&entries_[index]);
        for (std::size_t line = 0; line < sizeof(Entry<Key>); line += 64) __builtin_prefetch(p + line);
    }

    [[nodiscard]] std::uint32_t used() const { return load_shared(used_); }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(entries_.size()); }
    /// Every index in use is below it.
    [[nodiscard]] std::uint32_t high_water() const { return load_shared(high_water_); }

private:
    std::span<Entry<Key>> entries_;
    std::span<Cold> colds_;
    std::span<std::uint32_t> free_;
    std::uint32_t free_count_ = 0;
    std::uint32_t high_water_ = 0;
    std::uint32_t used_ = 0;
};

}  // namespace ajar
