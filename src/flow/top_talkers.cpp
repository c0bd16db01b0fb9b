// Counting, taking over the least entry, and copying a summary beside the writer.
#include "ajar/flow/top_talkers.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "ajar/flow/shared_word.hpp"

namespace ajar {
namespace {

using KeyWords = std::array<std::uint64_t, 3>;

/// While it was copied a key may have left one entry and come back in another: the heavier copy is right.
void drop_doubles(std::vector<Talker>& talkers) {
    std::sort(talkers.begin(), talkers.end(), [](const Talker& a, const Talker& b) {
        return a.key == b.key ? a.count > b.count : a.key < b.key;
    });
    const auto same = [](const Talker& a, const Talker& b) { return a.key == b.key; };
    talkers.erase(std::unique(talkers.begin(), talkers.end(), same), talkers.end());
}

}  // namespace

TopTalkers::TopTalkers(Memory& memory, std::uint32_t k)
    : entries_(take_array<Entry>(memory, k)), index_(memory, k), heap_(memory, k) {}

void TopTalkers::add(const CountKey& key, std::uint64_t hash, std::uint32_t weight) {
    assert(weight != 0);
    const auto words = std::bit_cast<KeyWords>(key);
    auto slot = index_.find(hash, [&](std::uint32_t s) { return entries_[s].key == words; });
    if (slot == TalkerIndex::kNone) slot = take_over_least(key, hash);
    heap_.raise(slot, weight);
    store_shared(entries_[slot].count, entries_[slot].count + weight);
    store_shared(total_, total_ + weight);
}

std::uint32_t TopTalkers::take_over_least(const CountKey& key, std::uint64_t hash) {
    const auto slot = heap_.least();
    auto& entry = entries_[slot];
    if (entry.count != 0) index_.erase(entry.hash, slot);
    index_.insert(hash, slot);
    entry.hash = hash;
    publish(entry, key, entry.count);
    return slot;
}

/// The count stays: it is the error from now on. Partner of each store: the load in copy().
void TopTalkers::publish(Entry& entry, const CountKey& key, std::uint64_t error) {
    const auto words = std::bit_cast<KeyWords>(key);
    store_shared(entry.sequence, entry.sequence + 1);
    for (std::size_t i = 0; i < words.size(); ++i) store_shared(entry.key[i], words[i]);
    store_shared(entry.error, error);
    store_shared(entry.sequence, entry.sequence + 1);
}

void TopTalkers::clear() {
    for (auto& entry : entries_) {
        store_shared(entry.count, std::uint64_t{0});
        publish(entry, {}, 0);
    }
    index_.clear();
    heap_.clear();
    store_shared(total_, std::uint64_t{0});
}

/// Again while the writer is at it, which takes six stores.
Talker TopTalkers::copy(const Entry& entry) {
    for (;;) {
        const auto before = load_shared(entry.sequence);
        KeyWords key;
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = load_shared(entry.key[i]);
        const auto error = load_shared(entry.error);
        const auto count = load_shared(entry.count);
        if (before % 2 == 0 && load_shared(entry.sequence) == before)
            return {std::bit_cast<CountKey>(key), count, error};
    }
}

TalkerSummary TopTalkers::summary() const {
    TalkerSummary all;
    all.total = load_shared(total_);
    all.floor = ~std::uint64_t{0};
    for (const auto& entry : entries_) {
        all.talkers.push_back(copy(entry));
        all.floor = std::min(all.floor, all.talkers.back().count);
    }
    std::erase_if(all.talkers, [](const Talker& t) { return t.count == 0; });
    drop_doubles(all.talkers);
    std::sort(all.talkers.begin(), all.talkers.end(), heavier);
    return all;
}

}  // namespace ajar
