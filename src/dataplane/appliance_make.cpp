// Building the appliance: devices, buffers, trackers, lanes.
#include <fmt/format.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mempool.h>

#include "config/cookie_key.hpp"
#include "config/device.hpp"
#include "config/needs.hpp"
#include "config/seed.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/capture_stamps.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/rss.hpp"
#include "dataplane/table_memory.hpp"

namespace ajar::dataplane {
namespace {

HashKey key_of(const Config& config) {
    const auto seed = config::parse_seed(config.seed);
    return seed ? hash_key_from_seed(*seed) : random_hash_key();
}

/// Packets that all ports together will deliver; none where some port has no end.
std::optional<std::uint64_t> packets_expected(const std::vector<std::string>& devices) {
    std::uint64_t n = 0;
    for (const auto& device : devices) {
        if (!config::comes_to_an_end(device)) return std::nullopt;
        n += count_packets(device);
    }
    return n;
}

/// What `ajar run --check` estimates by config::packets_kept(), counted.
std::uint64_t packets_kept(const std::string& device) {
    return config::repeats_capture(device) ? count_packets(device) : 0;
}

Error no_table_memory(const Config& config) {
    return {
        fmt::format("no memory for the tables: {} MiB are needed over all workers. Lower `confirmed` and "
                    "`embryonic`, or reserve more hugepages.",
                    config::needs_of(config).table_bytes >> 20U)};
}

}  // namespace

Appliance::Appliance(const Config& config, EventPump::Sink sink, EventPump::Tell tell)
    : config_(config), sink_(std::move(sink)), tell_(std::move(tell)), lcores_(worker_lcores()) {
    for (const auto& pair : config.ports) {
        devices_.push_back(pair.a);
        devices_.push_back(pair.b);
    }
    wiring_.steering = Steering(key_of(config), config.steer);
    wiring_.share_cpus = lcores_share_cpus();
}

Result<std::unique_ptr<Appliance>> Appliance::make(const Config& config, EventPump::Sink sink,
                                                   EventPump::Tell tell) {
    std::unique_ptr<Appliance> a(new Appliance(config, std::move(sink), std::move(tell)));
    const std::size_t lanes = config.workers + (config.clock == ClockSource::packet ? 1U : 0U);
    if (a->lcores_.size() < lanes) {
        return Error{
            fmt::format("{} lanes need as many lcores beside the main one, DPDK was started with {}: give "
                        "`cpus`, or fewer `workers`",
                        lanes, a->lcores_.size())};
    }
    if (!rss_agrees_with_software(a->wiring_.steering.key().rss_word)) {
        return Error{"the RSS key does not give what the software computes: this is a fault of ajar"};
    }
    if (!FrameString::register_field()) return Error{"DPDK has no room for a pointer in its packet buffers"};
    for (auto step : {&Appliance::open_ports, &Appliance::make_pools, &Appliance::configure_ports,
                      &Appliance::make_trackers, &Appliance::make_lanes}) {
        if (auto done = ((*a).*step)(); !done) return Error{done.error()};
    }
    if (config.clock == ClockSource::tsc) a->expected_ = packets_expected(a->devices_);
    return a;
}

Result<bool> Appliance::open_ports() {
    for (const auto& device : devices_) {
        auto port = Port::open(device);
        if (!port) return Error{port.error()};
        ports_.push_back(std::move(*port));
    }
    describe_ports();
    return true;
}

void Appliance::describe_ports() {
    const bool one_reader = config_.clock == ClockSource::packet;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        PortState& state = wiring_.ports.emplace_back();
        state.device = ports_[i].id();
        state.pair = static_cast<std::uint8_t>(i / 2);
        state.side = static_cast<std::uint8_t>(i % 2);
        state.twin = static_cast<std::uint16_t>(i ^ 1U);
        state.queues = plan_queues(ports_[i].facts(), config_.workers, one_reader);
        wiring_.index_of[ports_[i].id()] = static_cast<std::uint8_t>(i);
    }
    wire(wiring_, config_);
}

