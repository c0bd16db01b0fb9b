// How the EAL is started from derived arguments, and what it says about lcores.
#include "dataplane/eal.hpp"

#include <fmt/format.h>
#include <mntent.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_pdump.h>
#include <sched.h>

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace ajar::dataplane {
namespace {

/// DPDK's directory of this process. One with anything in it is shared with another; but the sockets of
/// telemetry, which DPDK itself would take away when the process ends, are this one's.
void remove_own(const std::string& directory) {
    std::error_code kept;
    for (const auto& file : std::filesystem::directory_iterator(directory, kept))
        if (file.path().filename().string().starts_with("dpdk_telemetry."))
            std::filesystem::remove(file, kept);
    std::filesystem::remove(directory, kept);
}

/// What DPDK leaves of a memory that others could attach to: its description, and the hugepages, which would
/// stay taken.
void remove_shared(const std::string& directory, const std::string& prefix) {
    std::error_code kept;
    std::filesystem::remove_all(directory, kept);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> mounts(::setmntent("/proc/mounts", "r"),
                                                                 ::endmntent);
    while (const mntent* const mount = mounts ? ::getmntent(mounts.get()) : nullptr) {
        if (std::string_view(mount->mnt_type) != "hugetlbfs") continue;
        for (const auto& file : std::filesystem::directory_iterator(mount->mnt_dir, kept))
            if (file.path().filename().string().starts_with(prefix + "map_"))
                std::filesystem::remove(file, kept);
    }
}

}  // namespace

Result<std::unique_ptr<Eal>> Eal::start(const std::vector<std::string>& args, const std::string& shared) {
    // What DPDK says of itself on every start helps nobody; a later --log-level among `args` brings it back.
    // Its telemetry warns that nobody has registered for a protocol that is no longer used.
    std::vector<std::string> owned = {"ajar", "--log-level=*:notice", "--log-level=lib.telemetry:error"};
    owned.insert(owned.end(), args.begin(), args.end());
    std::vector<char*> argv;
    argv.reserve(owned.size() + 1);
    for (auto& arg : owned) argv.push_back(arg.data());
    argv.push_back(nullptr);
    std::string given;
    for (const auto& arg : args) given += " " + arg;
    if (rte_eal_init(static_cast<int>(owned.size()), argv.data()) < 0) {
        const int why = rte_errno;
        remove_own(rte_eal_get_runtime_dir());
        return Error{
            fmt::format("DPDK did not start: {}. Its arguments were:{}. Its own words stand above; `ajar run "
                        "--check` says how many cores and hugepages are needed.",
                        rte_strerror(why), given)};
    }
    std::unique_ptr<Eal> eal(new Eal(shared));
    if (!shared.empty() && rte_pdump_init() != 0)
        return Error{fmt::format("DPDK cannot be asked for captures: {}; leave `dumpcap` empty",
                                 rte_strerror(rte_errno))};
    return eal;
}

Eal::~Eal() {
    const std::string directory = rte_eal_get_runtime_dir();
    if (!shared_.empty()) rte_pdump_uninit();
    rte_eal_cleanup();
    if (!shared_.empty()) remove_shared(directory, shared_);
    remove_own(directory);
}

std::vector<unsigned> worker_lcores() {
    std::vector<unsigned> out;
    unsigned id = 0;
    RTE_LCORE_FOREACH_WORKER(id) { out.push_back(id); }
    return out;
}

bool lcores_share_cpus() {
    rte_cpuset_t all;
    CPU_ZERO(&all);
    unsigned id = 0;
    unsigned pinned = 0;
    RTE_LCORE_FOREACH(id) {
        const rte_cpuset_t mine = rte_lcore_cpuset(id);
        CPU_OR(&all, &all, &mine);
        ++pinned;
    }
    return pinned > static_cast<unsigned>(CPU_COUNT(&all));
}

}  // namespace ajar::dataplane
