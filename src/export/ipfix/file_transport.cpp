// Writing whole messages.
#include "export/ipfix/file_transport.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ajar::exporting::ipfix {
namespace {

Error open_error(const std::string& path, int error) {
    return {fmt::format("cannot write {}: {}; give a file in a directory that exists and may be written to",
                        path, std::strerror(error))};
}

/// 0, or the error's number.
int write_all(int fd, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) return errno;
        if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

}  // namespace

Result<std::unique_ptr<Transport>> FileTransport::open(const std::string& path, Begin begin) {
    std::unique_ptr<FileTransport> out(new FileTransport(path));
    if (const int error = out->take(begin); error != 0) return open_error(path, error);
    return std::unique_ptr<Transport>(std::move(out));
}

int FileTransport::take(Begin begin) {
    const int how = begin == Begin::append ? O_APPEND : O_TRUNC;
    Descriptor fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644));
    if (fd.get() < 0) return errno;
    fd_ = std::move(fd);
    return 0;
}

Result<bool> FileTransport::reopen() {
    if (const int error = take(Begin::append); error != 0) return open_error(path_, error);
    news_ = News::session;
    return true;
}

void FileTransport::send(std::span<const std::uint8_t> message, std::uint32_t flows) {
    const auto whole = ::lseek(fd_.get(), 0, SEEK_END);
    if (const int error = write_all(fd_.get(), message); error != 0) {
        lose(flows, std::strerror(error));
        static_cast<void>(::ftruncate(fd_.get(), whole));  // a full disk took the beginning of a message
        return;
    }
    counts_.sent += flows;
}

}  // namespace ajar::exporting::ipfix
