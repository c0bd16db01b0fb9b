// Does the directory find what stands in it, in one store at a time, and refuse without a trace?
#include "ajar/flow/directory.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace ajar {
namespace {

constexpr auto kAny = [](Slot) { return true; };

/// The least hash of this bucket of `count`, under this tag.
constexpr std::uint64_t hash_in(std::uint64_t bucket, std::uint64_t count, std::uint64_t tag = 0) {
    return ((bucket << 32U) + count - 1) / count | (tag << 49U);
}

constexpr auto only(Slot wanted) {
    return [wanted](Slot s) { return s == wanted; };
}

TEST(Slot, KeepsStoreAndIndex) {
    constexpr auto slot = Slot::of(Store::tombstone, 0x2fffffff);
    static_assert(slot.store() == Store::tombstone && slot.index() == 0x2fffffff);
    static_assert(Slot{}.store() == Store::none && !Slot{});
    static_assert(Slot::of(Store::confirmed, 0));
}

TEST(Directory, IsSizedForALoadOfEightTenths) {
    static_assert(Directory::buckets_for(0) == 2);
    static_assert(Directory::buckets_for(15) == 2);
    static_assert(Directory::buckets_for(16) == 4);
    static_assert(Directory::buckets_for(8191) == 1024);
    static_assert(Directory::buckets_for(8192) == 1026);
}

TEST(Directory, FindsReplacesErases) {
    PageMemory memory;
    Directory directory(memory, 1000);
    const auto hash = 0x1234567890abcdefU;
    const auto young = Slot::of(Store::embryonic, 5), old = Slot::of(Store::confirmed, 9);
    EXPECT_EQ(directory.find(hash, kAny), Slot{});
    EXPECT_EQ(directory.hint(hash), Slot{});
    ASSERT_TRUE(directory.insert(hash, young));
    EXPECT_EQ(directory.find(hash, kAny), young);
    EXPECT_EQ(directory.hint(hash), young);
    ASSERT_TRUE(directory.replace(hash, young, old));
    EXPECT_EQ(directory.find(hash, kAny), old);
    EXPECT_EQ(directory.find_shared(hash, kAny), old);
    EXPECT_FALSE(directory.replace(hash, young, old));
    EXPECT_FALSE(directory.erase(hash, young));
    EXPECT_TRUE(directory.erase(hash, old));
    EXPECT_EQ(directory.find(hash, kAny), Slot{});
    EXPECT_EQ(directory.size(), 0U);
}

TEST(Directory, AsksTheCallerWhoSharesTheTag) {
    PageMemory memory;
    Directory directory(memory, 1000);
    const auto hash = 0x1234567890abcdefU;
    const auto a = Slot::of(Store::confirmed, 1), b = Slot::of(Store::confirmed, 2);
    ASSERT_TRUE(directory.insert(hash, a));
    ASSERT_TRUE(directory.insert(hash, b));
    EXPECT_EQ(directory.find(hash, only(a)), a);
    EXPECT_EQ(directory.find(hash, only(b)), b);
    EXPECT_TRUE(directory.erase(hash, a));
    EXPECT_EQ(directory.find(hash, kAny), b);
}

// Twenty flows of one hash fill both of its buckets; the twenty-first has nowhere to go, since all would have
// to trade places.
TEST(Directory, RefusesWithoutATrace) {
    PageMemory memory;
    Directory directory(memory, 1000);
    const auto hash = 42U;
    for (std::uint32_t i = 0; i < 20; ++i) {
        ASSERT_TRUE(directory.insert(hash, Slot::of(Store::embryonic, i)));
    }
    EXPECT_FALSE(directory.insert(hash, Slot::of(Store::embryonic, 20)));
    EXPECT_EQ(directory.size(), 20U);
    EXPECT_EQ(directory.kicks(), 0U);
    for (std::uint32_t i = 0; i < 20; ++i) {
        const auto slot = Slot::of(Store::embryonic, i);
        EXPECT_EQ(directory.find(hash, only(slot)), slot);
    }
}

TEST(Directory, OverflowCountGoesBackWithTheFlows) {
    PageMemory memory;
    Directory directory(memory, 1000);
    const auto hash = 42U;
    for (std::uint32_t i = 0; i < 11; ++i) {
        ASSERT_TRUE(directory.insert(hash, Slot::of(Store::embryonic, i)));
    }
    EXPECT_TRUE(directory.asks_both(hash));
    ASSERT_TRUE(directory.erase(hash, Slot::of(Store::embryonic, 10)));
    EXPECT_FALSE(directory.asks_both(hash)) << "a miss reads one line again";
}

/// Eleven flows of one hash, the last of them in its alternate bucket, and a hash of that bucket.
struct OneElsewhere : testing::Test {
    PageMemory memory;
    Directory directory{memory, 1000};
    const std::uint64_t hash = 42;
    const std::uint64_t there =
        hash_in(Directory::other_bucket(0, Directory::tag_of(hash), directory.count()), directory.count(), 7);
    const Slot stranger = Slot::of(Store::confirmed, 10);

