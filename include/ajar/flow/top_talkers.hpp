// Who is counted most in one stream, in k entries? The Space-Saving summary (Metwally, Agrawal, El Abbadi
// 2005).
//
// A key that is not in it takes over the entry of the least count, the lowest slot of equal ones, and with
// the count its error. What that promises stands in flow/talkers.hpp. Nothing depends on the hash but the
// time: the same stream gives the same summary under any key.
//
// For display and for candidates of a block list. Nothing that decides about a packet hangs on who is in it:
// that would depend on the order of the stream.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ajar/flow/count_key.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/talker_heap.hpp"
#include "ajar/flow/talker_index.hpp"
#include "ajar/flow/talkers.hpp"

namespace ajar {

/// One writer; summary() in any thread.
class TopTalkers {
public:
    static constexpr std::uint32_t kMost = TalkerHeap::kMostSlots;
    static_assert(kMost <= TalkerIndex::kMostSlots);
    static constexpr std::uint64_t bytes_for(std::uint32_t k);

    /// 0 < k <= kMost.
    TopTalkers(Memory& memory, std::uint32_t k);

    /// `hash` is the key's keyed_hash(), `weight` not 0. All weights since clear() sum up to 2^54 at most.
    void add(const CountKey& key, std::uint64_t hash, std::uint32_t weight = 1);
    /// Everything is forgotten.
    void clear();

    /// Each entry is one moment's. What was added while it was copied may be missing from counts and floor.
    [[nodiscard]] TalkerSummary summary() const;

private:
    /// A line, in words that are shared one by one.
    struct alignas(64) Entry {
        std::uint64_t sequence;  // odd while another key takes the entry over
        std::array<std::uint64_t, 3> key;
        std::uint64_t count;  // 0: nobody's
        std::uint64_t error;
        std::uint64_t hash;  // the writer's alone
    };
    static_assert(sizeof(Entry) == 64 && sizeof(Entry::key) == sizeof(CountKey));

    std::uint32_t take_over_least(const CountKey& key, std::uint64_t hash);
    static void publish(Entry& entry, const CountKey& key, std::uint64_t error);
    static Talker copy(const Entry& entry);

    std::span<Entry> entries_;
    TalkerIndex index_;
    TalkerHeap heap_;
    std::uint64_t total_ = 0;
};

constexpr std::uint64_t TopTalkers::bytes_for(std::uint32_t k) {
    return k * (sizeof(Entry) + sizeof(std::uint16_t)) + TalkerHeap::items_for(k) * sizeof(std::uint64_t) +
           TalkerIndex::places_for(k) * sizeof(std::uint32_t);
}

}  // namespace ajar
