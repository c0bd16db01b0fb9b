// The appliance put together: ports, buffers, trackers and the lanes on their lcores, from start to the last
// sum.
//
// Lives on the main lcore, after the EAL is up. Built in this order and torn down in the reverse one: pools,
// ports, wiring, trackers, lanes.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "dataplane/event_pump.hpp"
#include "dataplane/guard.hpp"
#include "dataplane/live_worker.hpp"
#include "dataplane/lockstep_worker.hpp"
#include "dataplane/pool.hpp"
#include "dataplane/port.hpp"
#include "dataplane/reader.hpp"
#include "dataplane/report.hpp"
#include "dataplane/sample.hpp"
#include "dataplane/tsc_clock.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

class Appliance {
public:
    /// Takes all devices and memory. `sink` gets the events, and `tell` what the defence changes, on the
    /// thread that calls drain_events().
    static Result<std::unique_ptr<Appliance>> make(const Config& config, EventPump::Sink sink,
                                                   EventPump::Tell tell = {});
    ~Appliance();
    Appliance(const Appliance&) = delete;
    Appliance& operator=(const Appliance&) = delete;

    Result<bool> start_ports();
    /// After start_ports().
    Result<bool> launch_lanes();
    /// Both.
    Result<bool> start();
    /// Stops receiving, runs the rings dry, ends all flows with their records, joins the lanes.
    void stop();
    /// Stops receiving, runs the rings dry, joins the lanes; flows stay. start() goes on. TSC only.
    void rest();
    /// Stops the ports, gives everything back, counts what is missing. After stop().
    Ending close();

    bool drain_events() { return pump_->drain(); }
    /// Packets of flagged flows that wait now, each worker's in its order. True if there were any.
    bool take_packets(const std::function<void(const exporting::WatchedPacket&)>& take);
    /// Packet clock: the captures have ended and every worker is through.
    [[nodiscard]] bool finished() const;
    /// TSC: capture ports only, and they have delivered all they hold. False with any other port.
    [[nodiscard]] bool captures_ended() const;
    [[nodiscard]] Sample sample() const;
    /// In the second before this one. Costs milliseconds in a flood.
    [[nodiscard]] Asks asked_lately() const;
    /// What the defence does, as far as it was drained.
    [[nodiscard]] const Situation& situation() const { return situation_; }
    /// Frames so far: cheaper than a whole sample.
    [[nodiscard]] std::uint64_t received() const;
    /// Translated connections that are not over. Cheaper than a whole sample.
    [[nodiscard]] std::uint64_t translated() const;
    [[nodiscard]] std::uint64_t cookies_sent() const;
    /// TSC: from now on no translated connection begins.
    void drain();
    /// The lanes see it within a round; returns when none uses the old one any more.
    void set_policy(const Policy& policy);
    /// In force. Any thread.
    [[nodiscard]] std::shared_ptr<const Policy> policy() const;
    /// Since the ports were started.
    [[nodiscard]] Duration uptime() const { return std::chrono::steady_clock::now() - started_; }
    /// The tracker's time. Any thread.
    [[nodiscard]] Time now() const;
    /// TSC: what is to be done about floods from now on. Every epoch, or when there is time.
    void defend();
    /// TSC: what others have pending counts from now on (defence/fleet.hpp).
    void hear(bool tells, std::shared_ptr<const Pending> others);
    [[nodiscard]] const Pending& pending() const { return guard_->pending(); }
    [[nodiscard]] std::uint64_t half_open() const;
    /// Takes a port out of the lanes' hands, stops and starts it. Frames for it are dropped meanwhile.
    Result<bool> restart_port(std::size_t index);

    [[nodiscard]] Wiring& wiring() { return wiring_; }
    [[nodiscard]] const Wiring& wiring() const { return wiring_; }
    [[nodiscard]] std::span<Tracker* const> trackers() const { return tracker_pointers_; }
    [[nodiscard]] std::span<const std::string> devices() const { return devices_; }
    [[nodiscard]] Steer steer() const { return config_.steer; }
    [[nodiscard]] const Port& port(std::size_t index) const { return ports_[index]; }

private:
    Appliance(const Config& config, EventPump::Sink sink, EventPump::Tell tell);
    Result<bool> open_ports();
    Result<bool> make_pools();
    Result<bool> configure_ports();
    void describe_ports();
    Result<bool> make_trackers();
    void make_tracker(std::uint32_t worker);
    Result<bool> make_lanes();
    [[nodiscard]] Result<bool> lcores_free() const;
    void launch(unsigned lcore, std::function<void()> job);
    void join();
    void join_lanes_at(Stage stage);
    [[nodiscard]] bool lanes_running() const;
    [[nodiscard]] std::uint64_t sum_of(Counter Counters::*counter) const;
    [[nodiscard]] std::shared_ptr<const Policy> snapshot(const Policy& policy) const;
    void run_rings_dry();
    void await_rounds();
    void await_grace_period();

    struct Job {
        unsigned lcore;
        std::function<void()> work;
    };

    Config config_;
    EventPump::Sink sink_;
    EventPump::Tell tell_;
    Situation situation_;
    TscClock clock_;
    std::vector<std::string> devices_;
    std::vector<unsigned> lcores_;
    std::vector<Pool> pools_;
    std::vector<Port> ports_;
    Wiring wiring_;
    mutable std::mutex policy_lock_;  // of the pointer, for those beside main
    std::shared_ptr<const Policy> policy_;
    std::vector<std::unique_ptr<Memory>> memories_;
    std::vector<std::unique_ptr<Tracker>> trackers_;
    std::vector<Tracker*> tracker_pointers_;
    std::unique_ptr<EventPump> pump_;
    std::unique_ptr<Guard> guard_;
    std::vector<std::unique_ptr<LiveWorker>> live_;
    std::vector<std::unique_ptr<LockstepWorker>> lockstep_;
    std::unique_ptr<Reader> reader_;
    std::vector<std::unique_ptr<Job>> jobs_;
    std::optional<std::uint64_t> expected_;  // packets in the captures; none: some port is no capture
    std::chrono::steady_clock::time_point started_{};
    Time drains_since_ = Time::max();
    std::uint64_t cut_off_ = 0;  // translated connections, by the end
    bool launched_ = false;
};

}  // namespace ajar::dataplane
