// On what are measurements made? One appliance that is filled once and then measured again and again, in turn
// with a plain forwarder on its own ports, queues and lcores.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "dataplane/appliance.hpp"
#include "dataplane/bench/lcore_clocks.hpp"
#include "dataplane/bench/source.hpp"

namespace ajar::dataplane {

/// What happened between two moments.
struct Stretch {
    std::uint64_t packets = 0;   ///< received
    double seconds = 0;          ///< on the wall
    double cpu_seconds = 0;      ///< of a worker on its CPU, mean over the workers
    std::uint64_t switches = 0;  ///< involuntary, of all workers
    /// With the warm-up and what was under way at the end; no frame is under way any more.
    std::uint64_t all_received = 0, transmitted = 0, handed_over = 0;

    /// Packets a second that the workers were on their CPUs.
    [[nodiscard]] double rate() const { return static_cast<double>(packets) / cpu_seconds; }
    [[nodiscard]] double wall_rate() const { return static_cast<double>(packets) / seconds; }
};

class Bed {
public:
    /// `config` names net_null ports; `clocks` outlives the bed.
    static Result<std::unique_ptr<Bed>> make(const Config& config, const LcoreClocks& clocks);
    ~Bed();
    Bed(const Bed&) = delete;
    Bed& operator=(const Bed&) = delete;

    /// Called now and then while something runs, with the packets so far.
    using Watcher = std::function<void(std::uint64_t)>;

    /// Tracks `packets`, measuring nothing.
    Result<bool> fill(std::span<Traffic* const> by_queue, std::uint64_t packets, const Watcher& watch);
    /// Tracks and measures `packets` after a tenth as many.
    Result<Stretch> track(std::span<Traffic* const> by_queue, std::uint64_t packets, const Watcher& watch);
    /// The same with the plain forwarder.
    Result<Stretch> forward(std::span<Traffic* const> by_queue, std::uint64_t packets, const Watcher& watch);

    /// What holds for packets from now on; `posture` outlives it.
    void hold(const Posture& posture, const Policy& policy);

    [[nodiscard]] Sample sample() const { return appliance_->sample(); }
    [[nodiscard]] Wiring& wiring() { return appliance_->wiring(); }
    /// Every frame and every buffer accounted for? The last call.
    [[nodiscard]] Ending close();

private:
    Bed(std::unique_ptr<Appliance> appliance, const LcoreClocks& clocks);

    struct Moment {
        std::chrono::steady_clock::time_point wall;
        std::vector<double> cpu;
        std::uint64_t switches = 0;
        std::uint64_t packets = 0;
    };
    using Received = std::function<std::uint64_t()>;
    [[nodiscard]] Moment moment(const Received& received) const;
    [[nodiscard]] Stretch between(const Moment& a, const Moment& b) const;
    Result<bool> await(const std::function<bool()>& reached, const Received& received, const Watcher& watch);
    Result<Stretch> measure(std::uint64_t packets, const Received& received, const Watcher& watch);

    std::unique_ptr<Appliance> appliance_;
    const LcoreClocks& clocks_;
    NullSource source_;
};

}  // namespace ajar::dataplane
