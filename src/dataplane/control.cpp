// Main's loop.
#include "dataplane/control.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "dataplane/signals.hpp"

namespace ajar::dataplane {
namespace {

constexpr useconds_t kNap = 1000;
constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr auto kViewEvery = std::chrono::seconds(1);

}  // namespace

Control::Control(Appliance& appliance, const Config& config, const RunFlags& flags,
                 exporting::EventWriter& writer, std::FILE* log)
    : appliance_(appliance),
      config_(config),
      flags_(flags),
      writer_(writer),
      log_(log),
      links_(appliance.wiring(), config.link_follow),
      before_(appliance.sample()) {
    if (flags.live_view && log == stdout && Terminal::present()) terminal_.emplace();
    next_tell_ = Clock::now() + (terminal_ ? kViewEvery : config.report_interval);
}

void Control::loop() {
    while (!over()) {
        const bool busy = appliance_.drain_events();
        const auto now = Clock::now();
        if (now >= next_look_) look_at_ports();
        if (now >= next_tell_) tell();
        if (!busy) usleep(kNap);
    }
    if (terminal_) show(appliance_.sample());
}

bool Control::over() const {
    return Signals::stop_asked() || appliance_.finished() ||
           (flags_.until_idle && appliance_.captures_ended());
}

void Control::look_at_ports() {
    next_look_ = Clock::now() + kLookEvery;
    links_.look();
    for (std::size_t i = 0; i < appliance_.wiring().ports.size(); ++i) {
        if (!resets_.take(appliance_.wiring().ports[i].device)) continue;
        if (auto done = appliance_.restart_port(i); !done) fmt::print(stderr, "ajar: {}\n", done.error());
    }
    if (Signals::take_reopen()) heed_hangup();
}

void Control::heed_hangup() {
    if (auto done = writer_.reopen(); !done) fmt::print(stderr, "ajar: {}\n", done.error());
    if (!flags_.reload) return;
    auto config = flags_.reload(config_);
    if (!config) {
        fmt::print(stderr, "{}\najar: the configuration stays as it was\n", config.error());
        return;
    }
    config_ = std::move(*config);
    appliance_.set_policy(config_.policy);
}

void Control::tell() {
    next_tell_ = Clock::now() + (terminal_ ? kViewEvery : config_.report_interval);
    show(appliance_.sample());
    writer_.flush();
}

void Control::show(const Sample& now) {
    if (terminal_) {
        terminal_->draw(live_lines(now, before_, config_.policy.mode));
    } else {
        fmt::print(log_, "{}\n", log_line(now, before_));
        std::fflush(log_);
    }
    before_ = now;
}

}  // namespace ajar::dataplane
