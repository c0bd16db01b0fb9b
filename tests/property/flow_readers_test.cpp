// Do readers beside a writer get whole copies, and never miss a flow that stands still? Built with
// -fsanitize=thread it also shows that there is no data race.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "ajar/flow/birth_lists.hpp"
#include "ajar/flow/directory.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/flow/tombstones.hpp"

namespace ajar {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr std::uint32_t kRounds = 40'000;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr std::uint32_t kRounds = 40'000;
#else
constexpr std::uint32_t kRounds = 400'000;
#endif
#else
constexpr std::uint32_t kRounds = 400'000;
#endif

/// A writer in this thread, two readers in others, until the writer is done.
template <class Write, class Read>
void beside(Write&& write, Read&& read) {
    std::atomic<bool> done{false};
    std::vector<std::thread> readers;
    for (unsigned r = 0; r < 2; ++r) {
        readers.emplace_back([&, r] {
            std::mt19937 random(r);
            while (!done.load(std::memory_order_relaxed)) read(random);
        });
    }
    write();
    done = true;
    for (auto& r : readers) r.join();
}

/// Every word of entry and record follows from one number, so a torn copy shows.
template <typename Key>
void stamp_with(Entry<Key>& entry, Record& record, std::uint32_t n) {
    entry.key.zone = n;
    entry.tick = Tick{n};
    entry.conn.ends[0].end = entry.conn.ends[1].max_ack = n;
    entry.warm.birth_ordinal = n;
    entry.warm.sent[1].packets = n;
    record.first_ns = n;
    record.above = n;
}
template <typename Key>
bool is_whole(const Entry<Key>& entry, const Record& record) {
    const auto n = entry.key.zone;
    return entry.tick == Tick{n} && entry.conn.ends[0].end == n && entry.conn.ends[1].max_ack == n &&
           entry.warm.birth_ordinal == n && entry.warm.sent[1].packets == n && record.first_ns == n &&
           record.above == n;
}

template <typename Key>
void expect_whole_copies() {
    PageMemory memory;
    Pool<Key> pool(memory, 4, Recording::on);
    std::atomic<std::uint64_t> copies{0}, torn{0};
    beside(
        [&] {
            for (std::uint32_t n = 1; n < kRounds || copies < 100; ++n) {
                const auto i = n % 4;
                Entry<Key> next{};
                Record record{};
                stamp_with(next, record, n);
                publish(pool.entry(i), next, pool.record(i), &record);
            }
        },
        [&](std::mt19937& random) {
            Entry<Key> got;
            Record record;
            const auto i = static_cast<std::uint32_t>(random() % 4);
            if (!snapshot(pool.entry(i), pool.record(i), got, record)) return;
            ++copies;
            if (!is_whole(got, record)) ++torn;
        });
    EXPECT_EQ(torn, 0U);
    EXPECT_GE(copies, 100U);
}

TEST(FlowReaders, GetWholeCopiesIpv4) { expect_whole_copies<KeyV4>(); }
TEST(FlowReaders, GetWholeCopiesIpv6) { expect_whole_copies<KeyV6>(); }

// Half of the flows stay for ever while the other half churns at a high load, so that the former are kicked
// about. A reader asks for one that stays.
TEST(FlowReaders, FindWhatIsKickedAbout) {
    PageMemory memory;
    Directory directory(memory, 64 * 8);
    constexpr std::uint32_t kStaying = 300, kFull = 610;  // of 640 places
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> hashes(kFull);
    std::vector<bool> in(kFull, false);
    const auto slot_of = [](std::uint32_t i) { return Slot::of(Store::confirmed, i); };
    for (std::uint32_t i = 0; i < kFull; ++i) {
        hashes[i] = random();
        in[i] = directory.insert(hashes[i], slot_of(i));
        ASSERT_TRUE(in[i] || i >= kStaying);
    }
    const std::vector<std::uint64_t> staying(hashes.begin(), hashes.begin() + kStaying);
    std::atomic<std::uint64_t> finds{0}, missed{0};
    beside(
        [&] {
            for (std::uint32_t n = 0; n < kRounds || finds < 1000; ++n) {
                const auto i = kStaying + static_cast<std::uint32_t>(random() % (kFull - kStaying));
                if (in[i]) directory.erase(hashes[i], slot_of(i));
                hashes[i] = random();
                in[i] = directory.insert(hashes[i], slot_of(i));
                directory.bring_home(staying[random() % kStaying]);
            }
        },
        [&](std::mt19937& pick) {
            const auto i = static_cast<std::uint32_t>(pick() % kStaying);
            const auto slot = directory.find_shared(staying[i], [&](Slot s) { return s == slot_of(i); });
            ++finds;
            if (!slot) ++missed;
        });
    EXPECT_EQ(missed, 0U);
    EXPECT_GT(directory.kicks(), kRounds / 100) << "too calm to show anything";
}

TEST(FlowReaders, ReadCountsOfAllStores) {
    PageMemory memory;
    Pool<KeyV4> pool(memory, 16, Recording::off);
    BirthLists lists(memory, 16);
    Tombstones stones(memory, 8);
    std::atomic<std::uint64_t> wrong{0}, reads{0};
    beside(
        [&] {
            for (std::uint32_t n = 0; n < kRounds || reads < 100; ++n) {
                const auto i = pool.take();
                lists.push_back(n % 4, i);
                Tombstone stone;
                stone.set_waits(0);
                (void)stones.add(stone, Tick{n});
                lists.remove(i);
                pool.give(i);
            }
        },
        [&](std::mt19937&) {
            ++reads;
            if (pool.used() > pool.high_water() || lists.size() > 4 || stones.size() > 8) ++wrong;
        });
    EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace ajar
