// What every bench shares: the sizes, the page size, the clock's neighbours, and the comparison at the end.
//
// A bench registers runs named "<what>/<size>/<who>". The harness runs the repetitions of all of them in
// random interleaving, so that a noisy minute hits each alike, and ends with the medians per item and their
// ratio to "ajar".
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/flow/memory.hpp"

namespace ajar::bench {

struct Setup {
    PageSize pages = PageSize::base;
    bool large = false;  ///< 16Mi flows too
};
const Setup& setup();

/// 64Ki, 1Mi and, with --large, 16Mi.
std::vector<std::uint32_t> sizes();
std::string size_name(std::uint32_t flows);

/// Each bench defines it.
void register_runs();

/// One run: `body` is called with the state.
template <class Body>
void run(const std::string& what, std::uint32_t size, const std::string& who, Body body) {
    ::benchmark::RegisterBenchmark((what + "/" + size_name(size) + "/" + who).c_str(), body)->UseManualTime();
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

/// Starts DPDK's environment, for the baselines that need one. Same pages as setup().
void start_eal();

}  // namespace ajar::bench
