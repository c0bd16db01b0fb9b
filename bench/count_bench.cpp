// What does it cost to count a half-open flow, beside the one random cache line that it takes at least?
//
// "add" counts key after key; "add in bursts" asks for 32 lines before it counts; "name and add" also hashes
// the names, as the tracker does. "ask" gives SYNs of strangers to the samples of 128 partitions, so many a
// second: the more there are, the fewer are remembered. "line" reads and writes a random line of as much
// memory as the structure has.
#include <array>
#include <deque>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/count_min.hpp"
#include "ajar/flow/hash.hpp"
#include "random_lines.hpp"

namespace ajar::bench {
namespace {

constexpr std::uint32_t kBurst = 32, kBursts = 4096;
using Hashes = std::array<std::uint64_t, kBurst>;

CountKey source(std::uint64_t n) {
    return count_key(CountKind::source, be32::of(static_cast<std::uint32_t>(n)), 0);
}

/// Calls work(hashes) for bursts of new random numbers.
template <class Work>
void time_bursts(::benchmark::State& state, Work&& work) {
    std::uint64_t n = 0;
    Hashes hashes;
    for (auto _ : state) {
        const auto start = stopwatch();
        for (std::uint32_t burst = 0; burst < kBursts; ++burst) {
            for (auto& h : hashes) h = mixed(n++);
            work(hashes);
        }
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kBurst * kBursts);
}

/// A sketch is made for each run; `work` gets it and a burst.
template <class Work>
void sketch_run(const std::string& what, std::uint32_t lines, Work work) {
    run(what, lines, "ajar", [=](::benchmark::State& state) {
        PageMemory memory(setup().pages);
        CountMin sketch(memory, lines);
        time_bursts(state, [&](const Hashes& hashes) { work(sketch, hashes); });
    });
}
/// The same of the lines alone.
template <class Work>
void time_lines(::benchmark::State& state, std::uint32_t lines, const Work& work) {
    RandomLines random(std::size_t{lines} * 64);
    std::uint64_t sum = 0;
    time_bursts(state, [&](const Hashes& hashes) { sum += work(random, hashes); });
    ::benchmark::DoNotOptimize(sum);
}
template <class Work>
void line_run(const std::string& what, std::uint32_t lines, Work work) {
    run(what, lines, "line", [=](::benchmark::State& state) { time_lines(state, lines, work); });
}

std::uint64_t touch_each(RandomLines& random, const Hashes& hashes) {
    std::uint64_t sum = 0;
    for (const auto& h : hashes) sum += random.touch({&h, 1}, 1);
    return sum;
}

void add_all(CountMin& sketch, const Hashes& hashes) {
    for (const auto h : hashes) sketch.prefetch(h);
    for (const auto h : hashes) sketch.add(h, 1);
}
void register_sketch(std::uint32_t lines) {
    static const auto secret = prepare(hash_key_from_seed(1));
    sketch_run("add", lines, [](CountMin& sketch, const Hashes& hashes) {
        for (const auto h : hashes) sketch.add(h, 1);
    });
    line_run("add", lines, touch_each);
    sketch_run("add in bursts", lines, add_all);
    sketch_run("name and add in bursts", lines, [](CountMin& sketch, const Hashes& numbers) {
        Hashes hashes;
        for (std::uint32_t i = 0; i < kBurst; ++i) hashes[i] = keyed_hash(source(numbers[i]), secret);
        add_all(sketch, hashes);
    });
    for (const auto* const what : {"add in bursts", "name and add in bursts"}) {
        line_run(what, lines,
                 [](RandomLines& random, const Hashes& hashes) { return random.touch(hashes, 1); });
    }
}

constexpr std::uint32_t kPartitions = 128;

/// The size is the number of SYNs a second.
void register_asks(std::uint32_t a_second) {
    run("ask", a_second, "ajar", [=](::benchmark::State& state) {
        PageMemory memory(setup().pages);
        std::deque<AskSample> samples;
        for (std::uint32_t p = 0; p < kPartitions; ++p) samples.emplace_back(memory, p);
        Time now{};
        time_bursts(state, [&](const Hashes& numbers) {
            for (const auto n : numbers) {
                now += Duration(std::chrono::seconds(1)) / a_second;
                samples[n % kPartitions].add(now, [&] { return Ask{source(n), {}}; });
            }
        });
    });
    run("ask", a_second, "line",
        [](::benchmark::State& state) { time_lines(state, 2 * kPartitions * AskSample::kAsks, touch_each); });
}

}  // namespace

void register_runs() {
    for (const std::uint32_t lines : {1U << 10U, 1U << 14U, 1U << 18U}) register_sketch(lines);
    for (const std::uint32_t a_second : {1U << 16U, 1U << 20U, 1U << 24U}) register_asks(a_second);
}

}  // namespace ajar::bench
