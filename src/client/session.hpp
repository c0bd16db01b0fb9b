// A conversation with an appliance: requests out, answers in.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "ajar/result.hpp"
#include "control/value.hpp"
#include "descriptor.hpp"

namespace ajar::client {

/// What came back of a request.
struct Reply {
    control::Value value{};  ///< the whole object
    std::string code{};      ///< of an error; empty: it went well
    std::string text{};      ///< of the error
};

class Session {
public:
    static Result<Session> open(const std::string& path, std::chrono::milliseconds patience);
    /// Asked when a signal has come: true ends what waits, else it goes on waiting. (A window's new size is
    /// one.)
    void give_up_if(bool (*ends)()) { ends_ = ends; }

    /// Sends the request and waits for the first line of its answer.
    Result<Reply> ask(const control::Value::Object& options, std::string_view verb);
    /// A further line of it. Nothing: `wait` is over, or it was given up. An error: the appliance has closed,
    /// or sends no lines.
    Result<std::optional<control::Value>> next(std::optional<std::chrono::milliseconds> wait);

private:
    explicit Session(Descriptor fd, std::chrono::milliseconds patience)
        : fd_(std::move(fd)), patience_(patience) {}
    Result<std::optional<std::string>> line(std::optional<std::chrono::milliseconds> wait);
    Result<std::optional<control::Value>> answer();

    Descriptor fd_;
    std::chrono::milliseconds patience_;
    bool (*ends_)() = [] { return false; };
    std::string in_;
    std::size_t seen_ = 0;  // of in_: holds no end of a line
    std::uint64_t id_ = 0;
};

}  // namespace ajar::client
