// One connection: a request in, its answer out, farewell. Or a stream, until either side has enough.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace ajar::http {

/// The server's thread alone. Non-blocking.
class Visit {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kLongestRequest = std::size_t{16} << 10U;  ///< its line and headers
    static constexpr auto kFarewell = std::chrono::milliseconds(500);

    enum class Stage : std::uint8_t {
        asking,     ///< its request is not whole yet
        waiting,    ///< for a helper
        answering,  ///< not all of the answer is sent
        following,  ///< a stream: it is told what there is to tell, for as long as it keeps up
        leaving,    ///< all is, and what it still says is thrown away: closing at once might take it back
    };

    /// Of a stream: many followers have the same.
    using Piece = std::shared_ptr<const std::string>;
    static constexpr std::size_t kMostBehind = 8;  ///< pieces that a follower has not taken yet

    Visit(Descriptor fd, Clock::time_point now) : fd_(std::move(fd)), since_(now) {}

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] Stage stage() const { return stage_; }
    /// Of its stage.
    [[nodiscard]] Clock::time_point since() const { return since_; }
    /// What poll() should look for; 0: leave it out.
    [[nodiscard]] short wants() const;

    /// Takes what is there. False: it is gone, or has said enough.
    bool receive();
    [[nodiscard]] bool whole() const { return whole_; }
    [[nodiscard]] bool too_long() const { return in_.size() > kLongestRequest; }
    /// Its request; it waits from now on.
    std::string take(Clock::time_point now);
    void answer(std::string text, Clock::time_point now);
    /// Its request was for the stream, which begins so.
    void follow(std::string beginning, Clock::time_point now);
    /// False: it is too far behind.
    bool tell(const Piece& piece, Clock::time_point now);
    /// It says no more, and would not be seen to leave.
    [[nodiscard]] bool ended() const { return ended_; }
    /// As much as goes. False: it is gone, or has nothing to wait for.
    bool flush(Clock::time_point now);
    /// It takes longer than it may.
    [[nodiscard]] bool late(Clock::time_point now, Clock::duration patience) const;

private:
    void enter(Stage stage, Clock::time_point now) {
        stage_ = stage;
        since_ = now;
    }

    bool flush_stream(Clock::time_point now);

    Descriptor fd_;
    Stage stage_ = Stage::asking;
    Clock::time_point since_;
    std::string in_, out_;
    std::deque<Piece> pieces_;  // of the first, sent_ bytes are on their way
    std::size_t sent_ = 0, ignored_ = 0;
    bool whole_ = false;
    bool ended_ = false;  // says no more
};

}  // namespace ajar::http
