// An HTTP server for numbers and pages: many visitors, one thread that talks to them, a few that think.
//
//     visitor --- request ---> Visit --> Helpers: Answerer --> Route
//     visitor <-- answer ----- Visit <-- Post <----'
//     follower <- piece ------ Visit <-- Post <-- Helpers: Feed, once a second for all of them
//
// One request a connection. The talking thread reads a request whole, within its bounds of bytes and time,
// before anybody thinks about it, so who dawdles costs a descriptor and no thread; where there is no room for
// another visitor, the one who has dawdled longest gives way. Whatever bytes come, they end as an answer.
//
// Who follows the stream keeps its place for as long as it reads. There are few such places, less than there
// are for visitors, so that they never keep a request out; who falls behind is dropped, and may come again.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "descriptor.hpp"
#include "http/route.hpp"

namespace ajar::http {

struct Options {
    std::size_t visitors = 64;  ///< at once
    std::size_t helpers = 2;
    std::chrono::milliseconds patience = std::chrono::seconds(5);  ///< for a request, and for its answer
    std::size_t streams = 16;  ///< followers at once; less than `visitors`
    std::chrono::milliseconds news_every = std::chrono::seconds(1);
    bool local = true;  ///< Answerer's: reached from this machine alone
};

/// What it counts of itself.
struct HttpFacts {
    std::uint64_t visitors = 0;         ///< level
    std::uint64_t accepted = 0;         ///< connections,
    std::uint64_t refused = 0;          ///< and those for whom there was no room
    std::uint64_t slow = 0;             ///< visitors sent away, late or for others' sake
    std::uint64_t requests = 0;         ///< whole ones
    std::uint64_t faults = 0;           ///< of them, those not answered with what was asked for
    std::uint64_t streams = 0;          ///< level: followers
    std::uint64_t streams_refused = 0;  ///< for whom there was no place
    std::uint64_t streams_slow = 0;     ///< who fell behind, and were dropped: of `slow`
};

class Http {
public:
    /// `fd` listens, and does not block.
    Http(Descriptor fd, const Options& options);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /// Before run().
    void get(std::string path, Route route);
    /// Before run(); one for all of the server.
    void stream(std::string path, Feed feed);
    /// Serves until stop(), and waits for routes under way: the thread that calls it is the server's.
    void run();
    /// Any thread.
    void stop();
    /// Any thread.
    [[nodiscard]] HttpFacts facts() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::http
