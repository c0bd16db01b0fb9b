// Does control see sound counts while a worker counts? Built with -fsanitize=thread it also shows that there
// is no data race.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "ajar/flow/sketch_sums.hpp"
#include "ajar/flow/top_talkers.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

/// `write(n)` in this thread until `read`, in another, has done `times`.
template <class Write, class Read>
void beside(int times, Write&& write, Read&& read) {
    std::atomic<bool> done{false};
    std::thread reader([&] {
        for (int i = 0; i < times; ++i) read();
        done = true;
    });
    for (std::uint32_t n = 0; !done.load(std::memory_order_relaxed); ++n) write(n);
    reader.join();
}

// The first source stays at 1000; the others come and go.
TEST(SketchReaders, NeverSeeLessThanWhatStays) {
    PageMemory memory;
    CountMin sketch(memory, 16);
    SketchSums sums(memory, 16);
    sketch.add(source_hash(0), 1000);
    std::uint32_t least = 1000;
    beside(
        1000,
        [&](std::uint32_t n) {
            sketch.add(source_hash(1 + n), 1);
            if (n >= 100) sketch.add(source_hash(n - 99), -1);
        },
        [&] {
            sums.clear(), sums.add(sketch);
            least = std::min({least, sums.estimate(source_hash(0)), sketch.estimate(source_hash(0))});
        });
    EXPECT_EQ(least, 1000U);
}

/// Every field says which one it is: a torn copy would not agree with itself.
CountKey telling_key(std::uint16_t n) {
    Ipv6Address address{};
    for (std::size_t i = 0; i < address.size(); i += 2) store_be16(address.data() + i, n);
    return count_key(CountKind::service, address, n, be16::of(n));
}
bool whole(const CountKey& key) { return key == telling_key(static_cast<std::uint16_t>(key.zone)); }

bool has_doubles(std::vector<Talker> talkers) {
    std::sort(talkers.begin(), talkers.end(), [](auto& a, auto& b) { return a.key < b.key; });
    const auto same = [](auto& a, auto& b) { return a.key == b.key; };
    return std::adjacent_find(talkers.begin(), talkers.end(), same) != talkers.end();
}

void expect_whole_talkers(std::uint32_t entries, std::uint16_t keys, int times) {
    PageMemory memory;
    TopTalkers talkers(memory, entries);
    int torn = 0, doubles = 0;
    beside(
        times,
        [&](std::uint32_t n) {
            const auto which = static_cast<std::uint16_t>(source_hash(n) % keys);
            talkers.add(telling_key(which), source_hash(which));
        },
        [&] {
            const auto got = talkers.summary();
            for (const auto& t : got.talkers) torn += whole(t.key) && t.error <= t.count ? 0 : 1;
            doubles += has_doubles(got.talkers) ? 1 : 0;
        });
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(doubles, 0);
}

// Few entries change hands all the time.
TEST(SketchReaders, CopyWholeTalkers) { expect_whole_talkers(16, 256, 100'000); }

// Somewhat more keys than entries: one that goes comes back before the copy is done.
TEST(SketchReaders, CopyEachTalkerOnce) { expect_whole_talkers(256, 300, 2000); }

}  // namespace
}  // namespace ajar
