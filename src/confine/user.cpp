// Users, by name and by what this thread may do as one.
#include "confine/user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace ajar::confine {
namespace {

/// Of this thread alone; glibc's setgroups() would change all of them.
void set_own_groups(const std::vector<gid_t>& groups) {
    syscall(SYS_setgroups, groups.size(), groups.data());
}

std::vector<gid_t> own_groups() {
    std::vector<gid_t> out(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    const int n = getgroups(static_cast<int>(out.size()), out.data());
    out.resize(static_cast<std::size_t>(std::max(n, 0)));
    return out;
}

std::vector<gid_t> groups_of(const std::string& name, gid_t gid) {
    std::vector<gid_t> out(64);
    int n = static_cast<int>(out.size());
    if (getgrouplist(name.c_str(), gid, out.data(), &n) < 0) {
        out.resize(static_cast<std::size_t>(n));
        if (getgrouplist(name.c_str(), gid, out.data(), &n) < 0) return {gid};
    }
    out.resize(static_cast<std::size_t>(n));
    return out;
}

}  // namespace

Result<std::optional<User>> find_user(const std::string& user, const std::string& group) {
    if (user.empty()) return std::optional<User>();
    const auto* const entry = getpwnam(user.c_str());
    if (entry == nullptr)
        return Error{
            fmt::format("there is no user {0}: adduser --system --group --no-create-home {0}", user)};
    User out{.name = user, .uid = entry->pw_uid, .gid = entry->pw_gid};
    if (!group.empty()) {
        const auto* const other = getgrnam(group.c_str());
        if (other == nullptr)
            return Error{fmt::format("there is no group {0}: groupadd --system {0}", group)};
        out.gid = other->gr_gid;
    }
    if (out.uid == geteuid() && (group.empty() || out.gid == getegid())) return std::optional<User>();
    if (geteuid() != 0)
        return Error{fmt::format("only root can become {}; start it as root, or leave `user` empty", user)};
    out.groups = groups_of(user, out.gid);
    return std::optional<User>(std::move(out));
}

// The capabilities to pass over rights of files leave and come with the fsuid.
AsUser::AsUser(const std::optional<User>& user) {
    if (!user) return;
    groups_ = own_groups();
    set_own_groups(user->groups);
    gid_ = static_cast<gid_t>(setfsgid(user->gid));
    uid_ = static_cast<uid_t>(setfsuid(user->uid));
}

AsUser::~AsUser() {
    if (!groups_) return;
    setfsuid(uid_);
    setfsgid(gid_);
    set_own_groups(*groups_);
}

}  // namespace ajar::confine
