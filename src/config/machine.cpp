// What the machine has, and whether that is enough.
#include <fmt/format.h>

#include <fstream>

#include "config/cpus.hpp"
#include "config/needs.hpp"
#include "config/units.hpp"

namespace ajar::config {
namespace {

constexpr std::uint64_t kSmallPage = 2U << 20U;

std::uint64_t free_pages(std::uint64_t kib) {
    std::uint64_t n = 0;
    std::ifstream(fmt::format("/sys/kernel/mm/hugepages/hugepages-{}kB/free_hugepages", kib)) >> n;
    return n * kib * 1024;
}

/// To a tenth of a MiB or GiB: exact bytes would not be read.
std::string rounded(std::uint64_t bytes) {
    const auto mi = static_cast<double>(bytes) / static_cast<double>(1U << 20U);
    return mi < 1024 ? fmt::format("{:.1f} MiB", mi) : fmt::format("{:.1f} GiB", mi / 1024);
}

std::uint64_t small_pages(std::uint64_t bytes) { return (bytes + kSmallPage - 1) / kSmallPage; }

std::string cores_line(const Config& config, const Needs& needs, std::size_t cpus) {
    const bool packet = config.clock == ClockSource::packet;
    auto line = fmt::format("cores      {} (control, {}{} worker{}); {} given", needs.lcores,
                            packet ? "reader, " : "", config.workers, config.workers == 1 ? "" : "s", cpus);
    if (cpus < needs.lcores)
        line += "\n           threads will share CPUs: right for a trial, not for line rate";
    return line;
}

std::string memory_lines(const Needs& needs, std::size_t pairs, bool hugepages) {
    return fmt::format(
        "queues     {} per port and direction, where the device has as many\n"
        "buffers    {} per pair, {} pair{}: {}\n"
        "tables     {}\n"
        "rings      {}\n"
        "fragments  {}\n"
        "memory     {} ({} bytes) in all",
        needs.queues, needs.buffers, pairs, pairs == 1 ? "" : "s",
        rounded(hugepages ? needs.buffer_bytes : needs.buffer_page_bytes), rounded(needs.table_bytes),
        rounded(needs.ring_bytes), rounded(needs.fragment_bytes), rounded(needs.total(hugepages)),
        needs.total(hugepages));
}

std::string pages_line(const Config& config, const Needs& needs, const Machine& machine) {
    const auto wanted = small_pages(needs.hugepage_bytes());
    const bool taken = takes_hugepages(config, needs, machine);
    auto line =
        fmt::format("hugepages  {} of 2 MiB hold it; {} free", wanted, rounded(machine.free_hugepage_bytes));
    if (config.hugepages == Hugepages::off) return line + "; not taken (hugepages = \"off\")";
    if (machine.free_hugepage_bytes >= needs.hugepage_bytes()) return line + "; taken";
    return line + fmt::format("{}\n           to reserve them: echo {} > /proc/sys/vm/nr_hugepages",
                              taken ? ": too few" : "; not taken, ordinary pages serve", wanted);
}

}  // namespace

Machine this_machine() { return {available_cpus(), free_pages(2048) + free_pages(1U << 20U)}; }

Verdict compare(const Config& config, const Needs& needs, const Machine& machine) {
    const auto named = parse_cpus(config.cpus);
    const auto& cpus = named ? *named : machine.cpus;
    Verdict out;
    out.enough = config.hugepages != Hugepages::on || machine.free_hugepage_bytes >= needs.hugepage_bytes();
    out.text = fmt::format("{}\n{}\n{}\n", cores_line(config, needs, cpus.size()),
                           memory_lines(needs, config.ports.size(), takes_hugepages(config, needs, machine)),
                           pages_line(config, needs, machine));
    return out;
}

}  // namespace ajar::config