    void SetUp() override {
        for (std::uint32_t i = 0; i <= 10; ++i)
            ASSERT_TRUE(directory.insert(hash, Slot::of(Store::confirmed, i)));
        ASSERT_EQ(directory.second_hint(hash), stranger);
    }
    void make_room() { ASSERT_TRUE(directory.erase(hash, Slot::of(Store::confirmed, 3))); }
    void expect_at_home() {
        EXPECT_EQ(directory.find(hash, only(stranger)), stranger);
        EXPECT_EQ(directory.second_hint(hash), Slot{});
        EXPECT_FALSE(directory.asks_both(hash));
        EXPECT_EQ(directory.kicks(), 1U);
    }
    void expect_elsewhere() {
        EXPECT_EQ(directory.second_hint(hash), stranger);
        EXPECT_TRUE(directory.asks_both(hash));
        EXPECT_EQ(directory.kicks(), 0U);
    }
    void fill_the_other_bucket() {
        for (std::uint32_t i = 1; i <= 10; ++i)
            ASSERT_TRUE(directory.insert(there, Slot::of(Store::embryonic, i)));
    }
};

TEST_F(OneElsewhere, ComesHomeWhenItIsVisited) {
    directory.bring_home(hash);
    expect_elsewhere();
    make_room();
    directory.bring_home(hash);
    expect_at_home();
}

TEST_F(OneElsewhere, ComesHomeWhenABurstFindsIt) {
    make_room();
    std::vector<std::uint64_t> hashes{there, hash ^ (std::uint64_t{1} << 49U)};
    std::vector<Slot> hints(2);
    directory.locate(hashes, hints, [](Slot) {});
    expect_elsewhere();
    // Twice in one burst: both times it is the first slot under its tag in the alternate bucket.
    for (std::uint32_t i = 0; i <= 9; ++i) directory.erase(hash, Slot::of(Store::confirmed, i));
    hashes = {hash, hash};
    directory.locate(hashes, hints, [](Slot) {});
    EXPECT_EQ(hints, std::vector({stranger, stranger}));
    expect_at_home();
}

TEST_F(OneElsewhere, GoesHomeWhenItsPlaceIsWanted) {
    make_room();
    fill_the_other_bucket();
    expect_at_home();
    for (std::uint32_t i = 1; i <= 10; ++i)
        EXPECT_EQ(directory.find(there, only(Slot::of(Store::embryonic, i))), Slot::of(Store::embryonic, i));
    EXPECT_FALSE(directory.asks_both(there)) << "the newcomer has its place";
}

TEST_F(OneElsewhere, StaysWhenItsHomeIsFull) {
    fill_the_other_bucket();
    EXPECT_EQ(directory.second_hint(hash), stranger);
    EXPECT_TRUE(directory.asks_both(there)) << "the newcomer stands elsewhere itself";
}

// A flow that comes home past a reader, while another one goes elsewhere: its bucket counts
// as many of them as before.
TEST_F(OneElsewhere, IsFoundByAReaderWhomItPasses) {
    bool moved = false;
    const auto found = directory.find_shared(hash, [&](Slot s) {
        if (s == Slot::of(Store::confirmed, 9) && !moved) {
            moved = true;
            make_room();
            directory.bring_home(hash);
            EXPECT_TRUE(directory.insert(hash, Slot::of(Store::confirmed, 11)));
            EXPECT_EQ(directory.second_hint(hash), Slot::of(Store::confirmed, 11));
        }
        return s == stranger;
    });
    EXPECT_TRUE(moved);
    EXPECT_EQ(found, stranger);
}

TEST(Directory, KicksWhenBothBucketsAreFullAndFindsAllAfterwards) {
    PageMemory memory;
    Directory directory(memory, 1000);
    std::mt19937_64 random(7);
    std::map<std::uint32_t, std::uint64_t> flows;
    while (directory.size() < directory.count() * Bucket::kPlaces * 95 / 100) {
        const auto slot = Slot::of(Store::confirmed, static_cast<std::uint32_t>(flows.size()));
        const auto hash = random();
        ASSERT_TRUE(directory.insert(hash, slot));
        flows[slot.bits] = hash;
    }
    EXPECT_GT(directory.kicks(), 0U);
    EXPECT_LE(directory.longest_path(), Directory::kMaxKicks);
    const auto at_home = std::count_if(
        flows.begin(), flows.end(), [&](const auto& f) { return directory.hint(f.second) == Slot{f.first}; });
    EXPECT_NEAR(static_cast<double>(directory.strays()),
                static_cast<double>(flows.size()) - static_cast<double>(at_home), 5)
        << "but for tags that look alike";
    for (const auto& [bits, hash] : flows) {
        EXPECT_EQ(directory.find(hash, only(Slot{bits})), Slot{bits});
        EXPECT_EQ(directory.find_shared(hash, only(Slot{bits})), Slot{bits});
    }
    for (const auto& [bits, hash] : flows) EXPECT_TRUE(directory.erase(hash, Slot{bits}));
    EXPECT_EQ(directory.size(), 0U);
    EXPECT_EQ(directory.strays(), 0U);
    for (const auto& [bits, hash] : flows) EXPECT_FALSE(directory.asks_both(hash));
}

TEST(Directory, LocatesABurst) {
    PageMemory memory;
    Directory directory(memory, 1000);
    std::mt19937_64 random(1);
    std::vector<std::uint64_t> hashes(Directory::kMaxBurst);
    std::vector<Slot> hints(hashes.size(), Slot::of(Store::confirmed, 99)), fetched;
    for (auto& h : hashes) h = random();
    // Every third is there; two of them in their alternate bucket, behind ten others each.
    for (std::uint32_t i = 0; i < hashes.size(); i += 3) {
        for (std::uint32_t other = 0; i < 6 && other < Bucket::kPlaces; ++other) {
            const auto tag = std::uint64_t{20000 + 10 * i + other} << 49U;
            ASSERT_TRUE(directory.insert((hashes[i] & 0xffffffffU) | tag,
                                         Slot::of(Store::tombstone, 10 * i + other)));
        }
        ASSERT_TRUE(directory.insert(hashes[i], Slot::of(Store::confirmed, i)));
    }
    directory.locate(hashes, hints, [&](Slot s) { fetched.push_back(s); });
    for (std::uint32_t i = 0; i < hashes.size(); ++i) {
        EXPECT_EQ(hints[i], i % 3 == 0 ? Slot::of(Store::confirmed, i) : Slot{});
    }
    EXPECT_EQ(fetched.size(), 22U);
}

/// All buckets that a bucket shares flows with, by any tag: half of them, since every second is out of reach.
void expect_involution(std::uint64_t count, std::uint64_t bucket) {
    std::vector<std::uint32_t> met(count, 0);
    for (std::uint32_t tag = 0; tag < 65536; ++tag) {
        const auto t = static_cast<std::uint16_t>(tag);
        const auto there = Directory::other_bucket(bucket, t, count);
        ASSERT_LT(there, count);
        ASSERT_NE(there, bucket);
        ASSERT_EQ(Directory::other_bucket(there, t, count), bucket);
        ASSERT_EQ(Directory::other_bucket(there, t ^ 1U, count), bucket) << "the same from the other side";
        ++met[there];
    }
    const auto even = 65536.0 / (static_cast<double>(count) / 2);
    for (std::uint64_t b = (bucket + 1) % 2; b < count; b += 2)
        ASSERT_NEAR(met[b], even, 0.1 * even + 4) << b << " of " << count;
}

TEST(Directory, TheOtherBucketOfTheOtherBucketIsTheFirst) {
    for (const auto count : {2U, 4U, 6U, 10U, 576U, 1022U, 1728U, 6000U})
        for (const auto bucket : {0U, 1U, count / 3, count - 1}) expect_involution(count, bucket);
}

TEST(Directory, EveryBucketIsPrimaryToItsShare) {
    constexpr std::uint64_t kCount = 1026;
    EXPECT_EQ(Directory::primary_bucket(0xffffffffU, kCount), kCount - 1);
    for (std::uint64_t b = 0; b < kCount; ++b) {
        EXPECT_EQ(Directory::primary_bucket(hash_in(b, kCount), kCount), b);
        EXPECT_EQ(Directory::primary_bucket(hash_in(b, kCount, 0x7fff), kCount), b)
            << "tags are no part of it";
        EXPECT_NEAR(static_cast<double>(hash_in(b + 1, kCount) - hash_in(b, kCount)), 0x1p32 / kCount, 1);
    }
}

// A reader that has passed place 0 of the primary bucket when the flow that it looks for is sent there from
// the alternate one: it meets neither, and must look again. The move happens inside its own comparison.
TEST(Directory, AReaderLooksAgainWhenAFlowWasSentPastIt) {
    PageMemory memory;
    Directory directory(memory, 100);
    const auto count = directory.count();
    const auto hash = hash_in(0, count, 3);
    const auto there = Directory::other_bucket(0, Directory::tag_of(hash), count);
    const auto slot = [](std::uint32_t i) { return Slot::of(Store::confirmed, i); };
    for (std::uint32_t i = 0; i < 2 * Bucket::kPlaces; ++i) ASSERT_TRUE(directory.insert(hash, slot(i)));
    const auto wanted = slot(Bucket::kPlaces);  // the first one in the alternate bucket
    bool kicked = false;
    const auto found = directory.find_shared(hash, [&](Slot s) {
        if (s == slot(1) && !kicked) {
            kicked = true;
            EXPECT_TRUE(directory.erase(hash, slot(0)));
            EXPECT_TRUE(directory.insert(hash_in(there, count, 4), slot(200)));
            EXPECT_EQ(directory.kicks(), 1U);
        }
        return s == wanted;
    });
    EXPECT_TRUE(kicked);
    EXPECT_EQ(found, wanted);
}

TEST(Directory, IsFullWithTwoBuckets) {
    PageMemory memory;
    Directory directory(memory, 1);
    const auto hash_of = [](std::uint32_t i) { return i * 0x9e3779b97f4a7c15U; };
    for (std::uint32_t i = 0; i < 2 * Bucket::kPlaces; ++i)
        ASSERT_TRUE(directory.insert(hash_of(i), Slot::of(Store::confirmed, i)));
    EXPECT_FALSE(directory.insert(99, Slot::of(Store::confirmed, 99)));
    for (std::uint32_t i = 0; i < 2 * Bucket::kPlaces; ++i) {
        const auto slot = Slot::of(Store::confirmed, i);
        EXPECT_EQ(directory.find(hash_of(i), only(slot)), slot);
    }
}

}  // namespace
}  // namespace ajar
