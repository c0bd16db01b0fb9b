// Do directory, pools, lists, timers and tombstones stay one whole through the lives of many flows?
//
// A small partition as the tracker keeps it: a flow is born embryonic, is confirmed or dies, leaves a
// tombstone, is reborn. After each step everything that the stores say about a tuple must be what a std::map
// says.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "ajar/flow/birth_lists.hpp"
#include "ajar/flow/directory.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/flow/timer_sweep.hpp"
#include "ajar/flow/tombstones.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kTuples = 48, kConfirmed = 12, kEmbryonic = 16, kStones = 8;
constexpr std::uint32_t kEmbryonicLife = 20, kIdleLife = 60, kStoneLife = 90;

KeyV4 key_of(std::uint32_t tuple) {
    return {{be32::of(0x0a000001), be32::of(0x0a000002)},
            {be16::of(static_cast<std::uint16_t>(tuple + 1)), be16::of(80)},
            0};
}

struct Expected {
    Store store = Store::none;
    std::uint32_t since = 0;
};

class Partition {
public:
    void advance(std::uint32_t ticks) {
        now_ = now_ + ticks;
        expire_embryonic();
        expire_idle();
        expire_stones();
    }

    /// What a packet of this tuple does: opens, confirms, keeps alive.
    void packet(std::uint32_t tuple) {
        const auto key = key_of(tuple);
        const auto slot = find(key);
        switch (slot.store()) {
            case Store::none:
                open(tuple);
                break;
            case Store::tombstone:
                RC_ASSERT(directory_.erase(hash(key), slot));
                stones_.remove(slot.index());
                open(tuple);
                break;
            case Store::embryonic:
                confirm(tuple, slot);
                break;
            case Store::confirmed:
                touch(confirmed_, slot.index());
                model_[tuple].since = now_.count;
                break;
        }
    }

    void evict(std::uint32_t tuple) {
        const auto slot = find(key_of(tuple));
        if (slot.store() == Store::confirmed) bury(slot.index());
    }

    void expect_like_model() const {
        std::array<std::uint32_t, 4> count{};
        for (std::uint32_t t = 0; t < kTuples; ++t) {
            const auto it = model_.find(t);
            const auto expected = it == model_.end() ? Store::none : it->second.store;
            RC_ASSERT(find(key_of(t)).store() == expected);
            ++count[static_cast<std::size_t>(expected)];
        }
        RC_ASSERT(confirmed_.used() == count[1]);
        RC_ASSERT(embryonic_.used() == count[2] && births_.size() == count[2]);
        RC_ASSERT(stones_.size() == count[3]);
        RC_ASSERT(directory_.size() == count[1] + count[2] + count[3]);
    }

private:
    using Flows = Pool<KeyV4>;

    std::uint64_t hash(const KeyV4& key) const { return keyed_hash(key, secret_); }
    static std::uint32_t tuple_of(const KeyV4& key) { return key.port[0].value() - 1U; }

    Slot find(const KeyV4& key) const {
        return directory_.find(hash(key), [&](Slot s) {
            switch (s.store()) {
                case Store::confirmed:
                    return confirmed_.entry(s.index()).key == key;
                case Store::embryonic:
                    return embryonic_.entry(s.index()).key == key;
                default:
                    return stones_.get(s.index()).hash == hash(key);
            }
        });
    }

    /// Of the few that there are.
    std::uint32_t tuple_of(std::uint64_t wanted) const {
        std::uint32_t t = 0;
        while (hash(key_of(t)) != wanted) ++t;
        return t;
    }

    void touch(Flows& flows, std::uint32_t i) {
        auto next = flows.entry(i);
        next.tick = now_;
        publish(flows.entry(i), next);
    }

    void open(std::uint32_t tuple) {
        if (embryonic_.used() == kEmbryonic) drop_embryonic(births_.front(0));
        const auto i = embryonic_.take();
        Entry<KeyV4> entry;
        entry.key = key_of(tuple);
        entry.tick = now_;
        publish(embryonic_.entry(i), entry);
        births_.push_back(0, i);
        RC_ASSERT(directory_.insert(hash(entry.key), Slot::of(Store::embryonic, i)));
        model_[tuple] = {Store::embryonic, now_.count};
    }

