// Reading what the kernel shows in /proc, /sys and /etc, below a root that tests replace. Changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::doctor {

/// Paths are absolute, as they are on the machine. What is not there or cannot be read is nothing, not an
/// error.
class Sight {
public:
    explicit Sight(std::string root = {}) : root_(std::move(root)) {}

    /// Without blanks and ends of lines behind it.
    [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> lines(const std::string& path) const;
    [[nodiscard]] std::optional<std::int64_t> number(const std::string& path) const;
    /// "0-3,8"; none where nothing like that stands there.
    [[nodiscard]] std::vector<unsigned> cpus(const std::string& path) const;
    /// In a folder, in order.
    [[nodiscard]] std::vector<std::string> names(const std::string& folder) const;
    /// The last part of what a symbolic link points to.
    [[nodiscard]] std::string target(const std::string& link) const;
    [[nodiscard]] bool exists(const std::string& path) const;
    /// What stands behind "Key:" in a file of such lines.
    [[nodiscard]] std::string field(const std::string& path, std::string_view key) const;

private:
    std::string root_;
};

/// By blanks.
std::vector<std::string> words_of(std::string_view line);

}  // namespace ajar::doctor
