// In which folder is a file?
#pragma once

#include <filesystem>
#include <string>

namespace ajar::config {

/// "." for a name alone.
inline std::string folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder.string();
}

}  // namespace ajar::config
