// Does control see sound counts while a worker counts? Built with -fsanitize=thread it also shows that there
// is no data race.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/sketch_sums.hpp"
#include "sketch_streams.hpp"

namespace ajar {
namespace {

/// `write(n)` in this thread, `first` times alone and then until `read`, in another, has done `times`.
template <class Write, class Read>
void beside(std::uint32_t first, int times, Write&& write, Read&& read) {
    std::atomic<bool> done{false};
    std::uint32_t n = 0;
    while (n < first) write(n++);
    std::thread reader([&] {
        for (int i = 0; i < times; ++i) read();
        done = true;
    });
    while (!done.load(std::memory_order_relaxed)) write(n++);
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
        0, 1000,
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
/// Every word of an ask says which one it is, too.
Ask telling_ask(std::uint16_t n) {
    Ask ask{telling_key(n), {}};
    for (std::size_t i = 0; i < ask.source.size(); i += 2) store_be16(ask.source.data() + i, n);
    return ask;
}
bool whole(const Ask& ask) { return ask == telling_ask(static_cast<std::uint16_t>(ask.service.zone)); }

// A second is over every 2000 asks: the reader meets windows that are written, finished and begun anew. One
// is finished before it looks, or a writer that gets no CPU would leave it nothing to see.
TEST(SketchReaders, CopyWholeAsks) {
    PageMemory memory;
    AskSample sample(memory, 1);
    std::atomic<std::uint32_t> asked{0};
    int torn = 0;
    std::size_t seen = 0;
    beside(
        2001, 3000,
        [&](std::uint32_t n) {
            sample.add(begin_of(n / 2000), [&] { return telling_ask(static_cast<std::uint16_t>(n)); });
            asked.store(n, std::memory_order_relaxed);
        },
        [&] {
            const Second now = asked.load(std::memory_order_relaxed) / 2000;
            for (const Second second : {now, now - 1}) {
                const AskPart part = sample.of(second);
                seen += part.sample.size();
                for (const Ask& ask : part.sample) torn += whole(ask) ? 0 : 1;
                if (part.count != 0 && second != now) torn += part.sample.size() == AskSample::kAsks ? 0 : 1;
            }
        });
    EXPECT_EQ(torn, 0);
    EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace ajar
