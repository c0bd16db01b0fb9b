// Buffers of one client.
#include "control/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "control/request.hpp"

namespace ajar::control {
namespace {

constexpr std::size_t kKept = std::size_t{64} << 10U;  // bytes of a buffer that is not given back

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

bool Connection::receive() {
    std::array<char, 16384> block;
    const auto n = recv(fd_.get(), block.data(), block.size(), MSG_DONTWAIT);
    if (n < 0) return would_block();
    if (n == 0) {
        ended_ = true;
        if (!in_.empty() && in_.back() != '\n') in_ += '\n';  // its last line needs no end
        return true;
    }
    if (in_.empty()) moved_ = Clock::now();
    in_.append(block.data(), static_cast<std::size_t>(n));
    return true;
}

std::optional<Connection::Line> Connection::next_line() {
    if (answering_ || dismissed_) return std::nullopt;
    const auto end = in_.find('\n');
    if (end == std::string::npos && in_.size() <= kLongestRequest) return std::nullopt;
    if (end == std::string::npos || end > kLongestRequest) {
        in_.clear();
        return Line{{}, true};
    }
    Line line{in_.substr(0, end)};
    in_.erase(0, end + 1);
    moved_ = Clock::now();
    return line;
}

void Connection::push(std::string_view line) {
    if (!writes()) moved_ = Clock::now();
    if (sent_ > kKept && sent_ > out_.size() / 2) {  // who is always a little behind never empties it
        out_.erase(0, sent_);
        sent_ = 0;
    }
    out_ += line;
}

bool Connection::flush() {
    while (writes()) {
        const auto n = send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0) return would_block();
        sent_ += static_cast<std::size_t>(n);
        moved_ = Clock::now();
    }
    out_.clear();
    if (out_.capacity() > kKept) std::string().swap(out_);
    sent_ = 0;
    return true;
}

bool Connection::late(Clock::time_point now, Clock::duration patience) const {
    const bool owes = writes() || (!answering_ && !in_.empty());
    return owes && now - moved_ > patience;
}

}  // namespace ajar::control
