// Connecting and sending, never waiting for longer than told.
#include "export/socket_outlet.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace ajar::exporting {
namespace {

constexpr auto kTryEvery = std::chrono::milliseconds(100);
constexpr unsigned kInformational = 6;  // RFC 5424 6.2.1
constexpr int kBuffer = 1 << 20;        // of what waits for the listener; the kernel may grant less

/// A connected socket; -1 with errno.
int connect_to(const std::string& path, int type) {
    const int fd = ::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
        ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kBuffer, sizeof kBuffer);
        return fd;
    }
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

bool is_full(int error) { return error == EAGAIN || error == ENOBUFS; }

}  // namespace

std::string syslog_header(std::uint8_t facility, std::int64_t unix_seconds, int pid) {
    const auto when = static_cast<std::time_t>(unix_seconds);
    std::tm local{};
    localtime_r(&when, &local);
    static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("<{}>{} {:2} {:02}:{:02}:{:02} ajar[{}]: ", facility * 8U + kInformational,
                       kMonths[static_cast<std::size_t>(local.tm_mon)], local.tm_mday, local.tm_hour,
                       local.tm_min, local.tm_sec, pid);
}

Result<std::unique_ptr<Outlet>> SocketOutlet::open(const Target& target, Begin begin, Patience patience) {
    std::unique_ptr<SocketOutlet> out(new SocketOutlet(target, begin, std::move(patience)));
    const int error = out->connect();
    if (error != 0 && begin == Begin::anew)
        return Error{fmt::format("cannot write {}: {}; somebody must listen there", target.name,
                                 std::strerror(error))};
    return std::unique_ptr<Outlet>(std::move(out));
}

SocketOutlet::~SocketOutlet() { close(); }

void SocketOutlet::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    if (!tail_.empty()) ++lost_;
    tail_.clear();
}

int SocketOutlet::connect() {
    const bool may_stream = target_.kind == Target::Kind::unix_socket;
    int fd = connect_to(target_.path, may_stream ? SOCK_STREAM : SOCK_DGRAM);
    stream_ = fd >= 0 && may_stream;
    if (fd < 0 && errno == EPROTOTYPE && may_stream) fd = connect_to(target_.path, SOCK_DGRAM);
    if (fd < 0) return errno;
    close();
    fd_ = fd;
    return 0;
}

Result<bool> SocketOutlet::reopen() {
    next_try_ = {};
    if (fd_ < 0) static_cast<void>(connect());
    return true;
}

int SocketOutlet::write(std::string_view& rest) {
    wait_.begin();
    int error = await_listener();
    if (error == 0) error = send_tail();
    while (error == 0 && !rest.empty()) error = send_some(rest);
    wait_.end(error);
    return error;
}

int SocketOutlet::await_listener() {
    while (fd_ < 0) {
        if (begin_ == Begin::anew) return ENXIO;
        if (const auto now = Clock::now(); now >= next_try_) {
            next_try_ = now + kTryEvery;
            if (connect() == 0) break;
        }
        if (!wait_.may_go_on()) return ENXIO;
        ::poll(nullptr, 0, Wait::kLookMs);
    }
    return 0;
}

int SocketOutlet::send_some(std::string_view& rest) { return stream_ ? send_stream(rest) : send_line(rest); }

/// Who is gone is looked for next time.
int SocketOutlet::fault(int error) {
    if (is_full(error)) return EAGAIN;
    close();
    return ENXIO;
}

int SocketOutlet::send_line(std::string_view& rest) {
    const auto line = first_line(rest);
    std::string_view message = line;
    if (target_.kind == Target::Kind::syslog) {
        datagram_ = syslog_header(target_.facility, std::time(nullptr), getpid());
        datagram_.append(line.substr(0, line.size() - 1));
        message = datagram_;
    }
    for (;;) {
        if (::send(fd_, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) break;
        if (errno == EINTR) continue;
        if (is_full(errno) && wait_.for_room(fd_) && wait_.may_go_on()) continue;
        if (errno != EMSGSIZE) return fault(errno);
        ++lost_;  // no listener would get it
        break;
    }
    rest.remove_prefix(line.size());
    return 0;
}

int SocketOutlet::send_stream(std::string_view& rest) {
    const auto n = ::send(fd_, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) return 0;
    if (n < 0 && is_full(errno) && wait_.for_room(fd_)) return 0;
    if (n < 0) return fault(errno);
    const auto sent = rest.substr(0, static_cast<std::size_t>(n));
    rest.remove_prefix(sent.size());
    if (sent.empty() || sent.back() == '\n') return 0;
    tail_ = first_line(rest);
    rest.remove_prefix(tail_.size());
    return send_tail();
}

int SocketOutlet::send_tail() {
    while (!tail_.empty()) {
        const auto n = ::send(fd_, tail_.data(), tail_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n >= 0) {
            tail_.erase(0, static_cast<std::size_t>(n));
        } else if (errno != EINTR && !(is_full(errno) && wait_.for_room(fd_))) {
            return fault(errno);
        }
    }
    return 0;
}

}  // namespace ajar::exporting
