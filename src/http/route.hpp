// What a route gets, and what it gives back; and where those who follow a stream have their news from.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace ajar::http {

/// GET or HEAD: nothing can be changed over HTTP.
struct Request {
    std::string path;    ///< decoded, without the query
    std::string accept;  ///< which types the client prefers, as it said it; may be empty
};

struct Reply {
    int status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body;
};

/// Called in any of the server's helper threads, by several of them at once. It may wait, for a second or
/// two: the others go on.
using Route = std::function<Reply(const Request&)>;
/// By path, all of it.
using Routes = std::map<std::string, Route>;

/// What the followers of a stream are told next: server-sent events (WHATWG HTML, 9.2), each whole, or
/// nothing.
struct News {
    std::string whole;    ///< everything as it stands: for who has come since the call before
    std::string changes;  ///< what is new since then: for everybody else
};
/// Called in a helper thread, once for all who follow, never twice at a time, and only while somebody does.
/// It may wait as a route may.
using Feed = std::function<News()>;

}  // namespace ajar::http
