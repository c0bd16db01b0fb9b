// Lines over a blocking socket, with a clock beside.
#include "client/session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "control/socket.hpp"
#include "control/verbs.hpp"

namespace ajar::client {
namespace {

using control::Value;
using std::chrono::milliseconds;

/// An answer is as long as the longest page.
constexpr control::ValueLimits kLimits{16, 1U << 20U};

Error broken(const char* doing) {
    return {
        fmt::format("the appliance is gone ({}: {})", doing, errno == 0 ? "closed" : std::strerror(errno))};
}

}  // namespace

Result<Session> Session::open(const std::string& path, milliseconds patience) {
    auto fd = control::connect_to(path, patience);
    if (!fd) return Error{fd.error()};
    return Session(std::move(*fd), patience);
}

Result<Reply> Session::ask(const Value::Object& options, std::string_view verb) {
    Value request{Value::Object{{"v", {control::kProtocol}}, {"id", {++id_}}, {"do", {std::string(verb)}}}};
    auto& members = std::get<Value::Object>(request.is);
    members.insert(members.end(), options.begin(), options.end());
    const auto text = control::text_of(request) + "\n";
    for (std::size_t sent = 0; sent < text.size();) {
        const auto n = send(fd_.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) break;  // it may have said why before it closed
        sent += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    auto got = answer();
    if (!got) return Error{got.error()};
    if (!*got)
        return Error{fmt::format("no answer within {} s; --timeout waits longer",
                                 std::chrono::duration<double>(patience_).count())};
    Reply reply{std::move(**got), {}, {}};
    if (reply.value["ok"].flag()) return reply;
    reply.code = reply.value["error"]["code"].text();
    reply.text = reply.value["error"]["text"].text();
    if (reply.code.empty()) return Error{"whoever answers there is no appliance"};
    return reply;
}

/// The line with the request's own number: one that came too late for an earlier request is none.
Result<std::optional<Value>> Session::answer() {
    const auto until = std::chrono::steady_clock::now() + patience_;
    while (true) {
        const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
        auto got = next(std::max(left, milliseconds(0)));
        const bool late =
            got && *got && !(**got)["ok"].null() && (**got)["id"].count() < id_ && (**got)["id"].count() != 0;
        if (!late) return got;
    }
}

Result<std::optional<Value>> Session::next(std::optional<milliseconds> wait) {
    auto text = line(wait);
    if (!text) return Error{text.error()};
    if (!*text) return std::optional<Value>();
    auto value = control::parse_value(**text, kLimits);
    if (!value) return Error{fmt::format("the answer cannot be read: {}", value.error())};
    return std::optional(std::move(*value));
}

Result<std::optional<std::string>> Session::line(std::optional<milliseconds> wait) {
    const auto end_of_wait = std::chrono::steady_clock::now() + wait.value_or(milliseconds(0));
    std::array<char, 65536> block;
    while (true) {
        if (const auto end = in_.find('\n', seen_); end != std::string::npos) {
            std::optional<std::string> out = in_.substr(0, end);
            in_.erase(0, end + 1);
            seen_ = 0;
            return out;
        }
        seen_ = in_.size();
        const auto left =
            std::chrono::duration_cast<milliseconds>(end_of_wait - std::chrono::steady_clock::now());
        pollfd ready{fd_.get(), POLLIN, 0};
        const int some =
            poll(&ready, 1, wait ? static_cast<int>(std::max<std::int64_t>(left.count(), 0)) : -1);
        if (some < 0 && errno == EINTR && !ends_()) continue;
        if (some <= 0) return std::optional<std::string>();
        errno = 0;
        const auto n = recv(fd_.get(), block.data(), block.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return broken("receive");
        in_.append(block.data(), static_cast<std::size_t>(n));
    }
}

}  // namespace ajar::client
