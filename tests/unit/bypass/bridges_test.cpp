// Is a bridge found by its members, whatever the ports were when it was made? In a network namespace of its
// own.
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "bypass/bypass.hpp"

namespace ajar::bypass {
namespace {

constexpr int kNoNamespaces = 77;

bool does(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// Four interfaces: w, x, y, z. /sys shows those of the namespace it was mounted in.
bool enter_namespace() {
    return unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 &&
           mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           mount("none", "/sys", "sysfs", 0, nullptr) == 0 && does("ip link add w type veth peer name x") &&
           does("ip link add y type veth peer name z");
}

int beside_the_machine(const std::function<int()>& job) {
    const pid_t child = fork();
    if (child == 0) _exit(enter_namespace() ? job() : kNoNamespaces);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Way between(const char* a, const char* b) { return {a, b, a, b}; }
int bridges() {
    int n = 0;
    auto* const all = if_nameindex();
    for (const auto* one = all; one->if_index != 0; ++one)
        n += std::string(one->if_name).starts_with(kPrefix);
    if_freenameindex(all);
    return n;
}

TEST(Bridges, AreFoundByTheirMembers) {
    const int code = beside_the_machine([] {
        const auto before = between("w", "y"), now = between("y", "z"), apart = between("x", "z");
        if (const auto made = open(before); !made || !*made) return 1;
        if (!is_open(before) || is_open(now) || is_open(apart)) return 2;
        if (!is_open(between("y", "w"))) return 3;
        if (const auto again = open(before); !again || *again) return 4;
        if (const auto none = shut(apart); !none || *none || bridges() != 1) return 5;
        // The ports have been others, and the new pair's first is the old one's second.
        if (const auto gone = shut(now); !gone || !*gone || bridges() != 0) return 6;
        if (!open(before) || !open(now) || !is_open(now) || is_open(before) || bridges() != 1) return 7;
        // One of each of two bridges.
        if (!shut(now) || !open(between("w", "y")) || !open(between("x", "z"))) return 8;
        const auto both = shut(between("y", "x"));
        return both && *both && bridges() == 0 ? 0 : 9;
    });
    if (code == kNoNamespaces) GTEST_SKIP() << "no network namespaces here";
    EXPECT_EQ(code, 0);
}

TEST(Bridges, OfSomebodyElseAreAnError) {
    const int code = beside_the_machine([] {
        if (!does("ip link add br0 type bridge") || !does("ip link set y master br0")) return kNoNamespaces;
        for (const auto& way : {between("w", "y"), between("y", "w")}) {
            const auto fault = shut(way);
            if (fault || fault.error().find("ip link set y nomaster") == std::string::npos) return 1;
            if (open(way)) return 2;
        }
        return bridges() == 0 && if_nametoindex("br0") != 0 ? 0 : 3;
    });
    if (code == kNoNamespaces) GTEST_SKIP() << "no network namespaces here";
    EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace ajar::bypass
