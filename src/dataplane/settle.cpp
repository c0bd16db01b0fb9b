// The order: what needs root first.
#include "dataplane/settle.hpp"

#include <fmt/format.h>
#include <rte_eal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "bypass/bypass.hpp"
#include "config/presence.hpp"
#include "confine/denied.hpp"
#include "confine/privileges.hpp"
#include "dataplane/control_socket.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

constexpr const char* kRuntimeFolder = "RUNTIME_DIRECTORY";
using CapabilityNames = std::vector<std::string_view>;

std::string words_in_a_row(const CapabilityNames& names) {
    std::string out;
    for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

void say_settled(const std::string& line) { put_line(stderr, "ajar: " + line); }

std::size_t port_count(const Appliance& appliance) { return appliance.devices().size(); }

/// What any of the devices asks for.
CapabilityNames kept_for(const Appliance& appliance) {
    CapabilityNames out;
    for (std::size_t i = 0; i < port_count(appliance); ++i)
        for (const auto name : confine::capabilities_for(appliance.port(i).facts().driver))
            if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    return out;
}

/// Its program is taken off the interface by bpf().
bool has_xdp(const Appliance& appliance) {
    for (std::size_t i = 0; i < port_count(appliance); ++i)
        if (appliance.port(i).facts().driver == "net_af_xdp") return true;
    return false;
}

/// $RUNTIME_DIRECTORY as far as it is ours alone.
std::string runtime_folder() {
    const std::string all = std::getenv(kRuntimeFolder);
    return all.substr(0, all.find(':'));
}

/// What lies there was made by root, and is taken away at the end by the user. What is not there needs no
/// owner.
Result<bool> give_away(const Config& config, const std::optional<confine::User>& user) {
    const std::filesystem::path own = rte_eal_get_runtime_dir();
    std::vector<std::string> paths = {runtime_folder(), socket_path(config), own.parent_path(), own};
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator(own, none)) paths.push_back(file.path());
    for (const auto& path : paths)
        if (!path.empty() && !confine::give(path, user) && errno != ENOENT)
            return Error{fmt::format("{} cannot be given to {}: {}", path, user->name, std::strerror(errno))};
    return true;
}

Result<bool> shut_bypasses(const Config& config) {
    for (const auto& way : bypass::ways(config)) {
        const auto done = bypass::shut(way);
        if (!done) return Error{done.error()};
        if (*done) say_settled(fmt::format("{} and {} are no longer bridged by the kernel", way.a, way.b));
    }
    return true;
}

Result<bool> change_user(const Appliance& appliance, const Config& config) {
    auto user = confine::find_user(config.user, config.group);
    if (!user) return Error{user.error()};
    if (!*user) return true;
    if (auto given = give_away(config, *user); !given) return given;
    const auto kept = kept_for(appliance);
    if (auto done = confine::become(**user, kept); !done) return done;
    say_settled(fmt::format("runs as {} (uid {}) from here on; {}", (*user)->name, (*user)->uid,
                            kept.empty() ? "no thread has a capability"
                                         : "main keeps " + words_in_a_row(kept) + ", other threads nothing"));
    return true;
}

Result<bool> deny_calls(const Appliance& appliance, const Config& config) {
    if (!config.seccomp) return true;
    std::vector<std::string_view> but;
    if (has_xdp(appliance)) but.push_back("bpf");
    const auto denied = confine::deny(but);
    if (!denied) return Error{denied.error()};
    say_settled(fmt::format("the kernel denies it {} system calls (seccomp)", *denied));
    return true;
}

}  // namespace

void prepare(const Config& config) {
    const auto user = config::user_of(config);
    if (user || config.seccomp) confine::forgo_new_privileges();
    if (!user) return;
    setenv(kRuntimeFolder, "/run/ajar", 0);
    // Root's until all that root makes in there is made: nobody else has laid links there.
    mkdir(runtime_folder().c_str(), 0755);
    static_cast<void>(lchown(runtime_folder().c_str(), 0, static_cast<gid_t>(-1)));
}

Result<bool> settle(const Appliance& appliance, const Config& config) {
    if (auto done = shut_bypasses(config); !done) return done;
    if (auto done = change_user(appliance, config); !done) return done;
    return deny_calls(appliance, config);
}

}  // namespace ajar::dataplane