    void confirm(std::uint32_t tuple, Slot slot) {
        const auto to = confirmed_.take();
        if (to == kNone) return;
        publish(confirmed_.entry(to), embryonic_.entry(slot.index()));
        touch(confirmed_, to);
        timers_.arm(to, now_, TimerClass::established);
        RC_ASSERT(directory_.replace(hash(key_of(tuple)), slot, Slot::of(Store::confirmed, to)));
        births_.remove(slot.index());
        embryonic_.give(slot.index());
        model_[tuple] = {Store::confirmed, now_.count};
    }

    void drop_embryonic(std::uint32_t i) {
        const auto key = embryonic_.entry(i).key;
        RC_ASSERT(directory_.erase(hash(key), Slot::of(Store::embryonic, i)));
        births_.remove(i);
        embryonic_.give(i);
        model_.erase(tuple_of(key));
    }

    void bury(std::uint32_t i) {
        Tombstone stone;
        const auto key = confirmed_.entry(i).key;
        stone.hash = hash(key);
        stone.set_waits(0);
        const auto [index, fallen] = stones_.add(stone, now_);
        const auto slot = Slot::of(Store::tombstone, index);
        if (fallen) {
            RC_ASSERT(directory_.erase(fallen->hash, slot));
            model_.erase(tuple_of(fallen->hash));
        }
        RC_ASSERT(directory_.replace(stone.hash, Slot::of(Store::confirmed, i), slot));
        timers_.disarm(i);
        confirmed_.give(i);
        model_[tuple_of(key)] = {Store::tombstone, now_.count};
    }

    void expire_embryonic() {
        for (auto i = births_.front(0); i != kNone; i = births_.front(0)) {
            if (now_ - embryonic_.entry(i).tick < static_cast<std::int32_t>(kEmbryonicLife)) break;
            drop_embryonic(i);
        }
        expect_none_older(Store::embryonic, kEmbryonicLife);
    }

    void expire_idle() {
        StampTimeouts limits;
        limits.fill(kIdleLife);
        const auto done =
            timers_.sweep(now_, limits, kConfirmed, confirmed_.high_water(), [&](std::uint32_t i) {
                const auto tick = confirmed_.entry(i).tick;
                if (now_ - tick < static_cast<std::int32_t>(kIdleLife)) {
                    timers_.arm(i, tick, TimerClass::established);
                } else {
                    RC_ASSERT(now_.count - model_.at(tuple_of(confirmed_.entry(i).key)).since >= kIdleLife);
                    bury(i);
                }
            });
        RC_ASSERT(done.clear);
        expect_none_older(Store::confirmed, kIdleLife);
    }

    void expire_stones() {
        for (std::uint32_t i = 0; i < stones_.capacity(); ++i) {
            if (!stones_.get(i).alive() || stones_.age(i, now_) < kStoneLife) continue;
            const auto hash = stones_.get(i).hash;
            RC_ASSERT(directory_.erase(hash, Slot::of(Store::tombstone, i)));
            stones_.remove(i);
            model_.erase(tuple_of(hash));
        }
        expect_none_older(Store::tombstone, kStoneLife);
    }

    void expect_none_older(Store store, std::uint32_t life) const {
        for (const auto& [tuple, e] : model_) RC_ASSERT(e.store != store || now_.count - e.since < life);
    }

    PageMemory memory_;
    HashKey secret_ = hash_key_from_seed(1);
    Directory directory_{memory_, kConfirmed + kEmbryonic + kStones};
    Flows confirmed_{memory_, kConfirmed, Recording::off};
    Flows embryonic_{memory_, kEmbryonic, Recording::off};
    BirthLists births_{memory_, kEmbryonic};
    TimerSweep timers_{memory_, kConfirmed};
    Tombstones stones_{memory_, kStones};
    std::map<std::uint32_t, Expected> model_;
    Tick now_{0xffffffc0U};
};

RC_GTEST_PROP(FlowChurn, AllStoresTellOneStory, ()) {
    Partition partition;
    const auto length = *rc::gen::inRange<std::size_t>(0, 500);
    using Step = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
    const auto steps = *rc::gen::container<std::vector<Step>>(
        length,
        rc::gen::tuple(rc::gen::inRange<std::uint32_t>(0, 4), rc::gen::inRange<std::uint32_t>(0, kTuples),
                       rc::gen::inRange<std::uint32_t>(0, 10)));
    for (const auto& [passes, tuple, what] : steps) {
        partition.advance(passes);
        if (what == 0) {
            partition.evict(tuple);
        } else {
            partition.packet(tuple);
        }
        partition.expect_like_model();
    }
    partition.advance(kIdleLife);
    partition.advance(kStoneLife);
    partition.expect_like_model();
}

}  // namespace
}  // namespace ajar
