// A bar on standard error while a replay runs: how far, how fast, how long to go.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ajar::replay {

/// One line of the bar. `done` of `total` bytes were read in `elapsed`, which held `frames`.
std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, std::uint64_t frames,
                          std::chrono::duration<double> elapsed);

/// Draws at most ten times a second, and nothing where standard error is no terminal.
class Progress {
public:
    Progress(const std::vector<std::string>& files, bool wanted);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::uint64_t done, std::uint64_t frames);
    [[nodiscard]] std::chrono::duration<double> elapsed() const { return Clock::now() - start_; }

private:
    using Clock = std::chrono::steady_clock;
    bool shown_;
    std::optional<std::uint64_t> total_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point next_ = start_ + kInterval;
    static constexpr std::chrono::milliseconds kInterval{100};
};

}  // namespace ajar::replay
