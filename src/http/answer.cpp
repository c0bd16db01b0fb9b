// The library's only place. Its own server would give each connection a thread for as long as the client
// likes, so of it only the reading of requests and the writing of answers are used.
#include "http/answer.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>

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

void fill(httplib::Response& to, const Reply& from) {
    to.status = from.status;
    to.set_content(from.body, from.type);
}

Reply nothing_there(const Routes& routes) {
    std::string text = "There is no such page. There are:\n";
    for (const auto& [path, route] : routes) text += "  " + path + "\n";
    return {404, "text/plain; charset=utf-8", text};
}

}  // namespace

struct Answerer::Impl : httplib::Server {
    Impl(Routes all, bool only_local) : routes(std::move(all)), local(only_local) {
        set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
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
        const auto at = routes.find(request.path);
        if (at == routes.end()) return nothing_there(routes);
        return at->second({request.path, request.get_header_value("Accept")});
    }

    std::string answer(std::string_view bytes) {
        Memory stream(bytes);
        bool closed = false;
        // Of ranges, thousands may be asked for, and the answer would have the body once for each.
        process_request(stream, true, closed, [](httplib::Request& request) { request.ranges.clear(); });
        return std::move(stream.out);
    }

    Routes routes;
    bool local;
};

Answerer::Answerer(Routes routes, bool local) : impl_(std::make_unique<Impl>(std::move(routes), local)) {}
Answerer::~Answerer() = default;

std::string Answerer::answer(std::string_view request) const { return impl_->answer(request); }

std::string plain_answer(int status, std::string_view meaning, std::string_view text) {
    return fmt::format(
        "HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n{}",
        status, meaning, text.size(), text);
}

}  // namespace ajar::http
