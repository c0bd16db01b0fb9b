// Main's loop.
#include "dataplane/control.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "config/units.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/facts.hpp"
#include "dataplane/signals.hpp"
#include "export/human.hpp"
#include "put_line.hpp"

namespace ajar::dataplane {
namespace {

constexpr useconds_t kNap = 1000;
constexpr auto kErrandsTime = std::chrono::milliseconds(2);  // of an epoch's ten
constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr auto kNoteEvery = std::chrono::seconds(1);
constexpr auto kViewEvery = std::chrono::seconds(1);
constexpr auto kLongestStop = std::chrono::minutes(1);  // resets to both ends of every flow take some time

std::vector<std::string> devices_of(const Config& config) {
    std::vector<std::string> out;
    for (const auto& pair : config.ports) out.insert(out.end(), {pair.a, pair.b});
    return out;
}

std::vector<std::uint16_t> ids_of(const std::deque<PortState>& ports) {
    std::vector<std::uint16_t> out;
    for (const auto& port : ports) out.push_back(port.device);
    return out;
}

}  // namespace

Control::Control(Appliance& appliance, const Config& config, const RunFlags& flags,
                 const Listeners& listeners, std::FILE* log)
    : appliance_(appliance),
      config_(config),
      flags_(flags),
      writer_(listeners.writer),
      changes_(listeners.changes),
      notes_(listeners.notes),
      box_(listeners.box),
      sharing_(listeners.sharing),
      would_(listeners.would),
      log_(log),
      links_(appliance.wiring(), devices_of(config), config.link_follow),
      restarts_(devices_of(config)),
      nic_drops_(ids_of(appliance.wiring().ports)),
      stalls_(appliance.wiring().workers),
      before_(appliance.sample()) {
    if (flags.live_view && log == stdout && Terminal::present()) terminal_.emplace();
    next_tell_ = Clock::now() + (terminal_ ? kViewEvery : config.report_interval);
    say(nic_drops_.follow(config_));
    manager_.ready();
}

void Control::loop() {
    while (!over()) {
        bool busy = appliance_.drain_events();
        busy |= appliance_.take_packets([this](const auto& packet) { writer_.add(packet); });
        box_.news();
        box_.errands().work([this](const control::Errand& errand) { return answer(errand); }, kErrandsTime);
        tell_changes(changes_.take());
        follow_blocks();
        const auto now = Clock::now();
        if (now >= next_epoch_) {
            next_epoch_ = now + kEpochLength;
            appliance_.defend();
        }
        if (now >= next_look_) {
            next_look_ = now + kLookEvery;
            manager_.alive(now);
            look_at_ports();
            look_at_workers();
            share();
        }
        if (now >= next_note_) note();
        if (now >= next_tell_) tell();
        if (!busy) usleep(kNap);
    }
    manager_.stopping(kLongestStop);
    if (terminal_) show(appliance_.sample());
}

/// The log tells of each; of the rules only what asked for them.
void Control::follow_blocks() {
    const Situation& situation = appliance_.situation();
    std::uint64_t said = 0;
    for (const ChangeKind kind :
         {ChangeKind::source_blocked, ChangeKind::source_subsided, ChangeKind::source_unblocked})
        said += situation.count(kind);
    if (std::exchange(blocks_said_, said) == said) return;
    nic_drops_.follow(blocks_.over(config_), situation);
    next_own_ = {};
}

bool Control::over() {
    return appliance_.finished() || (flags_.until_idle && appliance_.captures_ended()) ||
           (Signals::stop_asked() && let_go());
}

/// Asked to end: may it? The packet clock's captures end by themselves, and nobody waits behind them.
bool Control::let_go() {
    const auto open = appliance_.translated();
    if (!drain_.begun()) {
        const bool in_flight = appliance_.cookies_sent() != before_.tracker.cookies_sent;
        if (config_.clock == ClockSource::packet || config_.drain_time == Duration(0)) return true;
        if (open == 0 && !in_flight) return true;
        begin_drain(open);
    }
    if (Signals::times_stop_asked() == 1 && !drain_.over(Clock::now(), open)) return false;
    end_drain(open);
    return true;
}

void Control::begin_drain(std::uint64_t open) {
    appliance_.drain();
    drain_.begin(Clock::now(), config_.drain_time);
    manager_.stopping(std::chrono::duration_cast<Clock::duration>(config_.drain_time) + kLongestStop);
    say({fmt::format("draining: {} left; for {} at most, and a second signal ends it at once",
                     exporting::counted(open, "translated connection", "translated connections"),
                     config::format_duration(config_.drain_time))});
}

void Control::end_drain(std::uint64_t open) {
    drained_ = drain_.spent(Clock::now());
    say({fmt::format("drained for {:.1f} s: {} left", std::chrono::duration<double>(drained_).count(),
                     exporting::counted(open, "translated connection", "translated connections"))});
}

void Control::look_at_ports() {
    const auto now = Clock::now();
    say(links_.look(now));
    for (std::size_t i = 0; i < appliance_.wiring().ports.size(); ++i) {
        if (resets_.take(appliance_.wiring().ports[i].device)) restarts_.ask(i);
    }
    say(restarts_.look(now, [&](std::size_t port) {
        auto restarted = appliance_.restart_port(port);
        if (!restarted) return restarted;
        links_.restarted(port, now);
        nic_drops_.forget(appliance_.wiring().ports[port].device);
        nic_drops_.follow(blocks_.over(config_));
        return restarted;
    }));
    if (Signals::take_reopen()) heed_hangup();
    if (blocks_.expire(appliance_.now())) apply_blocks();
    writer_.look();
}

/// With the packet clock workers wait for packets, and none is late.
void Control::look_at_workers() {
    if (config_.clock == ClockSource::packet) return;
    const Wiring& wiring = appliance_.wiring();
    std::vector<std::uint64_t> rounds;
    for (std::uint32_t w = 0; w < wiring.workers; ++w) rounds.push_back(wiring.tally[w].rounds.get());
    for (const auto& news : stalls_.look(Clock::now(), config_.stall_time, rounds)) {
        const double seconds = std::chrono::duration<double>(news.still).count();
        const unsigned lcore = worker_lcores()[news.worker];
        say({news.stalled
                 ? fmt::format("worker {} (lcore {}) has made no round for {:.1f} s: its packets wait",
                               news.worker, lcore, seconds)
                 : fmt::format("worker {} (lcore {}) goes on, after {:.1f} s", news.worker, lcore, seconds)});
        if (news.stalled && config_.on_stall == OnStall::abort) {
            say({"on_stall = \"abort\": ending, for whoever watches over this process to start it anew"});
            writer_.flush();
            std::abort();
        }
    }
}

void Control::say(const std::vector<std::string>& lines) {
    for (const auto& line : lines) put_line(stderr, "ajar: " + line);
}

void Control::heed_hangup() {
    if (auto done = writer_.reopen(); !done) put_line(stderr, "ajar: " + done.error());
    if (flags_.reload) static_cast<void>(reload({}));
}

Result<Reloaded> Control::reload(const std::string& profile) {
    if (!flags_.reload) return Error{"this appliance has no file to read again"};
    manager_.reloading();
    auto done = flags_.reload(config_, profile);
    manager_.ready();
    if (!done) {
        ++reloads_refused_;
        put_line(stderr, done.error() + "\najar: the configuration stays as it was");
        return done;
    }
    ++reloads_;
    config_ = done->config;
    apply();
    return done;
}

void Control::apply() {
    const Config held = blocks_.over(config_);
    appliance_.set_policy(held.policy);
    say(nic_drops_.follow(held));
}

void Control::apply_blocks() {
    ++config_.policy.generation;
    apply();
}

/// By the machine's clock: the tracker's may be that of a capture.
void Control::note() {
    next_note_ = Clock::now() + kNoteEvery;
    if (notes_.is_open()) notes_.add(live::sums_of(gather(appliance_)), std::chrono::system_clock::now());
}

void Control::tell() {
    next_tell_ = Clock::now() + (terminal_ ? kViewEvery : config_.report_interval);
    show(appliance_.sample());
}

/// The live view shows what stands instead.
void Control::tell_changes(const std::vector<std::string>& lines) {
    if (terminal_) return;
    for (const auto& line : lines) put_line(log_, line);
}

void Control::show(Sample now) {
    tell_changes(changes_.take_all());
    if (drain_.begun()) now.drains_for = drain_.left(Clock::now());
    if (terminal_) {
        terminal_->draw(
            live_lines(now, before_, appliance_.asked_lately(), appliance_.situation(), config_.policy.mode));
    } else {
        put_line(log_, log_line(now, before_));
    }
    manager_.status(log_line(now, before_));
    before_ = std::move(now);
}

}  // namespace ajar::dataplane
