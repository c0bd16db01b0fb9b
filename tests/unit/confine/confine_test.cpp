// Each in a process of its own, as nothing of this can be taken back: the exit code says what went wrong.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "confine/denied.hpp"
#include "confine/privileges.hpp"
#include "confine/user.hpp"

namespace ajar::confine {
namespace {

int in_a_child(const std::function<int()>& job) {
    const pid_t child = fork();
    if (child == 0) _exit(job());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Of this thread.
std::string of_me(const char* key) {
    std::ifstream in("/proc/thread-self/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key)) return line.substr(line.find('\t') + 1);
    return {};
}

/// Of a program that is not there: one that is would end the test, and well.
bool exec_is_refused() {
    char* const argv[] = {nullptr};
    return execve("/nonexistent/program", argv, argv) != 0 && errno == EPERM;
}

User nobody() {
    auto user = find_user("nobody", "");
    return user && *user ? **user : User{};
}

#define NEEDS_ROOT() \
    if (geteuid() != 0) GTEST_SKIP() << "only root becomes another"

TEST(Confine, DeniedCallsAreRefusedInThreadsBeforeAndAfter) {
    const int code = in_a_child([] {
        std::atomic<int> stage{0}, refused{0};
        std::thread before([&] {
            while (stage.load() == 0) sched_yield();
            if (exec_is_refused()) ++refused;
        });
        const auto denied = deny();
        if (!denied || *denied < denied_calls().size() - 4) return 10;
        stage = 1;
        before.join();
        std::thread after([&] {
            if (exec_is_refused()) ++refused;
        });
        after.join();
        if (refused.load() != 2) return 11;
        if (unshare(CLONE_NEWNET) == 0 || errno != EPERM) return 12;
        if (syscall(SYS_bpf, 0, nullptr, 0) == 0 || errno != EPERM) return 13;
        return of_me("NoNewPrivs") == "1" ? 0 : 14;
    });
    EXPECT_EQ(code, 0);
}

TEST(Confine, WhatADeviceNeedsIsNotDenied) {
    EXPECT_EQ(in_a_child([] {
                  static constexpr std::string_view kBut[] = {"bpf"};
                  if (!deny(kBut)) return 10;
                  return syscall(SYS_bpf, -1, nullptr, 0) != 0 && errno != EPERM ? 0 : 11;
              }),
              0);
}

TEST(Confine, EveryThreadBecomesTheUserAndMainAloneKeepsACapability) {
    NEEDS_ROOT();
    const int code = in_a_child([] {
        std::atomic<int> stage{0}, fault{0};
        std::thread other([&] {
            while (stage.load() == 0) sched_yield();
            if (of_me("Uid").find("0\t") == 0) fault = 20;
            if (of_me("CapPrm") != "0000000000000000") fault = 21;
        });
        const auto done = become(nobody(), {"cap_net_admin"});
        stage = 1;
        other.join();
        if (!done) return 10;
        if (fault.load() != 0) return fault.load();
        if (of_me("CapEff") != "0000000000001000") return 11;  // bit 12
        if (setuid(0) == 0) return 12;
        return 0;
    });
    EXPECT_EQ(code, 0);
}

/// A thread that glibc knows nothing of keeps its uid: nothing may go on then.
TEST(Confine, AThreadThatDoesNotFollowIsSeen) {
    NEEDS_ROOT();
    const int code = in_a_child([] {
        static char stack[16384];
        constexpr int kThread =
            CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
        const auto sleep_raw = [](void*) -> int {
            for (;;) syscall(SYS_sched_yield);
        };
        if (clone(sleep_raw, stack + sizeof stack, kThread, nullptr) < 0) return 10;
        const auto done = become(nobody(), {});
        return !done && done.error().find("did not become nobody") != std::string::npos ? 0 : 11;
    });
    EXPECT_EQ(code, 0);
}

TEST(Confine, ActingAsTheUserIsRefusedWhatHeIsRefused) {
    NEEDS_ROOT();
    std::string name = (std::filesystem::temp_directory_path() / "ajar-confine.XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(name.data());
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
    const std::optional<User> user = nobody();
    {
        const AsUser as(user);
        EXPECT_FALSE(std::ofstream(folder / "a").is_open());
    }
    EXPECT_TRUE(std::ofstream(folder / "b").is_open());  // root again
    give(folder, user);
    {
        const AsUser as(user);
        EXPECT_TRUE(std::ofstream(folder / "c").is_open());
    }
    struct stat about {};
    ASSERT_EQ(stat((folder / "c").c_str(), &about), 0);
    EXPECT_EQ(about.st_uid, user->uid);
    std::filesystem::remove_all(folder);
}

TEST(Confine, UsersAreFoundByName) {
    EXPECT_FALSE(find_user("no-such-user-here", ""));
    const auto none = find_user("", "");
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_value());
    if (geteuid() != 0) {
        EXPECT_FALSE(find_user("root", "")) << "root cannot be become";
        return;
    }
    EXPECT_FALSE(find_user("root", "")->has_value()) << "it is root already";
    EXPECT_FALSE(find_user("nobody", "no-such-group-here"));
    const auto with_group = find_user("nobody", "daemon");
    ASSERT_TRUE(with_group && *with_group);
    EXPECT_EQ((*with_group)->gid, 1U);
}

TEST(Confine, CapabilitiesByDriver) {
    EXPECT_TRUE(capabilities_for("net_null").empty());
    EXPECT_EQ(capabilities_for("net_af_packet").front(), "cap_net_admin");
    EXPECT_EQ(capabilities_for("mlx5_pci").size(), 3U);
    EXPECT_EQ(capabilities_for("net_ixgbe").front(), "cap_ipc_lock");
}

}  // namespace
}  // namespace ajar::confine
