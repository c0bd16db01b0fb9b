// Are pool, birth lists and tombstones what simple containers say they are?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <list>
#include <set>
#include <vector>

#include "ajar/flow/birth_lists.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/tombstones.hpp"

namespace ajar {
namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers numbers(std::size_t most) {
    const auto length = *rc::gen::inRange<std::size_t>(0, most);
    return *rc::gen::container<Numbers>(length, rc::gen::inRange<std::uint32_t>(0, 1U << 20U));
}

RC_GTEST_PROP(FlowPool, HandsOutEveryPlaceOnceAndAllOfThem, ()) {
    const auto capacity = *rc::gen::inRange<std::uint32_t>(1, 40);
    PageMemory memory;
    Pool<KeyV4> pool(memory, capacity, Recording::off);
    Numbers taken;
    std::uint32_t most = 0;
    for (const auto n : numbers(300)) {
        if (n % 5 < 3) {
            const auto i = pool.take();
            RC_ASSERT((i == kNone) == (taken.size() == capacity));
            if (i == kNone) continue;
            RC_ASSERT(i < capacity && std::count(taken.begin(), taken.end(), i) == 0);
            taken.push_back(i);
        } else if (!taken.empty()) {
            const auto at = taken.begin() + static_cast<std::ptrdiff_t>(n % taken.size());
            pool.give(*at);
            taken.erase(at);
        }
        most = std::max(most, static_cast<std::uint32_t>(taken.size()));
        RC_ASSERT(pool.used() == taken.size());
        RC_ASSERT(pool.high_water() == most);
    }
}

RC_GTEST_PROP(FlowBirthLists, AreListsInTheOrderOfEntering, ()) {
    constexpr std::uint32_t kFlows = 24;
    PageMemory memory;
    BirthLists lists(memory, kFlows);
    std::array<std::list<std::uint32_t>, BirthLists::kClasses> model;
    for (const auto n : numbers(300)) {
        const auto i = n % kFlows;
        if (lists.listed(i)) {
            for (auto& l : model) l.remove(i);
            lists.remove(i);
        }
        if (n % 7 != 0) {
            const auto cls = n / kFlows % BirthLists::kClasses;
            model[cls].push_back(i);
            lists.push_back(cls, i);
        }
    }
    std::size_t sum = 0;
    for (unsigned c = 0; c < BirthLists::kClasses; ++c) {
        RC_ASSERT(lists.count(c) == model[c].size());
        sum += model[c].size();
    }
    RC_ASSERT(lists.size() == sum);
    for (unsigned c = 0; c < BirthLists::kClasses; ++c) {
        for (const auto expected : model[c]) {
            RC_ASSERT(lists.front(c) == expected);
            lists.remove(expected);
        }
        RC_ASSERT(lists.front(c) == kNone);
    }
}

/// Each stone carries its number in place of a hash.
struct Grave {
    std::uint32_t number;
};

RC_GTEST_PROP(FlowTombstones, AreAQueueThatForgetsTheOldest, ()) {
    const auto capacity = *rc::gen::inRange<std::uint32_t>(1, 12);
    PageMemory memory;
    Tombstones ring(memory, capacity);
    std::deque<Grave> places;  // the ring, dead ones as number 0
    std::set<std::uint32_t> fell;
    std::uint32_t number = 0;
    const auto drop_dead = [&] {
        while (!places.empty() && places.front().number == 0) places.pop_front();
    };
    for (const auto n : numbers(200)) {
        if (n % 4 != 0) {
            Tombstone stone;
            stone.hash = ++number;
            stone.set_waits(0);
            const auto added = ring.add(stone, Tick{number});
            RC_ASSERT(added.fallen.has_value() == (places.size() == capacity));
            if (added.fallen) {
                RC_ASSERT(added.fallen->hash == places.front().number);
                places.pop_front();
                drop_dead();
            }
            RC_ASSERT(ring.get(added.index).hash == stone.hash);
            places.push_back({number});
        } else if (!places.empty()) {
            auto& chosen = places[n / 4 % places.size()];
            if (chosen.number != 0) {
                for (std::uint32_t i = 0; i < capacity; ++i) {
                    const auto& stone = ring.get(i);
                    if (stone.alive() && stone.hash == chosen.number) {
                        ring.remove(i);
                        break;
                    }
                }
                chosen.number = 0;
                drop_dead();
            }
        }
        const auto alive =
            std::count_if(places.begin(), places.end(), [](const Grave& g) { return g.number != 0; });
        RC_ASSERT(ring.size() == static_cast<std::uint32_t>(alive));
    }
}

}  // namespace
}  // namespace ajar
