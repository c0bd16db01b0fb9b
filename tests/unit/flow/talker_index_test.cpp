// Is every slot found under its hash, and only there, when chains grow, wrap around and shrink?
#include "ajar/flow/talker_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace ajar {
namespace {

/// `hash_of` makes hashes of what it likes; slots come and go at random.
template <class HashOf>
void expect_finds(std::uint32_t slots, HashOf&& hash_of) {
    PageMemory memory;
    TalkerIndex index(memory, slots);
    std::map<std::uint32_t, std::uint64_t> held;
    std::mt19937_64 random(slots);
    for (int n = 0; n < 2000; ++n) {
        const auto slot = static_cast<std::uint32_t>(random() % slots);
        if (const auto it = held.find(slot); it != held.end()) {
            index.erase(it->second, slot), held.erase(it);
        } else {
            index.insert(held[slot] = hash_of(random()), slot);
        }
        for (const auto& [s, hash] : held) {
            ASSERT_EQ(index.find(hash, [s = s](std::uint32_t found) { return found == s; }), s);
        }
        if (!held.contains(slot)) {
            const auto is_gone = [slot](std::uint32_t found) { return found == slot; };
            for (std::uint64_t home = 0; home < 8; ++home)
                ASSERT_EQ(index.find(home, is_gone), TalkerIndex::kNone);
        }
    }
}

TEST(TalkerIndex, FindsUnderRandomHashes) {
    expect_finds(16, [](std::uint64_t random) { return random; });
    expect_finds(100, [](std::uint64_t random) { return random; });
}

// All homes within four places at the end of the array: chains wrap.
TEST(TalkerIndex, FindsInLongChains) {
    expect_finds(16, [](std::uint64_t random) { return 60 + (random & 3U) + (random & 0xff00U); });
}

TEST(TalkerIndex, TellsEqualHashesApart) {
    PageMemory memory;
    TalkerIndex index(memory, 4);
    for (std::uint32_t slot = 0; slot < 4; ++slot) index.insert(5, slot);
    index.erase(5, 1);
    EXPECT_EQ(index.find(5, [](std::uint32_t s) { return s == 3; }), 3U);
    EXPECT_EQ(index.find(5, [](std::uint32_t s) { return s == 1; }), TalkerIndex::kNone);
    index.clear();
    EXPECT_EQ(index.find(5, [](std::uint32_t) { return true; }), TalkerIndex::kNone);
}

}  // namespace
}  // namespace ajar
