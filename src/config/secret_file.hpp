// Files whose content is nobody else's business.
#pragma once

#include <fstream>
#include <string>

#include "ajar/result.hpp"

namespace ajar::config {

/// An error: it cannot be read, or by others, too; `what` is in it, as in "the password". What the file says
/// is never told.
Result<std::ifstream> open_secret(const std::string& path, const char* what);

}  // namespace ajar::config
