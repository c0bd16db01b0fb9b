// Opening, writing, waiting, rotating.
#include "export/file_outlet.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ajar::exporting {
namespace {

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

struct stat about_file(int fd) {
    struct stat about {};
    if (::fstat(fd, &about) != 0) about = {};
    return about;
}

/// What a pipe with any room at all takes whole: standard output is not ours to set to non-blocking.
std::string_view piece_for_pipe(std::string_view bytes) {
    if (bytes.size() <= PIPE_BUF) return bytes;
    const auto end = bytes.rfind('\n', PIPE_BUF - 1);
    return bytes.substr(0, end == std::string_view::npos ? PIPE_BUF : end + 1);
}

}  // namespace

Result<std::unique_ptr<Outlet>> FileOutlet::open(const std::string& path, Begin begin, Patience patience,
                                                 Rotation rotation) {
    std::unique_ptr<FileOutlet> out(new FileOutlet(path, std::move(patience), std::move(rotation)));
    if (const int error = out->take(begin); error != 0) return open_error(path, error);
    return std::unique_ptr<Outlet>(std::move(out));
}

FileOutlet::~FileOutlet() { close(); }

void FileOutlet::close() {
    if (fd_ != STDOUT_FILENO && fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

int FileOutlet::take(Begin begin) {
    const int fd = open_path(path_, begin);
    const int error = fd < 0 ? errno : 0;
    if (error != 0 && !(error == ENXIO && is_pipe(path_))) return error;
    close();
    fd_ = fd;
    const struct stat about = about_file(fd);
    can_fill_ = !S_ISREG(about.st_mode);
    size_ = can_fill_ ? 0 : static_cast<std::uint64_t>(about.st_size);
    const bool holds_lines = size_ != 0;
    cut_ = cut_ && holds_lines;
    period_ =
        rotation_.period_of(holds_lines ? Time(std::chrono::seconds(about.st_mtim.tv_sec)) : rotation_.now());
    return 0;
}

Result<bool> FileOutlet::reopen() {
    if (const int error = take(Begin::append); error != 0) return open_error(path_, error);
    cannot_rotate_ = false;
    return true;
}

int FileOutlet::write(std::string_view& rest) {
    wait_.begin();
    int error = await_reader();
    if (error == 0 && rotates()) turn_of_period();
    while (error == 0 && !rest.empty()) error = write_share(rest);
    wait_.end(error);
    return error;
}

/// As much as this file may take, or the next one.
int FileOutlet::write_share(std::string_view& rest) {
    auto share = share_of(rest);
    if (share.empty()) {
        rotate();
        share = share_of(rest);
    }
    const std::size_t whole = share.size();
    int error = cut_ ? end_cut_line() : 0;
    while (error == 0 && !share.empty()) error = write_piece(share);
    rest.remove_prefix(whole - share.size());
    return error;
}

bool FileOutlet::rotates() const {
    return !can_fill_ && !cannot_rotate_ && fd_ != STDOUT_FILENO && size_ != 0;
}

/// The lines that do not make the file too long.
std::string_view FileOutlet::share_of(std::string_view lines) const {
    if (rotation_.bytes == 0 || can_fill_ || cannot_rotate_ || fd_ == STDOUT_FILENO) return lines;
    const auto room = rotation_.bytes - std::min(size_, rotation_.bytes);
    if (room >= lines.size()) return lines;
    const auto end = room == 0 ? std::string_view::npos : lines.rfind('\n', room - 1);
    return end == std::string_view::npos && size_ == 0 ? first_line(lines) : lines.substr(0, end + 1);
}

void FileOutlet::turn_of_period() {
    if (rotation_.every != Duration(0) && rotation_.period_of(rotation_.now()) != period_) rotate();
}

// Where it fails, the file goes on growing: too long a log is better than none.
void FileOutlet::rotate() {
    int error = make_room(path_, rotation_.keep);
    if (error == 0) error = take(Begin::append);
    if (error == 0) return;
    cannot_rotate_ = true;
    const auto text =
        fmt::format("ajar: cannot rotate {}: {}; it goes on growing\n", path_, std::strerror(error));
    std::fputs(text.c_str(), stderr);
}

int FileOutlet::await_reader() {
    while (fd_ < 0) {
        if (const int error = take(Begin::append); error != 0) return error;
        if (fd_ >= 0) break;
        if (!wait_.may_go_on()) return ENXIO;
        ::poll(nullptr, 0, Wait::kLookMs);
    }
    return 0;
}

int FileOutlet::write_piece(std::string_view& rest) {
    if (can_fill_ && !wait_.for_room(fd_)) return EAGAIN;
    const auto piece = can_fill_ ? piece_for_pipe(rest) : rest;
    const auto n = ::write(fd_, piece.data(), piece.size());
    if (n < 0) return errno == EINTR ? 0 : errno;
    if (n > 0) {
        if (size_ == 0) period_ = rotation_.period_of(rotation_.now());
        cut_ = piece[static_cast<std::size_t>(n) - 1] != '\n';
        size_ += static_cast<std::uint64_t>(n);
    }
    rest.remove_prefix(static_cast<std::size_t>(n));
    return 0;
}

int FileOutlet::end_cut_line() {
    std::string_view end = "\n";
    int error = 0;
    while (error == 0 && !end.empty()) error = write_piece(end);
    return error;
}

}  // namespace ajar::exporting
