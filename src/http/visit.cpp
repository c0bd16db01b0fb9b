// Buffers of one connection.
#include "http/visit.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ajar::http {
namespace {

/// Of a body that nobody wants, before the connection is closed on it.
constexpr std::size_t kMostIgnored = std::size_t{256} << 10U;

constexpr int kStreamRoom = 1 << 18;  // bytes in the kernel; it doubles them

constexpr std::string_view kEndOfHeaders = "\n\r\n", kNoHttp = "\n\n";

/// An empty line ends a request, also where its line ends are no HTTP: that is for the answer to say.
bool ends_in(std::string_view text, std::size_t from) {
    return text.find(kEndOfHeaders, from) != std::string_view::npos ||
           text.find(kNoHttp, from) != std::string_view::npos;
}

bool try_again() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

short Visit::wants() const {
    switch (stage_) {
        case Stage::asking:
        case Stage::leaving:
            return POLLIN;
        case Stage::answering:
            return POLLOUT;
        case Stage::following:
            return static_cast<short>(pieces_.empty() ? POLLIN : POLLIN | POLLOUT);
        case Stage::waiting:
            break;
    }
    return 0;
}

bool Visit::receive() {
    std::array<char, 4096> block;
    const auto n = recv(fd_.get(), block.data(), block.size(), MSG_DONTWAIT);
    if (n < 0) return try_again();
    if (n == 0) ended_ = true;
    const auto size = static_cast<std::size_t>(n);
    if (stage_ == Stage::leaving || stage_ == Stage::following)
        return !ended_ && (ignored_ += size) < kMostIgnored;
    const auto known = in_.size() - std::min(in_.size(), kEndOfHeaders.size() - 1);
    in_.append(block.data(), size);
    whole_ = ended_ || ends_in(in_, known);
    return !ended_ || !in_.empty();
}

std::string Visit::take(Clock::time_point now) {
    enter(Stage::waiting, now);
    return std::move(in_);
}

void Visit::answer(std::string text, Clock::time_point now) {
    enter(Stage::answering, now);
    out_ = std::move(text);
}

// Without the small room of its own, the kernel would keep megabytes for who does not read.
void Visit::follow(std::string beginning, Clock::time_point now) {
    const int room = kStreamRoom, at_once = 1;
    setsockopt(fd_.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    enter(Stage::following, now);
    pieces_ = {std::make_shared<const std::string>(std::move(beginning))};
}

bool Visit::tell(const Piece& piece, Clock::time_point now) {
    if (piece->empty()) return true;
    if (pieces_.size() >= kMostBehind) return false;
    if (pieces_.empty()) since_ = now;
    pieces_.push_back(piece);
    return true;
}

bool Visit::flush_stream(Clock::time_point now) {
    while (!pieces_.empty()) {
        const auto& text = *pieces_.front();
        const auto n = send(fd_.get(), text.data() + sent_, text.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0) return try_again();
        sent_ += static_cast<std::size_t>(n);
        if (sent_ < text.size()) continue;
        pieces_.pop_front();
        sent_ = 0;
        since_ = now;
    }
    return true;
}

bool Visit::flush(Clock::time_point now) {
    if (stage_ == Stage::following) return flush_stream(now);
    if (stage_ != Stage::answering) return true;
    while (sent_ < out_.size()) {
        const auto n = send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0) return try_again();
        sent_ += static_cast<std::size_t>(n);
    }
    if (out_.empty() || ended_ || shutdown(fd_.get(), SHUT_WR) != 0) return false;
    out_ = {};
    enter(Stage::leaving, now);
    return true;
}

bool Visit::late(Clock::time_point now, Clock::duration patience) const {
    if (stage_ == Stage::waiting || (stage_ == Stage::following && pieces_.empty())) return false;
    return now - since_ > (stage_ == Stage::leaving ? Clock::duration(kFarewell) : patience);
}

}  // namespace ajar::http