Result<bool> Appliance::make_pools() {
    for (std::size_t a = 0; a < ports_.size(); a += 2) {
        const std::size_t b = a + 1;
        const auto n = static_cast<std::uint32_t>(config::needs_of(config_).buffers +
                                                  packets_kept(devices_[a]) + packets_kept(devices_[b]));
        const std::uint16_t room =
            std::max(ports_[a].buffer_room(config_.mtu), ports_[b].buffer_room(config_.mtu));
        auto pool = make_pool(fmt::format("ajar_pair{}", a / 2), n, room, ports_[a].facts().socket);
        if (!pool) return Error{pool.error()};
        wiring_.ports[a].pool = wiring_.ports[b].pool = pool->get();
        pools_.push_back(std::move(*pool));
    }
    return true;
}

Result<bool> Appliance::configure_ports() {
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        PortState& state = wiring_.ports[i];
        auto done = ports_[i].configure(config_, state.queues, wiring_.steering.key().rss_word, state.pool);
        if (!done) return done;
        state.mtu = ports_[i].mtu();
        if (i % 2 == 1) {
            if (auto same = check_pair_mtu(devices_[i - 1], ports_[i - 1].mtu(), devices_[i], state.mtu);
                !same)
                return same;
        }
    }
    return true;
}

// Each on its own lcore, so that its pages come from that NUMA node, and all at the same time.
Result<bool> Appliance::make_trackers() {
    if (auto free = lcores_free(); !free) return free;
    policy_ = snapshot(config_.policy);
    wiring_.policy.store(policy_.get(), std::memory_order_release);
    memories_.resize(wiring_.workers);
    trackers_.resize(wiring_.workers);
    for (std::uint32_t w = 0; w < wiring_.workers; ++w) {
        launch(lcores_[w], [this, w] { make_tracker(w); });
    }
    join();
    for (const auto& tracker : trackers_) {
        if (!tracker) return no_table_memory(config_);
        tracker_pointers_.push_back(tracker.get());
    }
    auto secret = cookie_secret(wiring_.steering.key());
    if (!config_.cookie_key_file.empty()) {
        auto shared = config::read_cookie_key(config_.cookie_key_file);
        if (!shared) return Error{shared.error()};
        secret = *shared;
    }
    guard_ = std::make_unique<Guard>(wiring_, tracker_pointers_, config_.sizes, secret);
    const auto tell = [this](const Change& change) {
        situation_.add(change);
        if (tell_) tell_(change);
    };
    pump_ = std::make_unique<EventPump>(wiring_, tracker_pointers_, guard_->changes(), sink_, tell);
    return true;
}

void Appliance::make_tracker(std::uint32_t worker) {
    TrackerOptions options{
        .sizes = config_.sizes, .key = wiring_.steering.key(), .event_ring = config_.event_ring};
    options.recording = config_.recording();
    for (std::size_t p = 0; p < kPartitions; ++p) options.owned[p] = wiring_.owner[p] == worker;
    try {
        memories_[worker] = table_memory(wiring_.packet_clock);
        trackers_[worker] = std::make_unique<Tracker>(options, *memories_[worker]);
    } catch (const std::bad_alloc&) {
        trackers_[worker].reset();  // said by make_trackers()
    }
}

Result<bool> Appliance::make_lanes() {
    for (std::uint32_t w = 0; w < wiring_.workers; ++w) {
        if (wiring_.packet_clock) {
            lockstep_.push_back(std::make_unique<LockstepWorker>(wiring_, w, *trackers_[w]));
        } else {
            live_.push_back(
                std::make_unique<LiveWorker>(wiring_, w, clock_, *trackers_[w], config_.fragments));
        }
    }
    if (!wiring_.packet_clock) return true;
    auto reader = Reader::make(wiring_, *guard_, devices_, config_.fragments, config_.pace);
    if (!reader) return Error{reader.error()};
    reader_ = std::move(*reader);
    return true;
}

}  // namespace ajar::dataplane
