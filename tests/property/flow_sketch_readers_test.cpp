// Does control see sound counts while a worker counts? Built with -fsanitize=thread it also shows that there
// is no data race.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "ajar/flow/sketch_sums.hpp"
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

}  // namespace
}  // namespace ajar
