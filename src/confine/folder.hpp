// Folders in which root makes what is the user's later on: taken back before, handed over behind it.
//
// What a user has owned may hold links to anywhere. So folders are opened as they are, never followed, each
// from the one that holds it; what is in them is named from there.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "ajar/result.hpp"
#include "confine/user.hpp"

namespace ajar::confine {

/// `path`, made if it is not there, becomes root's (0755), and so does each of `inside`, one in the other, as
/// far as they are there (0700). Links in them go; of the last of `inside` all files do, unless a living
/// process has a lock on one of them. An error: something else stands there, or everybody writes to it.
Result<bool> take_back(const std::string& path, const std::vector<std::string>& inside);

/// The same folders to the user, and all that the last of `inside` holds; groups stay. What is not there
/// needs no owner.
Result<bool> hand_over(const std::string& path, const std::vector<std::string>& inside, const User& user);

/// Its owner; nobody where no folder stands at the path.
std::optional<uid_t> owner_of(const std::string& path);

/// A listening socket of this process. Nothing, too, where there is none: then nobody else's is given away.
Result<bool> hand_over_socket(const std::string& path, const User& user);

}  // namespace ajar::confine
