// The file: an object of JSON.
#include "bypass/memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "descriptor.hpp"

namespace ajar::bypass {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMost = 64 * 1024;

Error memory_fault(const std::string& path) { return {fmt::format("{}: {}", path, std::strerror(errno))}; }

/// "/etc/ajar/ajar.toml" is "%2Fetc%2Fajar%2Fajar.toml": no two files share one.
std::string name_for(const std::string& config_file) {
    std::error_code none;
    std::string out;
    for (const char c : std::filesystem::absolute(config_file, none).lexically_normal().string())
        if (c == '/' || c == '%') {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    return out;
}

constexpr std::string_view word_for(WhenDown when) { return kWhenDownNames[static_cast<std::size_t>(when)]; }

std::string text_of(const Memory& memory) {
    nlohmann::json ways = nlohmann::json::array();
    for (const auto& way : memory.ways) ways.push_back({way.port_a, way.port_b, way.a, way.b});
    const nlohmann::json out = {{"version", kVersion},
                                {"when_down", word_for(memory.when_down)},
                                {"socket", memory.socket},
                                {"ways", ways}};
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Whole, or not at all.
std::optional<Memory> read_text(const std::string& text) try {
    const auto all = nlohmann::json::parse(text);
    if (all.at("version") != kVersion) return std::nullopt;
    Memory out;
    out.when_down = all.at("when_down") == word_for(WhenDown::open) ? WhenDown::open : WhenDown::closed;
    all.at("socket").get_to(out.socket);
    for (const auto& way : all.at("ways")) {
        const auto names = way.get<std::array<std::string, 4>>();
        out.ways.push_back({names[0], names[1], names[2], names[3]});
    }
    return out;
} catch (const nlohmann::json::exception&) {
    return std::nullopt;
}

/// Root's (or whoever asks), and nobody else writes to it.
bool is_own(int fd) {
    struct stat about {};
    constexpr mode_t kOthersWrite = 022;
    return fstat(fd, &about) == 0 && (about.st_uid == 0 || about.st_uid == geteuid()) &&
           (about.st_mode & kOthersWrite) == 0;
}

int open_folder(const std::string& folder) {
    return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool write_all(int fd, const std::string& text) {
    return ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
}

}  // namespace

std::string memory_folder() {
    const char* const state = std::getenv("STATE_DIRECTORY");
    if (state == nullptr || *state != '/') return "/run/ajar-bypass";
    const std::string all = state;
    return all.substr(0, all.find(':'));
}

Result<bool> remember(const std::string& folder, const std::string& config_file, const Memory& memory) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return memory_fault(folder);
    const Descriptor in(open_folder(folder));
    if (in.get() < 0) return memory_fault(folder);
    if (!is_own(in.get()))
        return Error{fmt::format("{} is not root's alone: nothing is remembered in there", folder)};
    const auto name = name_for(config_file), fresh = name + ".new";
    if (::unlinkat(in.get(), fresh.c_str(), 0) != 0 && errno != ENOENT) return memory_fault(folder);
    const Descriptor out(
        ::openat(in.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (out.get() < 0 || !write_all(out.get(), text_of(memory)) ||
        ::renameat(in.get(), fresh.c_str(), in.get(), name.c_str()) != 0)
        return memory_fault(folder + "/" + name);
    return true;
}

Result<Memory> recall(const std::string& folder, const std::string& config_file) {
    const auto name = name_for(config_file), path = folder + "/" + name;
    const Descriptor in(open_folder(folder));
    if (in.get() < 0) return memory_fault(folder);
    const Descriptor file(::openat(in.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.get() < 0) return memory_fault(path);
    if (!is_own(in.get()) || !is_own(file.get()))
        return Error{fmt::format("{}: it is not root's alone, so it is not believed", path)};
    std::string text(kMost, '\0');
    const auto n = ::read(file.get(), text.data(), text.size());
    if (n < 0) return memory_fault(path);
    text.resize(static_cast<std::size_t>(n));
    auto out = read_text(text);
    if (!out) return Error{fmt::format("{}: it is damaged", path)};
    return std::move(*out);
}

}  // namespace ajar::bypass
