// Calling, pushing, hanging up.
#include "export/ipfix/tcp_transport.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ajar::exporting::ipfix {
namespace {

constexpr auto kCallEvery = std::chrono::seconds(1);
constexpr auto kFirstCall = std::chrono::seconds(5);  // of a replay
constexpr auto kLastWords = std::chrono::seconds(2);  // of an appliance
constexpr int kLookEveryMs = 10;

bool is_writable(int fd) {
    pollfd room{fd, POLLOUT, 0};
    return ::poll(&room, 1, 0) == 1;
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// No collector says anything: what can be read is the end, or an error. 0 while there is neither.
int heard_from(int fd) {
    char byte = 0;
    const auto n = ::recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return 0;
    return n == 0 ? ECONNRESET : errno;
}

}  // namespace

Result<std::unique_ptr<Transport>> TcpTransport::open(const Collector& collector, Begin begin,
                                                      const Patience& patience) {
    const auto to = look_up(collector);
    if (!to) return Error{to.error()};
    std::unique_ptr<TcpTransport> out(new TcpTransport(*to, begin, patience));
    out->look(false);
    if (begin == Begin::append) return std::unique_ptr<Transport>(std::move(out));
    for (const auto end = Clock::now() + kFirstCall; !out->is_ready() && Clock::now() < end; out->look(false))
        ::poll(nullptr, 0, kLookEveryMs);
    if (out->is_ready()) return std::unique_ptr<Transport>(std::move(out));
    return Error{fmt::format("cannot export to {}: nobody answers there", collector.name)};
}

TcpTransport::~TcpTransport() {
    if (fd_ >= 0) ::close(fd_);
}

void TcpTransport::call() {
    next_call_ = Clock::now() + kCallEvery;
    fd_ = connect_to(to_, SOCK_STREAM);
    if (fd_ >= 0) state_ = State::calling;
}

void TcpTransport::answer() {
    if (!is_writable(fd_)) return;
    if (const int error = pending_error(fd_); error != 0) return hang_up(error);
    state_ = State::connected;
    news_ = News::session;
}

void TcpTransport::hang_up(int error) {
    for (const auto& message : queue_) lose(message.flows, std::strerror(error));
    queue_.clear();
    queued_ = offset_ = 0;
    ::close(fd_);
    fd_ = -1;
    state_ = State::away;
}

void TcpTransport::look(bool last) {
    if (state_ == State::away && Clock::now() >= next_call_) call();
    if (state_ == State::calling) answer();
    if (state_ == State::connected) push();
    if (last) {
        await(&TcpTransport::is_empty);
        for (const auto& message : queue_) lose(message.flows, "the collector does not keep up");
    }
}

void TcpTransport::send(std::span<const std::uint8_t> message, std::uint32_t flows) {
    if (state_ == State::connected && begin_ == Begin::anew) await(&TcpTransport::has_room);
    if (state_ != State::connected) return lose(flows, "there is no connection to the collector");
    if (queued_ + message.size() > kQueueBytes) return lose(flows, "the collector does not keep up");
    queue_.push_back({{message.begin(), message.end()}, flows});
    queued_ += message.size();
    push();
}

void TcpTransport::push() {
    if (const int error = heard_from(fd_); error != 0) return hang_up(error);
    while (!queue_.empty()) {
        const auto& bytes = queue_.front().bytes;
        const auto n =
            ::send(fd_, bytes.data() + offset_, bytes.size() - offset_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) return hang_up(errno);
        offset_ += static_cast<std::size_t>(n);
        if (offset_ < bytes.size()) continue;
        counts_.sent += queue_.front().flows;
        queued_ -= bytes.size();
        offset_ = 0;
        queue_.pop_front();
    }
}

/// A replay waits as long as it may, an appliance only for its last words.
void TcpTransport::await(bool (TcpTransport::*done)() const) {
    const auto end = Clock::now() + kLastWords;
    const auto may_wait = [&] {
        return begin_ == Begin::anew && patience_ ? patience_() : Clock::now() < end;
    };
    while (!(this->*done)() && may_wait()) {
        pollfd room{fd_, POLLOUT, 0};
        ::poll(&room, 1, kLookEveryMs);
        push();
    }
}

}  // namespace ajar::exporting::ipfix
