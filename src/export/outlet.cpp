// Opening, writing and waiting.
#include "export/outlet.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ajar::exporting {
namespace {

constexpr int kLookMs = 10;
constexpr auto kBriefly = std::chrono::milliseconds(50);

/// -1 with errno where it fails: ENXIO for a named pipe that nobody reads, which would otherwise hold us
/// here.
int open_path(const std::string& path, Begin begin) {
    if (path == "-") return STDOUT_FILENO;
    const int how = begin == Begin::append ? O_APPEND : O_TRUNC;
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | how, 0644);
}

Error open_error(const std::string& path, int error) {
    return {fmt::format("cannot write {}: {}; give a file in a directory that exists and may be written to",
                        path, std::strerror(error))};
}

bool is_pipe(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISFIFO(about.st_mode);
}

bool is_regular(int fd) {
    struct stat about {};
    return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

bool is_empty(int fd) {
    struct stat about {};
    return ::fstat(fd, &about) == 0 && about.st_size == 0;
}

/// What a pipe with any room at all takes whole: standard output is not ours to set to non-blocking.
std::string_view piece_for_pipe(std::string_view bytes) {
    if (bytes.size() <= PIPE_BUF) return bytes;
    const auto end = bytes.rfind('\n', PIPE_BUF - 1);
    return bytes.substr(0, end == std::string_view::npos ? PIPE_BUF : end + 1);
}

}  // namespace

Result<Outlet> Outlet::open(const std::string& path, Begin begin, Patience patience) {
    Outlet out(path, std::move(patience));
    if (const int error = out.take(begin); error != 0) return open_error(path, error);
    return out;
}

Outlet::Outlet(Outlet&& from) noexcept
    : path_(std::move(from.path_)),
      patience_(std::move(from.patience_)),
      fd_(std::exchange(from.fd_, -1)),
      can_fill_(from.can_fill_) {}

Outlet::~Outlet() { close(); }

void Outlet::close() {
    if (fd_ != STDOUT_FILENO && fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

int Outlet::take(Begin begin) {
    const int fd = open_path(path_, begin);
    const int error = fd < 0 ? errno : 0;
    if (error != 0 && !(error == ENXIO && is_pipe(path_))) return error;
    close();
    fd_ = fd;
    can_fill_ = fd < 0 || !is_regular(fd);
    cut_ = cut_ && !is_empty(fd);
    return 0;
}

Result<bool> Outlet::reopen() {
    if (const int error = take(Begin::append); error != 0) return open_error(path_, error);
    return true;
}

int Outlet::write(std::string_view& rest) {
    deadline_ = Clock::now() + (stalled_ ? Clock::duration{} : kBriefly);
    int error = await_reader();
    if (error == 0 && cut_) error = end_cut_line();
    while (error == 0 && !rest.empty()) error = write_piece(rest);
    stalled_ = error == EAGAIN || error == ENXIO;
    return error;
}

int Outlet::await_reader() {
    while (fd_ < 0) {
        if (const int error = take(Begin::append); error != 0) return error;
        if (fd_ >= 0) break;
        if (!may_wait()) return ENXIO;
        ::poll(nullptr, 0, kLookMs);
    }
    return 0;
}

bool Outlet::may_wait() const { return patience_ ? patience_() : Clock::now() < deadline_; }

bool Outlet::await_room() {
    pollfd room{fd_, POLLOUT, 0};
    while (::poll(&room, 1, 0) <= 0) {
        if (!may_wait()) return false;
        ::poll(&room, 1, kLookMs);
    }
    return true;
}

int Outlet::write_piece(std::string_view& rest) {
    if (can_fill_ && !await_room()) return EAGAIN;
    const auto piece = can_fill_ ? piece_for_pipe(rest) : rest;
    const auto n = ::write(fd_, piece.data(), piece.size());
    if (n < 0) return errno == EINTR ? 0 : errno;
    if (n > 0) cut_ = piece[static_cast<std::size_t>(n) - 1] != '\n';
    rest.remove_prefix(static_cast<std::size_t>(n));
    return 0;
}

int Outlet::end_cut_line() {
    std::string_view end = "\n";
    int error = 0;
    while (error == 0 && !end.empty()) error = write_piece(end);
    return error;
}

}  // namespace ajar::exporting
