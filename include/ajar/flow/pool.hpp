// The entries of one store: a fixed number of places, taken and given back by index.
//
// An index stays the flow's for its life. Free places are a stack, linked through their ticks, so the warmest
// is taken first, and places that were never used stay untouched: a big table costs memory as it fills.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>

#include "ajar/flow/asides.hpp"
#include "ajar/flow/entry.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/prefetch.hpp"
#include "ajar/flow/record.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/flow/shared_word.hpp"
#include "ajar/flow/table_sizes.hpp"

namespace ajar {

/// No index: what a full store answers.
inline constexpr std::uint32_t kNone = 0xffffffffU;

/// One writer. Readers of other threads may use high_water(), used() and, through snapshot(), the entries and
/// records.
template <typename Key>
class Pool {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity, Recording recording) {
        const std::uint64_t each = sizeof(Entry<Key>) + (recording == Recording::on ? sizeof(Record) : 0);
        return capacity * each + Asides::bytes_for(capacity);
    }

    Pool(Memory& memory, std::uint32_t capacity, Recording recording)
        : entries_(take_array<Entry<Key>>(memory, capacity)),
          records_(take_array<Record>(memory, recording == Recording::on ? capacity : 0)),
          asides_(memory, capacity) {}

    /// kNone when full. The entry's key is whatever it was last, its sequence goes on.
    std::uint32_t take() {
        std::uint32_t index = free_;
        if (index != kNone) {
            free_ = entries_[index].tick.count;
            if (free_ != kNone) prefetch(free_);
        } else if (high_water_ < capacity()) {
            index = high_water_;
            store_shared(high_water_, high_water_ + 1);
        } else {
            return kNone;
        }
        store_shared(used_, used_ + 1);
        return index;
    }

    /// `index` was taken and not given back since. Readers find it empty from now on.
    void give(std::uint32_t index) {
        assert(used_ != 0 && index < high_water_);
        publish_empty(entries_[index], free_);
        free_ = index;
        store_shared(used_, used_ - 1);
    }

    [[nodiscard]] Entry<Key>& entry(std::uint32_t index) { return entries_[index]; }
    [[nodiscard]] const Entry<Key>& entry(std::uint32_t index) const { return entries_[index]; }
    [[nodiscard]] Entry<Key>* entries() { return entries_.data(); }
    [[nodiscard]] Asides& asides() { return asides_; }
    /// Null where none are kept.
    [[nodiscard]] Record* record(std::uint32_t index) {
        return records_.empty() ? nullptr : &records_[index];
    }
    [[nodiscard]] const Record* record(std::uint32_t index) const {
        return records_.empty() ? nullptr : &records_[index];
    }

    /// The lines that an ordinary packet reads.
    void prefetch(std::uint32_t index) const {
        prefetch_lines(entries_[index]);
        if (!records_.empty()) prefetch_lines(records_[index]);
    }

    /// The place that take() gives next, if it was used before.
    void prefetch_next() const {
        if (free_ != kNone) prefetch(free_);
    }
    [[nodiscard]] std::uint32_t used() const { return load_shared(used_); }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(entries_.size()); }
    /// Every index in use is below it.
    [[nodiscard]] std::uint32_t high_water() const { return load_shared(high_water_); }

private:
    std::span<Entry<Key>> entries_;
    std::uint32_t free_ = kNone;
    std::uint32_t high_water_ = 0;
    std::uint32_t used_ = 0;
    std::span<Record> records_;
    Asides asides_;
};

}  // namespace ajar
