// What does it cost to count a half-open flow, beside the one random cache line that it takes at least?
//
// "add" counts key after key; "add in bursts" asks for 32 lines before it counts; "name and add" also hashes
// the names, as the tracker does. "top k" counts in a summary of k entries: strangers take over
// an entry each, Zipf (s = 1, a million sources) mostly finds its own. "line" reads and writes a random line
// of as much memory as the structure has; in the summaries it is in a cache.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "ajar/flow/count_min.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/top_talkers.hpp"
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

void add_all(CountMin& sketch, const Hashes& hashes) {
    for (const auto h : hashes) sketch.prefetch(h);
    for (const auto h : hashes) sketch.add(h, 1);
}
void register_sketch(std::uint32_t lines) {
    static const auto secret = prepare(hash_key_from_seed(1));
    sketch_run("add", lines, [](CountMin& sketch, const Hashes& hashes) {
        for (const auto h : hashes) sketch.add(h, 1);
    });
    line_run("add", lines, [](RandomLines& random, const Hashes& hashes) {
        std::uint64_t sum = 0;
        for (const auto& h : hashes) sum += random.touch({&h, 1}, 1);
        return sum;
    });
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

/// The sources of a stream, drawn before the time is taken.
struct Named {
    CountKey key;
    std::uint64_t hash;
};
constexpr std::uint32_t kStream = 1U << 20U;

template <class Source>
std::vector<Named> stream_of(Source&& next) {
    const auto secret = prepare(hash_key_from_seed(1));
    std::vector<Named> stream(kStream);
    for (auto& s : stream) s.key = source(next()), s.hash = keyed_hash(s.key, secret);
    return stream;
}
const std::vector<Named>& strangers() {
    static const auto stream = stream_of([n = 0U]() mutable { return n++; });
    return stream;
}
const std::vector<Named>& zipf() {
    static const auto stream = [] {
        std::vector<double> below(1'000'000);
        double sum = 0;
        for (std::size_t i = 0; i < below.size(); ++i) below[i] = sum += 1.0 / static_cast<double>(i + 1);
        return stream_of([&, n = std::uint64_t{0}]() mutable {
            const auto at = static_cast<double>(mixed(n++)) / 0x1p64 * sum;
            return static_cast<std::uint64_t>(std::lower_bound(below.begin(), below.end(), at) -
                                              below.begin());
        });
    }();
    return stream;
}

/// The size is that of the stream.
void register_talkers(const std::string& what, const std::vector<Named>& (*stream)(), std::uint32_t k) {
    const auto name = "top " + std::to_string(k) + ", " + what;
    run(name, kStream, "ajar", [=](::benchmark::State& state) {
        PageMemory memory(setup().pages);
        TopTalkers talkers(memory, k);
        const auto& all = stream();
        for (auto _ : state) {
            const auto start = stopwatch();
            for (const auto& s : all) talkers.add(s.key, s.hash);
            state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        }
        state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kStream);
    });
    run(name, kStream, "line", [=](::benchmark::State& state) {
        time_lines(state, std::bit_ceil(k),
                   [](RandomLines& random, const Hashes& hashes) { return random.touch(hashes, 1); });
    });
}

}  // namespace

void register_runs() {
    for (const std::uint32_t lines : {1U << 10U, 1U << 14U, 1U << 18U}) register_sketch(lines);
    for (const std::uint32_t k : {16U, 128U, 1024U}) {
        register_talkers("strangers", strangers, k);
        register_talkers("Zipf", zipf, k);
    }
}

}  // namespace ajar::bench
