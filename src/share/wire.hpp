// One connection to Redis: commands out, replies in, nothing that waits.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "config/redis_server.hpp"
#include "descriptor.hpp"
#include "share/news.hpp"
#include "share/reply.hpp"

namespace ajar::share {

/// One thread. It is over at the first fault(): make another.
class Wire {
public:
    static constexpr auto kPatience = std::chrono::seconds(5);        ///< with a connection, and with a reply
    static constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  ///< that wait to be sent
    static constexpr std::size_t kMostOwed = 4096;                    ///< replies

    /// Begins to connect.
    Wire(const config::RedisServer& to, Clock::time_point now);

    /// Appends a command. `tag` comes back with its reply; `more` time it may take. False, and nothing is
    /// said: too much waits already.
    bool say(std::span<const std::string> words, int tag, Clock::time_point now, Duration more = {});
    /// What poll() should look for.
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] short wanted() const;
    /// As poll() found. To be called, with 0, where it found nothing: a patience may be over.
    void look(short found, Clock::time_point now);
    /// The next reply, and to what.
    bool next(Reply& reply, int& tag);

    [[nodiscard]] std::size_t owed() const { return owed_.size(); }
    [[nodiscard]] std::size_t waiting() const { return out_.size() - sent_; }
    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    struct Owed {
        int tag;
        Clock::time_point until;
    };
    void fail(std::string_view what, int error);
    void send();
    void receive();

    Descriptor fd_;
    bool calling_ = true;
    Clock::time_point call_until_;
    std::string out_;
    std::size_t sent_ = 0;
    Replies replies_;
    std::deque<Owed> owed_;
    std::string fault_;
};

}  // namespace ajar::share
