// Filling and measuring.
#include "dataplane/bench/bed.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "dataplane/macswap.hpp"

namespace ajar::dataplane {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two looks of main, which may share its CPU with a worker.
constexpr useconds_t kBedNap = 1000;
constexpr auto kPatience = std::chrono::seconds(60);

void add_counts(Stretch& stretch, const Sample& before, const Sample& after) {
    stretch.all_received = after.frames.received - before.frames.received;
    stretch.transmitted = after.frames.transmitted - before.frames.transmitted;
    stretch.handed_over = after.frames.handed_over - before.frames.handed_over;
}

}  // namespace

Bed::Bed(std::unique_ptr<Appliance> appliance, const LcoreClocks& clocks)
    : appliance_(std::move(appliance)), clocks_(clocks), source_(appliance_->wiring()) {}

Bed::~Bed() { source_.detach(); }

Result<std::unique_ptr<Bed>> Bed::make(const Config& config, const LcoreClocks& clocks) {
    auto made = Appliance::make(config, [](const Event&) {});
    if (!made) return Error{made.error()};
    return std::unique_ptr<Bed>(new Bed(std::move(*made), clocks));
}

Result<bool> Bed::fill(std::span<Traffic* const> by_queue, std::uint64_t packets, const Watcher& watch) {
    const auto received = [&] { return appliance_->received(); };
    const auto enough = received() + packets;  // before the first one comes: there may be no more than these
    source_.carry(by_queue);
    if (auto started = appliance_->start(); !started) return started;
    auto done = await([&] { return received() >= enough; }, received, watch);
    appliance_->rest();
    return done;
}

Result<Stretch> Bed::track(std::span<Traffic* const> by_queue, std::uint64_t packets, const Watcher& watch) {
    source_.carry(by_queue);
    const auto before = appliance_->sample();
    if (auto started = appliance_->start(); !started) return Error{started.error()};
    auto stretch = measure(
        packets, [&] { return appliance_->received(); }, watch);
    appliance_->rest();
    if (stretch) add_counts(*stretch, before, appliance_->sample());
    return stretch;
}

Result<Stretch> Bed::forward(std::span<Traffic* const> by_queue, std::uint64_t packets,
                             const Watcher& watch) {
    source_.carry(by_queue);
    Macswap forwarder(*appliance_);
    if (auto started = forwarder.start(); !started) return Error{started.error()};
    auto stretch = measure(
        packets, [&] { return forwarder.received(); }, watch);
    forwarder.stop();
    if (stretch) stretch->transmitted = forwarder.transmitted();
    if (stretch) stretch->all_received = forwarder.received();
    return stretch;
}

void Bed::hold(const Posture& posture, const Policy& policy) {
    appliance_->wiring().posture.store(&posture, std::memory_order_release);  // partner: the lanes' acquire
    appliance_->set_policy(policy);
}

Bed::Moment Bed::moment(const Received& received) const {
    return {.wall = Clock::now(),
            .cpu = clocks_.cpu_seconds(),
            .switches = clocks_.switches(appliance_->wiring().workers),
            .packets = received()};
}

Stretch Bed::between(const Moment& a, const Moment& b) const {
    Stretch s{.packets = b.packets - a.packets,
              .seconds = std::chrono::duration<double>(b.wall - a.wall).count(),
              .switches = b.switches - a.switches};
    const auto workers = appliance_->wiring().workers;
    for (std::uint32_t w = 0; w < workers; ++w) s.cpu_seconds += (b.cpu[w] - a.cpu[w]) / workers;
    return s;
}

Result<bool> Bed::await(const std::function<bool()>& reached, const Received& received,
                        const Watcher& watch) {
    auto last = received();
    auto moved = Clock::now();
    while (!reached()) {
        if (!appliance_->drain_events()) usleep(kBedNap);
        const auto now = received();
        watch(now);
        if (now != last) moved = Clock::now();
        if (Clock::now() - moved > kPatience)
            return Error{fmt::format("no packet came for a minute, after {}: this is a fault of ajar", now)};
        last = now;
    }
    return true;
}

Result<Stretch> Bed::measure(std::uint64_t packets, const Received& received, const Watcher& watch) {
    const auto run = [&](std::uint64_t n) {
        const auto enough = received() + n;
        return await([&, enough] { return received() >= enough; }, received, watch);
    };
    if (auto warm = run(packets / 10); !warm) return Error{warm.error()};
    const auto from = moment(received);
    if (auto done = run(packets); !done) return Error{done.error()};
    auto stretch = between(from, moment(received));
    return stretch;
}

Ending Bed::close() {
    source_.detach();
    return appliance_->close();
}

}  // namespace ajar::dataplane
