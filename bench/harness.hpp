// What every bench shares: the sizes, the page size, the clock's neighbours, and the comparison at the end.
//
// A bench registers runs named "<what>/<size>/<who>". The harness pins the process to one CPU, runs the
// repetitions of all of them in random interleaving, so that a noisy minute hits each alike, and ends with
// the medians per item and their ratio to "ajar". --benchmark_out=FILE keeps every repetition for report.py.
#pragma once

#include <benchmark/benchmark.h>

#include <bit>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include "ajar/flow/memory.hpp"

namespace ajar::bench {

struct Setup {
    PageSize pages = PageSize::base;
    std::vector<std::uint32_t> flows = {1U << 16U, 1U << 20U};  ///< powers of two
    int cpu = -1;                                               ///< -1: the last one that we may have
};
const Setup& setup();

std::string size_name(std::uint32_t flows);

/// Each bench defines it.
void register_runs();

/// One run: `body` is called with the state. Out of memory is an error of this run alone.
template <class Body>
void run(const std::string& what, std::uint32_t size, const std::string& who, Body body) {
    const auto guarded = [body](::benchmark::State& state) {
        try {
            body(state);
        } catch (const std::bad_alloc&) {
            state.SkipWithError("too little memory of this page size");
        }
    };
    ::benchmark::RegisterBenchmark((what + "/" + size_name(size) + "/" + who).c_str(), guarded)
        ->UseManualTime();
}

/// Nanoseconds of this thread on a core: what others do on the machine does not count.
std::int64_t stopwatch();

/// The n-th of a fixed sequence of well mixed numbers.
constexpr std::uint64_t mixed(std::uint64_t n) {
    auto z = (n + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

/// The i-th of 0 ... n - 1 in a random order that never repeats one; n is a power of two. Begins anew after
/// n.
constexpr std::uint32_t shuffled(std::uint32_t i, std::uint32_t n) {
    const auto mask = n - 1;
    const auto half = static_cast<unsigned>(std::bit_width(mask) + 1) / 2;
    auto x = (i * 0x9e3779b1U) & mask;
    x ^= x >> half;
    x = (x * 0x85ebca6bU) & mask;
    return x ^ (x >> half);
}

/// Starts DPDK's environment, for the baselines that need one. Same pages as setup(); rte_hash of the largest
/// size fits. Throws std::bad_alloc.
void start_eal();
/// Bytes that DPDK's heap has given out.
std::size_t eal_bytes();

}  // namespace ajar::bench
