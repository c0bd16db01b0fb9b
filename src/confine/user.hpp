// The user that the appliance becomes, and acting as that user beforehand.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::confine {

struct User {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups{};  ///< all of them, `gid` too
};

/// By the system's user database. `group`: instead of the user's own, if not empty. An empty `user`, or the
/// one who asks, is nobody to become: nothing. Only root becomes another.
Result<std::optional<User>> find_user(const std::string& user, const std::string& group);

/// While it lives, this thread makes and opens files as that user does (fsuid, fsgid, groups), so that who
/// may not do it later is told so at the start. With nobody it does nothing. Threads that it starts inherit
/// that.
class AsUser {
public:
    explicit AsUser(const std::optional<User>& user);
    ~AsUser();
    AsUser(const AsUser&) = delete;
    AsUser& operator=(const AsUser&) = delete;

private:
    std::optional<std::vector<gid_t>> groups_;  ///< to go back to; none: nothing was changed
    uid_t uid_ = 0;
    gid_t gid_ = 0;
};

}  // namespace ajar::confine
