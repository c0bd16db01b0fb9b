// Which CPUs: lists of them as people write them, and those that this process may use.
#include "config/cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace ajar::config {
namespace {

constexpr unsigned kMostCpus = CPU_SETSIZE;

bool take_cpu(std::string_view& text, unsigned& cpu) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cpu);
    if (error != std::errc{} || cpu >= kMostCpus) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take_char(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

bool take_range(std::string_view& text, std::vector<unsigned>& out) {
    unsigned first = 0;
    if (!take_cpu(text, first)) return false;
    unsigned last = first;
    if (take_char(text, '-') && (!take_cpu(text, last) || last < first)) return false;
    for (unsigned cpu = first; cpu <= last; ++cpu) out.push_back(cpu);
    return true;
}

bool has_twins(std::vector<unsigned> cpus) {
    std::sort(cpus.begin(), cpus.end());
    return std::adjacent_find(cpus.begin(), cpus.end()) != cpus.end();
}

}  // namespace

Result<std::vector<unsigned>> parse_cpus(std::string_view text) {
    std::vector<unsigned> out;
    do {
        if (!take_range(text, out)) return Error{"no list of CPUs; write for example \"2-9,12\""};
    } while (take_char(text, ','));
    if (!text.empty()) return Error{"no list of CPUs; write for example \"2-9,12\""};
    if (has_twins(out)) return Error{"a CPU stands there twice"};
    return out;
}

const char* refuse_cpus(std::string_view text) {
    if (text.empty()) return nullptr;
    return parse_cpus(text) ? nullptr : "no list of CPUs without repetition; write for example \"2-9,12\"";
}

bool may_run_on(unsigned cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    bool moved = false;
    std::thread([&] { moved = sched_setaffinity(0, sizeof set, &set) == 0; }).join();
    return moved;
}

std::vector<unsigned> available_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<unsigned> out;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return {0};
    for (unsigned cpu = 0; cpu < kMostCpus; ++cpu)
        if (CPU_ISSET(cpu, &set)) out.push_back(cpu);
    return out;
}

}  // namespace ajar::config
