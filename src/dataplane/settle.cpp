// The order: what needs root first.
#include "dataplane/settle.hpp"

#include <fmt/format.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "bypass/bypass.hpp"
#include "bypass/memory.hpp"
#include "config/eal_args.hpp"
#include "config/presence.hpp"
#include "confine/denied.hpp"
#include "confine/folder.hpp"
#include "confine/privileges.hpp"
#include "dataplane/control_socket.hpp"
#include "export/human.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

constexpr const char* kRuntimeFolder = "RUNTIME_DIRECTORY";
constexpr const char* kDpdk = "dpdk";
using Names = std::vector<std::string_view>;

void say_settled(const std::string& line) { put_line(stderr, "ajar: " + line); }

bool gets_copies(std::string_view driver) { return driver == "net_af_packet" || driver == "net_pcap"; }

std::size_t port_count(const Appliance& appliance) { return appliance.devices().size(); }

/// Of all devices that DPDK has, those that stand behind a port of ours included: a bond's members, the
/// virtual function of a Hyper-V port.
Names drivers() {
    Names out;
    for (std::uint16_t port = 0; port < RTE_MAX_ETHPORTS; ++port) {
        rte_eth_dev_info info{};
        if (rte_eth_dev_is_valid_port(port) != 0 && rte_eth_dev_info_get(port, &info) == 0 &&
            info.driver_name != nullptr)
            out.emplace_back(info.driver_name);
    }
    return out;
}

/// What any of the devices asks for.
Names kept_capabilities() {
    Names out;
    for (const auto driver : drivers())
        for (const auto name : confine::capabilities_for(driver))
            if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    return out;
}

/// Its program is taken off the interface by bpf().
bool has_xdp() {
    const auto all = drivers();
    return std::find(all.begin(), all.end(), "net_af_xdp") != all.end();
}

/// The first of $RUNTIME_DIRECTORY; empty: there is none.
std::string runtime_folder() {
    const char* const all = std::getenv(kRuntimeFolder);
    return all == nullptr ? std::string() : std::string(all).substr(0, std::string_view(all).find(':'));
}

/// What DPDK's folder of this process will be called, below "dpdk".
std::vector<std::string> file_prefixes(const Config& config) {
    constexpr std::string_view kPrefix = "--file-prefix=";
    std::vector<std::string> out;
    for (const auto& arg : config::eal_arguments(config))
        if (arg.starts_with(kPrefix)) out.push_back(arg.substr(kPrefix.size()));
    return out;
}

/// DPDK makes files in there, and the control socket stands there.
Result<bool> take_folders_back(const Config& config) {
    for (const auto& prefix : file_prefixes(config))
        if (auto done = confine::take_back(runtime_folder(), {kDpdk, prefix}); !done) return done;
    return true;
}

/// Of the user that an earlier process became; a process that stays root does not work in there.
bool is_somebody_elses(const std::string& folder) {
    for (const auto& path : {folder, folder + "/" + kDpdk})
        if (confine::owner_of(path).value_or(0) != 0) return true;
    return false;
}

/// What lies there was made by root, and is taken away at the end by the user.
Result<bool> give_away(const Config& config, const confine::User& user) {
    if (auto done = confine::hand_over_socket(socket_path(config), user); !done) return done;
    const std::filesystem::path own = rte_eal_get_runtime_dir();
    return confine::hand_over(runtime_folder(), {kDpdk, own.filename()}, user);
}

/// A crash is no time to read a configuration that somebody has been editing since.
void remember_ways(const Config& config, const std::string& file) {
    if (geteuid() != 0) return;
    bypass::Memory memory{config.when_down, socket_path(config), bypass::ways(config)};
    if (std::none_of(memory.ways.begin(), memory.ways.end(), [](const auto& way) { return way.possible(); }))
        return;
    if (const auto done = bypass::remember(bypass::memory_folder(), file, memory); !done)
        say_settled(fmt::format("when_down is not remembered, only read again: {}", done.error()));
}

/// The kernel has forwarded what these still hold, and what it sent stands in there, too: sockets of the
/// kernel's get copies. Of other devices the kernel has got nothing.
void discard_bridged(const Appliance& appliance) {
    std::size_t frames = 0;
    for (std::size_t i = 0; i < port_count(appliance); ++i)
        if (gets_copies(appliance.port(i).facts().driver)) frames += appliance.port(i).discard_received();
    if (frames != 0) say_settled(fmt::format("{} frames were the bridge's and are discarded", frames));
}

Result<bool> shut_bypasses(const Appliance& appliance, const Config& config) {
    bool were_open = false;
    for (const auto& way : bypass::ways(config)) {
        const auto done = bypass::shut(way);
        if (!done) return Error{done.error()};
        if (*done) say_settled(fmt::format("{} and {} are no longer bridged by the kernel", way.a, way.b));
        were_open |= *done;
    }
    if (were_open) discard_bridged(appliance);
    return true;
}

Result<bool> change_user(const Config& config) {
    auto user = confine::find_user(config.user, config.group);
    if (!user) return Error{user.error()};
    if (!*user) return true;
    if (auto given = give_away(config, **user); !given) return given;
    const auto kept = kept_capabilities();
    if (auto done = confine::become(**user, kept); !done) return done;
    say_settled(fmt::format("runs as {} (uid {}) from here on; {}", (*user)->name, (*user)->uid,
                            kept.empty() ? "no thread has a capability"
                                         : "main keeps " + exporting::listed({kept.begin(), kept.end()}) +
                                               ", other threads nothing"));
    return true;
}

Result<bool> deny_calls(const Config& config) {
    if (!config.seccomp) return true;
    std::vector<std::string_view> but;
    if (has_xdp()) but.push_back("bpf");
    const auto denied = confine::deny(but);
    if (!denied) return Error{denied.error()};
    say_settled(fmt::format("the kernel denies it {} system calls (seccomp)", *denied));
    return true;
}

}  // namespace

Result<bool> prepare(const Config& config) {
    const auto user = config::user_of(config);
    if (user || config.seccomp) confine::forgo_new_privileges();
    if (geteuid() != 0) return true;
    if (user) {
        setenv(kRuntimeFolder, "/run/ajar", 0);
        setenv(kRuntimeFolder, runtime_folder().c_str(), 1);  // DPDK takes all of it for one folder
        return take_folders_back(config);
    }
    const auto folder = runtime_folder();
    return folder.empty() || !is_somebody_elses(folder) ? true : take_folders_back(config);
}

Result<bool> settle(const Appliance& appliance, const Config& config, const std::string& file) {
    remember_ways(config, file);
    if (auto done = shut_bypasses(appliance, config); !done) return done;
    if (auto done = change_user(config); !done) return done;
    return deny_calls(config);
}

void remember_reloaded(const Config& config, const std::string& file) { remember_ways(config, file); }

}  // namespace ajar::dataplane
