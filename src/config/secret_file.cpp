// Refusing what is no secret.
#include "config/secret_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace ajar::config {

Result<std::ifstream> open_secret(const std::string& path, const char* what) {
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    struct stat facts {};
    std::ifstream file(path);
    if (!file || ::stat(path.c_str(), &facts) != 0)
        return Error{fmt::format("{}: {}", path, std::strerror(errno))};
    if ((facts.st_mode & kOthers) != 0)
        return Error{fmt::format("{}: others can read {}; `chmod 600 {}`", path, what, path)};
    return file;
}

}  // namespace ajar::config
