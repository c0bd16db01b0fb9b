// How a bench starts, and how it compares at the end.
#include "harness.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

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
            return "4 KiB, transparent 2 MiB advised (Ajar's memory alone)";
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

/// Takes our own flags out of argv.
bool read_flags(int& argc, char** argv) {
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--large") == 0) {
            the_setup.large = true;
        } else if (std::strcmp(argv[i], "--pages=transparent") == 0) {
            the_setup.pages = PageSize::transparent;
        } else if (std::strcmp(argv[i], "--pages=reserved") == 0) {
            the_setup.pages = PageSize::reserved;
        } else if (std::strncmp(argv[i], "--benchmark", 11) == 0) {
            argv[kept++] = argv[i];
        } else {
            std::fprintf(stderr, "%s [--large] [--pages=transparent|reserved] [--benchmark_...]\n", argv[0]);
            return false;
        }
    }
    argc = kept;
    return true;
}

}  // namespace

const Setup& setup() { return the_setup; }

std::vector<std::uint32_t> sizes() {
    if (the_setup.large) return {1U << 16U, 1U << 20U, 1U << 24U};
    return {1U << 16U, 1U << 20U};
}

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
    register_runs();
    Comparison comparison;
    ::benchmark::RunSpecifiedBenchmarks(&comparison);
    ::benchmark::Shutdown();
    return 0;
}
