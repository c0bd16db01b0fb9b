// The library's only place. Its own server would give each connection a thread for as long as the client
// likes, so of it only the reading of requests and the writing of answers are used.
#include "http/answer.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ajar::http {
namespace {

/// What is read is there already, what is written stays.
class Memory final : public httplib::Stream {
public:
    explicit Memory(std::string_view in) : in_(in) {}

    [[nodiscard]] bool is_readable() const override { return !in_.empty(); }
    [[nodiscard]] bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override {
        const auto n = in_.copy(to, size);
        in_.remove_prefix(n);
        return static_cast<ssize_t>(n);
    }
    ssize_t write(const char* from, std::size_t size) override {
        out.append(from, size);
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    [[nodiscard]] socket_t socket() const override { return 0; }

    std::string out;

private:
    std::string_view in_;
};

/// What a Host header names, without its port.
std::string_view host_of(std::string_view header) {
    if (header.starts_with('[')) return header.substr(0, header.find(']') + 1);
    return header.substr(0, header.find(':'));
}

/// A number cannot be made to resolve to something else.
bool is_here(std::string_view host) {
    return host.empty() || host == "localhost" || host.starts_with('[') ||
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

constexpr std::array<std::pair<const char*, const char*>, 5> kOnEveryAnswer = {
    {{"Cache-Control", "no-store"},
     {"X-Content-Type-Options", "nosniff"},
     {"X-Frame-Options", "DENY"},
     {"Referrer-Policy", "no-referrer"},
     {"Cross-Origin-Resource-Policy", "same-origin"}}};

constexpr const char* kStreamType = "text/event-stream";

/// Whoever loses the stream asks again after two seconds.
std::string beginning_of_stream() {
    std::string out = "HTTP/1.1 200 OK\r\n";
    for (const auto& [name, value] : kOnEveryAnswer) out += fmt::format("{}: {}\r\n", name, value);
    return out + fmt::format("Content-Type: {}\r\nConnection: close\r\n\r\nretry: 2000\n\n", kStreamType);
}

void fill(httplib::Response& to, const Reply& from) {
    to.status = from.status;
    to.set_content(from.body, from.type);
}

Reply nothing_there(const Routes& routes, const std::string& stream) {
    std::string text = "There is no such page. There are:\n";
    for (const auto& [path, route] : routes) text += "  " + path + "\n";
    if (!stream.empty()) text += "  " + stream + "\n";
    return {404, "text/plain; charset=utf-8", text};
}

}  // namespace

struct Answerer::Impl : httplib::Server {
    Impl(Routes all, bool only_local, std::string of_stream)
        : routes(std::move(all)), local(only_local), stream(std::move(of_stream)) {
        set_default_headers({kOnEveryAnswer.begin(), kOnEveryAnswer.end()});
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            fill(response, reply(request));
            if (response.status == 405) response.set_header("Allow", "GET, HEAD");
            return HandlerResponse::Handled;
        });
        set_exception_handler([](const auto&, httplib::Response& response, const std::exception_ptr&) {
            fill(response, {500, "text/plain; charset=utf-8", "Something went wrong here.\n"});
        });
    }

    // By a look-up, never by the library's regular expressions: they recurse as deeply as a path is long.
    [[nodiscard]] Reply reply(const httplib::Request& request) const {
        if (request.method != "GET" && request.method != "HEAD")
            return {405, "text/plain; charset=utf-8", "Nothing can be changed here.\n"};
        if (local && !is_here(host_of(request.get_header_value("Host"))))
            return {421, "text/plain; charset=utf-8", "Ask for localhost: this is on no network.\n"};
        if (is_stream(request)) return {200, kStreamType, {}};
        const auto at = routes.find(request.path);
        if (at == routes.end()) return nothing_there(routes, stream);
        return at->second({request.path, request.get_header_value("Accept")});
    }

    [[nodiscard]] bool is_stream(const httplib::Request& request) const {
        return !stream.empty() && request.path == stream;
    }

    Answered answer(std::string_view bytes) {
        Memory memory(bytes);
        bool closed = false, follows = false;
        process_request(memory, true, closed, [&](httplib::Request& request) {
            // Of ranges, thousands may be asked for, and the answer would have the body once for each.
            request.ranges.clear();
            follows = request.method == "GET" && is_stream(request);
        });
        // Whether it may is what the answer says.
        if (follows && memory.out.starts_with("HTTP/1.1 200 ")) return {beginning_of_stream(), true};
        return {std::move(memory.out)};
    }

    Routes routes;
    bool local;
    std::string stream;
};

Answerer::Answerer(Routes routes, bool local, std::string stream)
    : impl_(std::make_unique<Impl>(std::move(routes), local, std::move(stream))) {}
Answerer::~Answerer() = default;

Answered Answerer::answer(std::string_view request) const { return impl_->answer(request); }

std::string plain_answer(int status, std::string_view meaning, std::string_view text) {
    return fmt::format(
        "HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n{}",
        status, meaning, text.size(), text);
}

}  // namespace ajar::http
