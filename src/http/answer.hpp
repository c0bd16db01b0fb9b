// From the bytes of one request to the bytes of its answer. No socket: cpp-httplib reads and writes memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/route.hpp"

namespace ajar::http {

struct Answered {
    std::string text;      ///< a whole answer of HTTP that ends the connection; empty where nothing was asked
    bool follows = false;  ///< the stream was asked for: `text` is but its beginning
};

/// Several threads at once.
class Answerer {
public:
    /// `local`: only requests that name this machine as localhost, or by a number, are answered. Else a page
    /// from elsewhere could have its name resolve to 127.0.0.1, and read here what it likes. `stream`: the
    /// path of one; empty: there is none.
    Answerer(Routes routes, bool local, std::string stream = {});
    ~Answerer();
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    /// `request`: its line and headers; a body is not read. Whatever the bytes are, there is an answer.
    [[nodiscard]] Answered answer(std::string_view request) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// An answer that needs no request.
std::string plain_answer(int status, std::string_view meaning, std::string_view text);

}  // namespace ajar::http
