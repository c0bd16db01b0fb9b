// Where lines go: a file or standard output.
#include "export/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ajar::exporting {
namespace {

/// -1 with errno where it fails.
int open_path(const std::string& path, LineWriter::Begin begin) {
    if (path == "-") return STDOUT_FILENO;
    const int how = begin == LineWriter::Begin::append ? O_APPEND : O_TRUNC;
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);
}

Error open_error(const std::string& path) {
    return {fmt::format("cannot write {}: {}; give a file in a directory that exists and may be written to",
                        path, std::strerror(errno))};
}

/// A pipe may be set not to block by whoever reads it.
bool again(int fd) {
    if (errno == EINTR) return true;
    if (errno != EAGAIN) return false;
    pollfd room{fd, POLLOUT, 0};
    return ::poll(&room, 1, -1) > 0 || errno == EINTR;
}

/// Bytes written: all, or those before an error that stands in errno.
std::size_t write_all(int fd, std::string_view bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (n >= 0)
            done += static_cast<std::size_t>(n);
        else if (!again(fd))
            break;
    }
    return done;
}

}  // namespace

Result<std::unique_ptr<LineWriter>> LineWriter::open(const std::string& path, Begin begin) {
    const int fd = open_path(path, begin);
    if (fd < 0) return open_error(path);
    return std::unique_ptr<LineWriter>(new LineWriter(path, fd));
}

LineWriter::~LineWriter() {
    flush();
    if (fd_ != STDOUT_FILENO) ::close(fd_);
}

void LineWriter::flush() {
    const std::string_view bytes(buffer_.data(), buffer_.size());
    const auto done = write_all(fd_, bytes);
    if (done == bytes.size()) {
        written_ += pending_;
    } else {
        const int error = errno;
        const auto head = bytes.substr(0, done);
        const auto whole = static_cast<std::uint64_t>(std::count(head.begin(), head.end(), '\n'));
        written_ += whole;
        lose(pending_ - whole, error);
    }
    buffer_.clear();
    pending_ = 0;
}

void LineWriter::lose(std::uint64_t lines, int error) {
    lost_ += lines;
    if (told_) return;
    told_ = true;
    fmt::print(stderr, "ajar: cannot write to {}: {}; lines are lost and counted from here on\n", path_,
               std::strerror(error));
}

Result<bool> LineWriter::reopen() {
    flush();
    if (fd_ == STDOUT_FILENO) return true;
    const int fd = open_path(path_, Begin::append);
    if (fd < 0) return open_error(path_);
    ::close(fd_);
    fd_ = fd;
    told_ = false;
    return true;
}

}  // namespace ajar::exporting
