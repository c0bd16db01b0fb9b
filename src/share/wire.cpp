// Sockets that never block.
#include "share/wire.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace ajar::share {
namespace {

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

template <typename T>
Address address(const T& from) {
    Address out;
    std::memcpy(&out.bytes, &from, sizeof from);
    out.size = sizeof from;
    return out;
}

Address address_of(const config::RedisServer& to) {
    if (!to.path.empty()) {
        sockaddr_un out{};
        out.sun_family = AF_UNIX;
        to.path.copy(out.sun_path, sizeof out.sun_path - 1);
        return address(out);
    }
    if (to.at.ipv6()) {
        sockaddr_in6 out{};
        out.sin6_family = AF_INET6;
        out.sin6_port = htons(to.at.port);
        inet_pton(AF_INET6, to.at.address.c_str(), &out.sin6_addr);
        return address(out);
    }
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(to.at.port);
    inet_pton(AF_INET, to.at.address.c_str(), &out.sin_addr);
    return address(out);
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Wire::Wire(const config::RedisServer& to, Clock::time_point now) : call_until_(now + kPatience) {
    const auto at = address_of(to);
    fd_ = Descriptor(::socket(at.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd_.get() < 0) {
        fail("no socket", errno);
        return;
    }
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // a UNIX socket needs none
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&at.bytes), at.size) == 0) {
        calling_ = false;
    } else if (errno != EINPROGRESS) {
        fail("it cannot be reached", errno);
    }
}

void Wire::fail(std::string_view what, int error) {
    if (!fault_.empty()) return;
    fault_ = error == 0 ? std::string(what) : fmt::format("{}: {}", what, std::strerror(error));
}

bool Wire::say(std::span<const std::string> words, int tag, Clock::time_point now, Duration more) {
    if (waiting() >= kMostBytes || owed_.size() >= kMostOwed) return false;
    if (sent_ > 0 && sent_ == out_.size()) {
        out_.clear();
        sent_ = 0;
    }
    put_command(out_, words);
    owed_.push_back({tag, now + kPatience + more});
    return true;
}

short Wire::wanted() const { return static_cast<short>(POLLIN | (calling_ || waiting() > 0 ? POLLOUT : 0)); }

void Wire::look(short found, Clock::time_point now) {
    if (!fault_.empty()) return;
    if (calling_) {
        if ((found & (POLLOUT | POLLERR | POLLHUP)) == 0) {
            if (now >= call_until_) fail("it does not take the call", 0);
            return;
        }
        if (const int error = pending_error(fd_.get()); error != 0)
            return fail("it cannot be reached", error);
        calling_ = false;
    }
    if ((found & (POLLIN | POLLERR | POLLHUP)) != 0) receive();
    send();
    if (!owed_.empty() && now >= owed_.front().until) fail("it does not answer", 0);
}

void Wire::send() {
    while (waiting() > 0) {
        const auto n = ::send(fd_.get(), out_.data() + sent_, waiting(), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (n < 0) return fail("the connection broke", errno);
        sent_ += static_cast<std::size_t>(n);
    }
    out_.clear();
    sent_ = 0;
}

/// As much as one look may take; the rest is there at the next.
void Wire::receive() {
    std::array<char, 64 * 1024> bytes;
    for (int times = 0; times < 16; ++times) {
        const auto n = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (n < 0) return fail("the connection broke", errno);
        if (n == 0) return fail("it has hung up", 0);
        replies_.feed({bytes.data(), static_cast<std::size_t>(n)});
        if (static_cast<std::size_t>(n) < bytes.size()) return;
    }
}

bool Wire::next(Reply& reply, int& tag) {
    if (!replies_.next(reply)) {
        if (!replies_.fault().empty()) fail("it is no Redis", 0);
        return false;
    }
    if (owed_.empty()) {
        fail("it answers what nobody asked", 0);
        return false;
    }
    tag = owed_.front().tag;
    owed_.pop_front();
    return true;
}

}  // namespace ajar::share
