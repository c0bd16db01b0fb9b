// Reading what the kernel shows.
#include "doctor/sight.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "config/cpus.hpp"

namespace ajar::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBlanks = " \t\r\n";

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

}  // namespace

std::optional<std::string> Sight::text(const std::string& path) const {
    std::ifstream file(root_ + path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string out{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) return std::nullopt;
    return trimmed(out);
}

std::vector<std::string> Sight::lines(const std::string& path) const {
    std::vector<std::string> out;
    std::istringstream all(text(path).value_or(""));
    for (std::string line; std::getline(all, line);) out.push_back(line);
    return out;
}

std::optional<std::int64_t> Sight::number(const std::string& path) const {
    const auto digits = text(path);
    if (!digits) return std::nullopt;
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), out);
    if (error != std::errc{} || end == digits->data()) return std::nullopt;
    return out;
}

std::vector<unsigned> Sight::cpus(const std::string& path) const {
    const auto list = text(path);
    if (!list || list->empty()) return {};
    auto cpus = config::parse_cpus(*list);
    return cpus ? *cpus : std::vector<unsigned>{};
}

std::vector<std::string> Sight::names(const std::string& folder) const {
    std::vector<std::string> out;
    std::error_code none;
    for (auto it = fs::directory_iterator(root_ + folder, none); !none && it != fs::directory_iterator();
         it.increment(none))
        out.push_back(it->path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

std::string Sight::target(const std::string& link) const {
    std::error_code none;
    return fs::read_symlink(root_ + link, none).filename().string();
}

bool Sight::exists(const std::string& path) const {
    std::error_code none;
    return fs::exists(root_ + path, none);
}

std::string Sight::field(const std::string& path, std::string_view key) const {
    for (const auto& line : lines(path))
        if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':')
            return trimmed(std::string_view(line).substr(key.size() + 1));
    return {};
}

std::vector<std::string> words_of(std::string_view line) {
    std::istringstream in{std::string(line)};
    return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace ajar::doctor
