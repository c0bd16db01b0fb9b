// Each in a process of its own, as nothing of this can be taken back: the exit code says what went wrong.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "confine/denied.hpp"
#include "confine/folder.hpp"
#include "confine/privileges.hpp"
#include "confine/user.hpp"

namespace ajar::confine {
namespace {

namespace fs = std::filesystem;

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
        for (const int flag : {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID})
            if (syscall(SYS_clone, flag | SIGCHLD, nullptr, nullptr, nullptr, nullptr) >= 0 || errno != EPERM)
                return 15;
        if (syscall(SYS_clone3, nullptr, 0) >= 0 || errno != ENOSYS) return 16;
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

/// Where threads cannot be looked at, none is believed.
TEST(Confine, WithoutProcNobodyIsBelieved) {
    NEEDS_ROOT();
    const int code = in_a_child([] {
        const auto user = nobody();
        if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            return 77;
        if (mount("none", "/proc", "tmpfs", 0, nullptr) != 0) return 77;
        const auto done = become(user, {});
        return !done && done.error().starts_with("/proc/self/task does not show") ? 0 : 11;
    });
    if (code == 77) GTEST_SKIP() << "no mount namespaces here";
    EXPECT_EQ(code, 0);
}

/// A folder that the user has had, and what he has laid in there for root to step on.
class Handed : public testing::Test {
protected:
    Handed() {
        std::string name = (fs::temp_directory_path() / "ajar-folder.XXXXXX").string();
        root_ = mkdtemp(name.data());
        run_ = root_ / "run";
        fs::create_directories(own());
        fs::create_directories(root_ / "elsewhere");
        std::ofstream(victim()) << "root's\n";
    }
    ~Handed() override { fs::remove_all(root_); }
    [[nodiscard]] fs::path own() const { return run_ / "dpdk" / "ajar1"; }
    [[nodiscard]] fs::path victim() const { return root_ / "elsewhere" / "config"; }
    static uid_t owner(const fs::path& path) {
        struct stat about {};
        return lstat(path.c_str(), &about) == 0 ? about.st_uid : ~0U;
    }
    static unsigned mode(const fs::path& path) {
        return static_cast<unsigned>(fs::status(path).permissions()) & 07777;
    }
    void all_to(const User& user) const {
        for (const auto& path : {run_, run_ / "dpdk", own()})
            ASSERT_EQ(chown(path.c_str(), user.uid, user.gid), 0);
    }

    fs::path root_, run_;
    const std::vector<std::string> inside_ = {"dpdk", "ajar1"};
};

TEST_F(Handed, BackToRootWithoutLinks) {
    NEEDS_ROOT();
    all_to(nobody());
    fs::permissions(run_ / "dpdk", fs::perms(0777));
    fs::create_symlink(victim(), run_ / "ajar.sock");
    fs::create_symlink(root_ / "elsewhere", run_ / "dpdk" / "ajar2");
    fs::create_symlink(victim(), own() / "config");
    fs::create_hard_link(victim(), own() / "other");
    std::ofstream(own() / "planted") << "by the user, who still has it open\n";
    const auto done = take_back(run_, inside_);
    ASSERT_TRUE(done) << done.error();
    EXPECT_TRUE(fs::is_empty(own()));
    EXPECT_FALSE(fs::is_symlink(run_ / "ajar.sock"));
    EXPECT_FALSE(fs::is_symlink(run_ / "dpdk" / "ajar2"));
    for (const auto& path : {run_, run_ / "dpdk", own()}) EXPECT_EQ(owner(path), 0U) << path;
    EXPECT_EQ(mode(run_), 0755U);
    EXPECT_EQ(mode(run_ / "dpdk"), 0700U);
    EXPECT_EQ(mode(own()), 0700U);
    EXPECT_TRUE(fs::exists(victim()));
}

TEST_F(Handed, ALinkInstead) {
    NEEDS_ROOT();
    fs::remove_all(run_ / "dpdk");
    fs::create_symlink(root_ / "elsewhere", run_ / "dpdk");
    ASSERT_TRUE(take_back(run_, inside_));
    EXPECT_FALSE(fs::exists(fs::symlink_status(run_ / "dpdk")));
    fs::remove_all(run_);
    fs::create_symlink(root_ / "elsewhere", run_);
    const auto top = take_back(run_, inside_);
    ASSERT_FALSE(top);
    EXPECT_NE(top.error().find("cannot be opened as a folder"), std::string::npos) << top.error();
    EXPECT_TRUE(fs::exists(victim()));
}

TEST_F(Handed, AFileInsteadOrEverybodysIsRefused) {
    NEEDS_ROOT();
    fs::remove_all(run_ / "dpdk");
    std::ofstream(run_ / "dpdk") << "no folder\n";
    EXPECT_FALSE(take_back(run_, inside_));
    fs::permissions(run_, fs::perms(01777));
    EXPECT_FALSE(take_back(run_, {}));
    EXPECT_EQ(mode(run_), 01777U);
}

/// Of another process that lives, whose folder has the same name.
TEST_F(Handed, WhatIsLockedStays) {
    NEEDS_ROOT();
    std::ofstream(own() / "config") << "shared\n";
    const int fd = ::open((own() / "config").c_str(), O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(fcntl(fd, F_SETLK, &lock), 0);
    const int code = in_a_child([&] { return take_back(run_, inside_) ? 0 : 1; });  // locks are a process's
    EXPECT_EQ(code, 0);
    EXPECT_TRUE(fs::exists(own() / "config"));
    ::close(fd);
    ASSERT_TRUE(take_back(run_, inside_));
    EXPECT_FALSE(fs::exists(own() / "config"));
}

TEST_F(Handed, OverToTheUserAndNothingElse) {
    NEEDS_ROOT();
    std::ofstream(own() / "mp_socket") << "\n";
    fs::create_symlink(victim(), own() / "link");
    const auto user = nobody();
    const auto done = hand_over(run_, inside_, user);
    ASSERT_TRUE(done) << done.error();
    for (const auto& path : {run_, run_ / "dpdk", own(), own() / "mp_socket", own() / "link"})
        EXPECT_EQ(owner(path), user.uid) << path;
    EXPECT_EQ(owner(victim()), 0U);
    // Once it is his, a link of his in the place of a folder leads nowhere.
    fs::remove_all(run_ / "dpdk");
    fs::create_directories(root_ / "elsewhere" / "ajar1");
    fs::create_symlink(root_ / "elsewhere", run_ / "dpdk");
    EXPECT_FALSE(hand_over(run_, inside_, user));
    EXPECT_EQ(owner(root_ / "elsewhere"), 0U);
    EXPECT_EQ(owner(root_ / "elsewhere" / "ajar1"), 0U);
}

TEST_F(Handed, TheSocketOfThisProcessOnly) {
    NEEDS_ROOT();
    const auto user = nobody();
    const auto path = root_ / "s";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(hand_over_socket(path, user));
    EXPECT_EQ(owner(path), 0U) << "nobody listens there";
    ASSERT_EQ(listen(fd, 4), 0);
    EXPECT_EQ(in_a_child([&] { return hand_over_socket(path, user) ? 0 : 1; }), 0);
    EXPECT_EQ(owner(path), 0U) << "another process does";
    fs::create_symlink(path, root_ / "link");
    EXPECT_TRUE(hand_over_socket(root_ / "link", user));
    EXPECT_EQ(owner(path), 0U);
    EXPECT_TRUE(hand_over_socket(path, user));
    EXPECT_EQ(owner(path), user.uid);
    ::close(fd);
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
    ASSERT_TRUE(hand_over(folder, {}, *user));
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
