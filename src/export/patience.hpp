// How long a writer waits for a reader that does not keep up, or is not there.
#pragma once

#include <cerrno>
#include <chrono>
#include <functional>
#include <utility>

namespace ajar::exporting {

/// Asked every few milliseconds while a pipe is full or nobody reads it: may the writer go on waiting? Empty:
/// a twentieth of a second at a time, and not at all while the reader stays away.
using Patience = std::function<bool()>;
inline bool always() { return true; }

/// Of one outlet.
class Wait {
public:
    static constexpr int kLookMs = 10;

    explicit Wait(Patience patience) : patience_(std::move(patience)) {}

    void begin() { deadline_ = Clock::now() + (stalled_ ? Clock::duration{} : kBriefly); }
    /// Whoever had to give up once does not wait again until it goes on.
    void end(int error) { stalled_ = error == EAGAIN || error == ENXIO; }
    [[nodiscard]] bool may_go_on() const { return patience_ ? patience_() : Clock::now() < deadline_; }
    /// Can `fd` be written to, in time?
    [[nodiscard]] bool for_room(int fd) const;

private:
    using Clock = std::chrono::steady_clock;
    static constexpr auto kBriefly = std::chrono::milliseconds(50);

    Patience patience_;
    bool stalled_ = false;  // the last write met a reader that does not read
    Clock::time_point deadline_{};
};

}  // namespace ajar::exporting
