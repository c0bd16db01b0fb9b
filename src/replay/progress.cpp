// Drawing the progress bar.
#include "replay/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "export/human.hpp"
#include "replay/input.hpp"

namespace ajar::replay {

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, std::uint64_t frames,
                          std::chrono::duration<double> elapsed) {
    constexpr std::size_t kWidth = 30;
    const double rate = elapsed.count() > 0 ? static_cast<double>(frames) / elapsed.count() : 0;
    auto speed = fmt::format("{} packets, {:.3g} M/s", exporting::human_count(frames), rate / 1e6);
    if (!total || *total == 0) return speed;
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
    const auto filled = static_cast<std::size_t>(part * kWidth);
    const auto left = part > 0 ? elapsed * (1 / part - 1) : elapsed;
    return fmt::format("[{}{}] {:3.0f} %  {}  {} to go", std::string(filled, '#'),
                       std::string(kWidth - filled, '.'), part * 100, speed,
                       exporting::human_duration(std::chrono::duration_cast<std::chrono::seconds>(left)));
}

Progress::Progress(const std::vector<std::string>& files, bool wanted)
    : shown_(wanted && isatty(STDERR_FILENO) == 1), total_(shown_ ? total_bytes(files) : std::nullopt) {}

Progress::~Progress() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::update(std::uint64_t done, std::uint64_t frames) {
    if (!shown_ || Clock::now() < next_) return;
    next_ = Clock::now() + kInterval;
    fmt::print(stderr, "\r{}\x1b[K", progress_line(done, total_, frames, elapsed()));
}

}  // namespace ajar::replay
