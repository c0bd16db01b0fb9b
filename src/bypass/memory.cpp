// The file: "ajar 1", then a line for each thing, its words parted by tabs.
#include "bypass/memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string_view>

namespace ajar::bypass {
namespace {

constexpr const char* kHead = "ajar 1";
constexpr std::size_t kMost = 64 * 1024;

class File {
public:
    explicit File(int fd) : fd_(fd) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

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
    std::string out =
        fmt::format("{}\nwhen_down\t{}\nsocket\t{}\n", kHead, word_for(memory.when_down), memory.socket);
    for (const auto& way : memory.ways)
        out += fmt::format("way\t{}\t{}\t{}\t{}\n", way.port_a, way.port_b, way.a, way.b);
    return out + "end\n";
}

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line)
        if (c == '\t') {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    return out;
}

bool take_line(const std::vector<std::string>& words, Memory& out) {
    if (words[0] == "when_down" && words.size() == 2) {
        out.when_down = words[1] == word_for(WhenDown::open) ? WhenDown::open : WhenDown::closed;
    } else if (words[0] == "socket" && words.size() == 2) {
        out.socket = words[1];
    } else if (words[0] == "way" && words.size() == 5) {
        out.ways.push_back({words[1], words[2], words[3], words[4]});
    } else {
        return false;
    }
    return true;
}

/// Whole, or not at all.
bool read_text(const std::string& text, Memory& out) {
    std::istringstream in(text);
    std::string line;
    if (!std::getline(in, line) || line != kHead) return false;
    while (std::getline(in, line)) {
        if (line == "end") return true;
        if (!take_line(split(line), out)) return false;
    }
    return false;
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
    const File in(open_folder(folder));
    if (in.get() < 0) return memory_fault(folder);
    if (!is_own(in.get()))
        return Error{fmt::format("{} is not root's alone: nothing is remembered in there", folder)};
    const auto name = name_for(config_file), fresh = name + ".new";
    if (::unlinkat(in.get(), fresh.c_str(), 0) != 0 && errno != ENOENT) return memory_fault(folder);
    const File out(
        ::openat(in.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (out.get() < 0 || !write_all(out.get(), text_of(memory)) ||
        ::renameat(in.get(), fresh.c_str(), in.get(), name.c_str()) != 0)
        return memory_fault(folder + "/" + name);
    return true;
}

Result<Memory> recall(const std::string& folder, const std::string& config_file) {
    const auto name = name_for(config_file), path = folder + "/" + name;
    const File in(open_folder(folder));
    if (in.get() < 0) return memory_fault(folder);
    const File file(::openat(in.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.get() < 0) return memory_fault(path);
    if (!is_own(in.get()) || !is_own(file.get()))
        return Error{fmt::format("{}: it is not root's alone, so it is not believed", path)};
    std::string text(kMost, '\0');
    const auto n = ::read(file.get(), text.data(), text.size());
    if (n < 0) return memory_fault(path);
    text.resize(static_cast<std::size_t>(n));
    Memory out;
    if (!read_text(text, out)) return Error{fmt::format("{}: it is damaged", path)};
    return out;
}

}  // namespace ajar::bypass
