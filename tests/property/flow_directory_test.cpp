// Is the directory a map from tuples to slots, whatever the order of changes and however bad the hashes?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "ajar/flow/directory.hpp"

namespace ajar {
namespace {

enum class Change : std::uint8_t { insert, erase, replace, look, visit };

/// A directory and a std::map beside it, which must agree after every change.
class Pair {
public:
    explicit Pair(std::uint64_t flows) : directory_(memory_, flows) {}

    void apply(Change change, std::uint64_t hash, std::uint32_t pick) {
        if (change == Change::insert || slots_.empty()) return insert(hash);
        const auto chosen = std::next(slots_.begin(), static_cast<std::ptrdiff_t>(pick % slots_.size()));
        const auto [bits, its_hash] = *chosen;
        if (change == Change::look) {
            RC_ASSERT(find(hash, Slot::of(Store::confirmed, Slot::kIndexMask)) == Slot{});
            return;
        }
        if (change == Change::visit) return directory_.bring_home(its_hash);
        slots_.erase(chosen);
        if (change == Change::erase) {
            RC_ASSERT(directory_.erase(its_hash, Slot{bits}));
        } else {
            const auto next = fresh();
            RC_ASSERT(directory_.replace(its_hash, Slot{bits}, next));
            slots_[next.bits] = its_hash;
        }
        RC_ASSERT(!directory_.erase(its_hash, Slot{bits}));
        RC_ASSERT(find(its_hash, Slot{bits}) == Slot{});
    }

    void expect_equal() const {
        RC_ASSERT(directory_.size() == slots_.size());
        for (const auto& [bits, hash] : slots_) {
            RC_ASSERT(find(hash, Slot{bits}) == Slot{bits});
            RC_ASSERT(directory_.find_shared(hash, [b = bits](Slot s) { return s.bits == b; }) == Slot{bits});
            RC_ASSERT(directory_.hint(hash) || directory_.asks_both(hash));
        }
        RC_ASSERT(directory_.longest_path() <= Directory::kMaxKicks);
    }

    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    [[nodiscard]] Slot find(std::uint64_t hash, Slot wanted) const {
        return directory_.find(hash, [wanted](Slot s) { return s == wanted; });
    }
    Slot fresh() {
        ++next_;
        return Slot::of(static_cast<Store>(1 + next_ % 3), next_);
    }

    void insert(std::uint64_t hash) {
        const auto slot = fresh();
        const auto kicks = directory_.kicks();
        if (directory_.insert(hash, slot)) {
            slots_[slot.bits] = hash;
            return;
        }
        ++refused_;
        RC_ASSERT(directory_.kicks() == kicks);
        expect_equal();
    }

    PageMemory memory_;
    Directory directory_;
    std::map<std::uint32_t, std::uint64_t> slots_;
    std::uint32_t next_ = 0;
    std::uint64_t refused_ = 0;
};

/// Few buckets and few tags, so that full buckets, equal tags, kicks and refusals are the rule.
std::uint64_t crowded(std::uint32_t random) {
    return (std::uint64_t{random % 7} << 49U) | ((random >> 8U) % 64U) << 26U;
}

Change change_of(std::uint32_t random) {
    return random % 10 < 7 ? Change::insert : static_cast<Change>(1 + random / 16 % 4);
}

RC_GTEST_PROP(FlowDirectory, IsAMapHoweverBadTheHashes, ()) {
    Pair pair(*rc::gen::inRange<std::uint64_t>(1, 200));
    const auto length = *rc::gen::inRange<std::size_t>(0, 600);
    const auto numbers =
        *rc::gen::container<std::vector<std::uint32_t>>(length, rc::gen::arbitrary<std::uint32_t>());
    std::uint32_t salt = 0;
    for (const auto n : numbers) {
        // RapidCheck's small numbers alone would all be one flow.
        const auto random = (n + ++salt) * 0x9e3779b9U;
        pair.apply(change_of(random >> 16U), crowded(random), n);
    }
    pair.expect_equal();
    RC_CLASSIFY(pair.refused() != 0, "refused");
}

/// Percent of the flows that stand in their alternate bucket.
double elsewhere(const Directory& directory, const std::vector<std::uint64_t>& hashes) {
    const auto stands = [&](auto h) { return static_cast<bool>(directory.second_hint(h)); };
    return 100.0 * static_cast<double>(std::count_if(hashes.begin(), hashes.end(), stands)) /
           static_cast<double>(hashes.size());
}

/// A newcomer that sent no stranger home would leave 22 %; visits alone would leave 9 %. Small directories
/// scatter.
void expect_most_at_home(Directory& directory, const std::vector<std::uint64_t>& hashes) {
    if (hashes.size() < 8192) return;
    RC_ASSERT(elsewhere(directory, hashes) < 14.0);
    for (const auto h : hashes) directory.bring_home(h);
    RC_ASSERT(elsewhere(directory, hashes) < 8.0);
}

/// Fills to the load that it is made for, 0.8, then replaces every flow four times over. No insert may fail.
void turn_over(std::uint32_t flows, std::uint64_t seed) {
    PageMemory memory;
    Directory directory(memory, flows);
    const auto full = flows;
    std::mt19937_64 random(seed);
    std::vector<std::uint64_t> hashes(full);
    std::uint64_t failed = 0;  // counted: an RC_ASSERT costs more than an insert
    for (std::uint32_t i = 0; i < full; ++i) {
        hashes[i] = random();
        failed += directory.insert(hashes[i], Slot::of(Store::confirmed, i)) ? 0 : 1;
    }
    for (std::uint64_t n = 0; n < 4 * full; ++n) {
        const auto i = static_cast<std::uint32_t>(random() % full);
        const auto slot = Slot::of(Store::confirmed, i);
        failed += directory.erase(hashes[i], slot) ? 0 : 1;
        hashes[i] = random();
        failed += directory.insert(hashes[i], slot) ? 0 : 1;
    }
    for (std::uint32_t i = 0; i < full; ++i) {
        const auto slot = Slot::of(Store::confirmed, i);
        failed += directory.find(hashes[i], [slot](Slot s) { return s == slot; }) == slot ? 0 : 1;
    }
    RC_ASSERT(failed == 0);
    expect_most_at_home(directory, hashes);
    RC_ASSERT(directory.longest_path() <= Directory::kMaxKicks);
    RC_ASSERT(directory.size() == full);
}

RC_GTEST_PROP(FlowDirectory, NeverRefusesAtALoadOfEightTenths, ()) {
    turn_over(*rc::gen::elementOf(std::vector<std::uint32_t>{32, 512, 4608, 13824}),
              *rc::gen::arbitrary<std::uint64_t>());
}

TEST(FlowDirectoryLarge, NeverRefusesAtALoadOfEightTenths) { turn_over(300'000, 1); }

}  // namespace
}  // namespace ajar
