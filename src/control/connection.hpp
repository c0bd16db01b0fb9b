// One client: bytes in, lines out of them; lines in, bytes out of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "control/socket.hpp"

namespace ajar::control {

/// The server's thread alone. Non-blocking.
class Connection {
public:
    using Clock = std::chrono::steady_clock;
    explicit Connection(Descriptor fd) : fd_(std::move(fd)) {}

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Wanted of poll().
    [[nodiscard]] bool reads() const { return !ended_ && !answering_ && out_.size() == sent_; }
    [[nodiscard]] bool writes() const { return out_.size() != sent_; }

    /// Takes what is there. False: the client has closed, or is broken.
    bool receive();
    /// The next whole line, without its end; none while a request is being answered.
    struct Line {
        std::string text;
        bool too_long = false;  ///< text is empty, and the client is to be sent away
    };
    std::optional<Line> next_line();

    void push(std::string_view line);
    /// Bytes that are still to be sent,
    [[nodiscard]] std::size_t owed() const { return out_.size() - sent_; }
    /// and those that its buffers take.
    [[nodiscard]] std::size_t held() const { return in_.capacity() + out_.capacity(); }
    /// As much as goes. False: broken.
    bool flush();

    void begin_answer() { answering_ = true; }
    void end_answer() { answering_ = false; }
    [[nodiscard]] bool answering() const { return answering_; }
    /// Goes when all is sent.
    void dismiss() { dismissed_ = true; }
    [[nodiscard]] bool finished(bool follows) const {
        return (dismissed_ || (ended_ && !answering_ && !follows && in_.empty())) && !writes();
    }
    /// What it should have read, or a line that it began, is so old.
    [[nodiscard]] bool late(Clock::time_point now, Clock::duration patience) const;
    /// Since when it has neither asked nor been owed anything; none: it does, or is.
    [[nodiscard]] std::optional<Clock::time_point> quiet_since() const {
        return answering_ || writes() || !in_.empty() ? std::nullopt : std::optional(moved_);
    }

private:
    Descriptor fd_;
    std::string in_, out_;
    std::size_t sent_ = 0;
    bool ended_ = false;  // it will send no more
    bool answering_ = false;
    bool dismissed_ = false;
    Clock::time_point moved_ = Clock::now();  // bytes went out, or a line was complete, or none is begun
};

}  // namespace ajar::control
