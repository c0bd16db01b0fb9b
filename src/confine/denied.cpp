// The list, and libseccomp.
#include "confine/denied.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>

namespace ajar::confine {
namespace {

// LeakSanitizer looks at the threads of a process by ptrace when it ends.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

constexpr std::array<std::string_view, 64> kDenied = {
    // other programs
    "execve", "execveat",
    // other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    // the kernel's code
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "bpf",
    "perf_event_open", "userfaultfd", "modify_ldt", "iopl", "ioperm",
    // what a whole new kind of call comes by, past this list
    "io_uring_setup", "io_uring_enter", "io_uring_register", "personality",
    // file systems and namespaces
    "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount",
    "fspick", "mount_setattr", "swapon", "swapoff", "setns", "unshare", "open_by_handle_at", "quotactl",
    "mknod", "mknodat",
    // who it is
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
    "capset",
    // keys, and the machine
    "keyctl", "add_key", "request_key", "acct", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime",
    "sethostname", "setdomainname", "syslog"};

/// A namespace of its own, by clone(): unshare() is denied as a whole, threads come by clone().
constexpr std::array<unsigned, 7> kNewNamespaces = {
    CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};

/// The flags of clone3() are in memory, where no filter looks. Whoever is told that there is none takes
/// clone(), as glibc does.
bool deny_namespaces(scmp_filter_ctx filter) {
    for (const unsigned flag : kNewNamespaces) {
        const scmp_arg_cmp has{0, SCMP_CMP_MASKED_EQ, flag, flag};  // argument 0
        if (seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &has) != 0)
            return false;
    }
    const int clone3 = seccomp_syscall_resolve_name("clone3");
    return clone3 == __NR_SCMP_ERROR || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), clone3, 0) == 0;
}

}  // namespace

std::span<const std::string_view> denied_calls() { return kDenied; }

Result<std::size_t> deny(std::span<const std::string_view> but) {
    const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
    if (!filter) return Error{"seccomp: no memory"};
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);  // for the threads that are there
    seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
    std::size_t n = 0;
    for (const auto name : kDenied) {
        const int number = seccomp_syscall_resolve_name(std::string(name).c_str());
        if (number == __NR_SCMP_ERROR || (kSanitized && name == "ptrace")) continue;
        if (std::find(but.begin(), but.end(), name) != but.end()) continue;
        if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0) == 0) ++n;
    }
    if (!deny_namespaces(filter.get())) return Error{"seccomp: this libseccomp cannot tell clone()s apart"};
    if (const int rc = seccomp_load(filter.get()); rc != 0)
        return Error{
            fmt::format("seccomp: {}; set seccomp = false where this kernel has none", std::strerror(-rc))};
    return n;
}

}  // namespace ajar::confine
