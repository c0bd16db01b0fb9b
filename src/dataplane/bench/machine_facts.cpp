// What the kernel and DPDK say about the machine.
#include "dataplane/bench/machine_facts.hpp"

#include <fmt/format.h>
#include <rte_eal.h>

#include <fstream>

#include "config/needs.hpp"
#include "dataplane/eal.hpp"
#include "export/human.hpp"

namespace ajar::dataplane {
namespace {

/// The rest of the first line of `file` that begins with `key`, without colon and blanks.
std::string line_behind(const char* file, const std::string& key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(key)) continue;
        const auto at = line.find_first_not_of(" \t:", key.size());
        return at == std::string::npos ? "" : line.substr(at);
    }
    return "";
}

std::string pages() {
    if (rte_eal_has_hugepages() != 0) return "huge (2 MiB or 1 GiB)";
    const auto free = config::this_machine().free_hugepage_bytes;
    return fmt::format("4 KiB; --hugepages takes large ones, {} of them are free",
                       exporting::human_bytes(free));
}

std::string lcores(bool wire) {
    const char* const sharer = wire ? "the source and sink" : "a worker";
    return fmt::format("each pinned to a CPU; {}", lcores_share_cpus()
                                                       ? fmt::format("control shares one with {}", sharer)
                                                       : "control has its own");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> machine_facts(std::size_t cpus, bool wire) {
    return {{"cpu", fmt::format("{}, {} given", line_behind("/proc/cpuinfo", "model name"), cpus)},
            {"isa", AJAR_CPU},
            {"pages", pages()},
            {"lcores", lcores(wire)},
            {"memory", fmt::format("{} available", exporting::human_bytes(available_memory()))}};
}

std::uint64_t available_memory() {
    const auto text = line_behind("/proc/meminfo", "MemAvailable");
    return text.empty() ? 0 : std::stoull(text) * 1024;
}

}  // namespace ajar::dataplane
