// Credentials by glibc, which changes them in all threads; capabilities by libcap, in this one.
#include "confine/privileges.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

namespace ajar::confine {
namespace {

constexpr std::array<std::string_view, 0> kNone = {};
constexpr std::array<std::string_view, 1> kLinks = {"cap_net_admin"};
// To unload its program, where a kernel has that for who is privileged (unprivileged_bpf_disabled).
constexpr std::array<std::string_view, 2> kXdp = {"cap_net_admin", "cap_bpf"};
constexpr std::array<std::string_view, 1> kPins = {"cap_ipc_lock"};
// DPDK's guide to mlx5: device settings, raw Ethernet queues, pinned memory.
constexpr std::array<std::string_view, 3> kVerbs = {"cap_net_admin", "cap_net_raw", "cap_ipc_lock"};

struct Row {
    std::string_view driver;  ///< how its name begins
    std::span<const std::string_view> capabilities;
};
const std::array kRows = {
    Row{"net_pcap", kLinks},  // where it is on an interface
    Row{"net_null", kNone},         Row{"net_ring", kNone},  Row{"net_vhost", kNone},
    Row{"net_af_packet", kLinks},   Row{"net_af_xdp", kXdp}, Row{"net_tap", kLinks},
    Row{"net_virtio_user", kLinks}, Row{"mlx5", kVerbs},     Row{"net_mlx", kVerbs},
    Row{"net_mana", kVerbs},
};

Error failed(const char* what) {
    return {fmt::format("privileges cannot be given up: {}: {}", what, std::strerror(errno))};
}

using Caps = std::unique_ptr<void, int (*)(void*)>;

Result<bool> keep(const std::vector<std::string_view>& kept) {
    const Caps caps(cap_init(), cap_free);
    if (!caps) return failed("cap_init");
    auto* const set = static_cast<cap_t>(caps.get());
    for (const auto name : kept) {
        cap_value_t value = 0;
        if (cap_from_name(std::string(name).c_str(), &value) != 0) continue;  // a kernel older than the name
        for (const cap_flag_t flag : {CAP_PERMITTED, CAP_EFFECTIVE})
            if (cap_set_flag(set, flag, 1, &value, CAP_SET) != 0) return failed("cap_set_flag");
    }
    if (cap_set_proc(set) != 0) return failed("cap_set_proc");
    return true;
}

std::string status_field(const std::filesystem::path& file, std::string_view key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key)) return line.substr(line.find_first_not_of(": \t", key.size()));
    return {};
}

bool is_zero(const std::string& digits) { return digits.find_first_not_of('0') == std::string::npos; }

/// Empty: it is as it should be, or it has ended.
std::string fault_of_thread(const std::filesystem::path& thread, bool mine, const User& user) {
    const auto is = status_field(thread / "status", "Uid");
    const auto can = status_field(thread / "status", "CapPrm");
    if (is.empty() && !mine) return {};
    if (is == fmt::format("{0}\t{0}\t{0}\t{0}", user.uid) && (mine || is_zero(can))) return {};
    return fmt::format("thread {} ({}) did not become {}: uid {}, capabilities {}",
                       thread.filename().string(), status_field(thread / "status", "Name"), user.name, is,
                       can);
}

/// Whoever makes threads without glibc has some that do not follow: seen here, not believed. Where not even
/// this thread is seen, nothing is known of the others.
Result<bool> look_at_threads(const User& user) {
    const auto me = std::to_string(gettid());
    bool seen = false;
    std::error_code why;
    std::filesystem::directory_iterator thread("/proc/self/task", why);
    for (const std::filesystem::directory_iterator end; !why && thread != end; thread.increment(why)) {
        const bool mine = thread->path().filename() == me;
        if (auto fault = fault_of_thread(thread->path(), mine, user); !fault.empty()) return Error{fault};
        seen |= mine;
    }
    if (why || !seen)
        return Error{fmt::format("/proc/self/task does not show whether all threads became {}{}{}", user.name,
                                 why ? ": " : "", why ? why.message() : "")};
    return true;
}

/// The kernel forbids cores to whoever has changed who he is, though the limit may ask for them.
void allow_core() {
    rlimit limit{};
    const bool wanted = getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur != 0;
    prctl(PR_SET_DUMPABLE, wanted ? 1 : 0);
}

}  // namespace

void forgo_new_privileges() { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

std::span<const std::string_view> capabilities_for(std::string_view driver) {
    const auto row =
        std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return driver.starts_with(r.driver); });
    return row == kRows.end() ? kPins : row->capabilities;
}

Result<bool> become(const User& user, const std::vector<std::string_view>& kept) {
    prctl(PR_SET_KEEPCAPS, 1);  // of this thread; the others lose theirs with the uid
    if (setgroups(user.groups.size(), user.groups.data()) != 0) return failed("setgroups");
    if (setresgid(user.gid, user.gid, user.gid) != 0) return failed("setresgid");
    if (setresuid(user.uid, user.uid, user.uid) != 0) return failed("setresuid");
    prctl(PR_SET_KEEPCAPS, 0);
    if (auto done = keep(kept); !done) return done;
    allow_core();
    return look_at_threads(user);
}

}  // namespace ajar::confine
