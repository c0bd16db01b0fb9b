// How a bench starts, and how it compares at the end.
#include "harness.hpp"

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <sstream>

#include "ajar/flow/hash.hpp"

namespace ajar::bench {
namespace {

Setup the_setup;

const char* isa() {
#if defined(__AVX512BW__)
    return "AVX-512";
#elif defined(__AVX2__)
    return "AVX2";
#else
    return "SSE2";
#endif
}

const char* page_name(PageSize pages) {
    switch (pages) {
        case PageSize::base:
            return "4 KiB";
        case PageSize::transparent:
            return "4 KiB, transparent 2 MiB advised (but for DPDK's)";
        case PageSize::reserved:
            return "2 MiB, reserved";
    }
    return "";
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Also collects what each run took per item.
class Comparison : public ::benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& r : runs) {
            const auto rate = r.counters.find("items_per_second");
            if (r.run_type != Run::RT_Iteration || rate == r.counters.end()) continue;
            const auto& name = r.run_name.function_name;
            const auto cut = name.rfind('/');
            times_[name.substr(0, cut)][name.substr(cut + 1)].push_back(1e9 / rate->second.value);
        }
    }

    void Finalize() override {
        std::printf("\n%-28s %-14s %10s %9s %9s  %s\n", "what", "who", "ns/item", "min", "max", "of ajar's");
        for (const auto& [what, rows] : times_) {
            const auto own = rows.find("ajar");
            for (const auto& [who, ns] : rows)
                print(what, who, ns, own == rows.end() ? 0 : median(own->second));
        }
    }

private:
    static void print(const std::string& what, const std::string& who, const std::vector<double>& ns,
                      double own) {
        const auto [least, most] = std::minmax_element(ns.begin(), ns.end());
        std::printf("%-28s %-14s %10.2f %9.2f %9.2f", what.c_str(), who.c_str(), median(ns), *least, *most);
        if (own != 0) std::printf("  %.2f", median(ns) / own);
        std::printf("\n");
    }

    std::map<std::string, std::map<std::string, std::vector<double>>> times_;
};

std::optional<std::uint32_t> size_named(const std::string& text) {
    char* unit = nullptr;
    const auto n = std::strtoul(text.c_str(), &unit, 10);
    const std::string ending(unit);
    const auto flows = n << (ending == "Mi" ? 20U : ending == "Ki" ? 10U : 0U);
    if (!std::has_single_bit(flows) || flows < 1U << 14U || flows > 1U << 26U) return std::nullopt;
    return static_cast<std::uint32_t>(flows);
}

bool read_sizes(const std::string& list) {
    the_setup.flows.clear();
    std::istringstream words(list);
    for (std::string word; std::getline(words, word, ',');) {
        const auto flows = size_named(word);
        if (!flows) return false;
        the_setup.flows.push_back(*flows);
    }
    return !the_setup.flows.empty();
}

bool read_pages(const std::string& name) {
    if (name != "base" && name != "transparent" && name != "reserved") return false;
    the_setup.pages = name == "base"          ? PageSize::base
                      : name == "transparent" ? PageSize::transparent
                                              : PageSize::reserved;
    return true;
}

bool read_flag(const std::string& flag) {
    const auto cut = std::min(flag.find('='), flag.size());
    const auto name = flag.substr(0, cut), value = flag.substr(std::min(cut + 1, flag.size()));
    if (name == "--flows") return read_sizes(value);
    if (name == "--pages") return read_pages(value);
    if (name == "--cpu") return std::sscanf(value.c_str(), "%d", &the_setup.cpu) == 1;
    return false;
}

/// Takes our own flags out of argv.
bool read_flags(int& argc, char** argv) {
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--benchmark", 11) == 0) {
            argv[kept++] = argv[i];
        } else if (!read_flag(argv[i])) {
            std::fprintf(stderr,
                         "%s [--flows=64Ki,1Mi,16Mi] [--pages=base|transparent|reserved] [--cpu=N] "
                         "[--benchmark_...]\n",
                         argv[0]);
            return false;
        }
    }
    argc = kept;
    return true;
}

/// One CPU, so that caches stay warm and the clock is one.
bool pin() {
    cpu_set_t may;
    ::sched_getaffinity(0, sizeof may, &may);
    for (int cpu = 0; cpu < CPU_SETSIZE && the_setup.cpu < 0; ++cpu) {
        const auto last = CPU_SETSIZE - 1 - cpu;
        if (CPU_ISSET(last, &may)) the_setup.cpu = last;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(the_setup.cpu, &one);
    return ::sched_setaffinity(0, sizeof one, &one) == 0;
}

}  // namespace

const Setup& setup() { return the_setup; }

std::string size_name(std::uint32_t flows) {
    return flows >= 1U << 20U ? std::to_string(flows >> 20U) + "Mi" : std::to_string(flows >> 10U) + "Ki";
}

std::int64_t stopwatch() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace ajar::bench

int main(int argc, char** argv) {
    using namespace ajar::bench;
    if (!read_flags(argc, argv)) return 2;
    if (!pin()) {
        std::fprintf(stderr, "CPU %d is not ours\n", setup().cpu);
        return 2;
    }
    std::vector<char*> args(argv, argv + argc);
    // Defaults first: a flag of the caller's comes later and wins.
    std::array<char, 48> interleave{"--benchmark_enable_random_interleaving=true"};
    std::array<char, 48> repeat{"--benchmark_repetitions=9"};
    std::array<char, 48> brief{"--benchmark_min_time=0.05"};
    args.insert(args.begin() + 1, {interleave.data(), repeat.data(), brief.data()});
    int count = static_cast<int>(args.size());
    ::benchmark::Initialize(&count, args.data());
    ::benchmark::AddCustomContext("isa", isa());
    ::benchmark::AddCustomContext("keyed hash", ajar::kKeyedHashName);
    ::benchmark::AddCustomContext("pages", page_name(setup().pages));
    ::benchmark::AddCustomContext("pinned to CPU", std::to_string(setup().cpu));
    register_runs();
    Comparison comparison;
    ::benchmark::RunSpecifiedBenchmarks(&comparison);
    ::benchmark::Shutdown();
    return 0;
}
