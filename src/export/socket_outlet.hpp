// Lines to a UNIX socket that somebody else listens on, or to syslog.
//
// The listener chooses: a stream gets the lines one after another, a datagram socket each line alone. A
// listener that goes away is looked for with every write, ten times a second at the most; a stream's new
// reader begins with a whole line. Nothing is ever sent that could wait in the kernel for long: what finds no
// room is the caller's to count, but for a line that a stream has begun to take, whose rest goes first next
// time.
#pragma once

#include <chrono>
#include <functional>

#include "export/outlet.hpp"

namespace ajar::exporting {

class SocketOutlet final : public Outlet {
public:
    /// With Begin::anew the listener must be there, and a line that finds it gone is an error.
    static Result<std::unique_ptr<Outlet>> open(const Target& target, Begin begin, Patience patience);
    ~SocketOutlet() override;

    int write(std::string_view& rest) override;
    Result<bool> reopen() override;
    [[nodiscard]] const std::string& name() const override { return target_.name; }

private:
    using Clock = std::chrono::steady_clock;

    SocketOutlet(const Target& target, Begin begin, Patience patience)
        : target_(target), begin_(begin), wait_(std::move(patience)) {}
    int connect();
    void close();
    int await_listener();
    int send_some(std::string_view& rest);
    int send_line(std::string_view& rest);
    int send_stream(std::string_view& rest);
    int send_tail();
    int fault(int error);

    Target target_;
    Begin begin_;
    Wait wait_;
    int fd_ = -1;
    bool stream_ = false;
    std::string tail_;      // of a line that the stream has begun to take
    std::string datagram_;  // under construction: syslog
    Clock::time_point next_try_{};
};

/// What stands before a line in syslog's datagrams: "<30>Nov 14 22:13:20 ajar[42]: ", local time (RFC 3164).
std::string syslog_header(std::uint8_t facility, std::int64_t unix_seconds, int pid);

}  // namespace ajar::exporting
