// An appliance for a test: configured, run until a condition holds, stopped, and its sums checked.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "dataplane/appliance.hpp"

namespace ajar::test {

/// Small tables, two workers, no hugepages.
inline Config small_config(const std::string& a, const std::string& b, std::uint32_t workers = 2) {
    Config config = config::default_config();
    config.ports = {{a, b}};
    config.workers = workers;
    config.hugepages = Hugepages::off;
    config.seed = std::string(1, '1');  // a literal draws a false -Wrestrict from g++ 12
    config.sizes = {.confirmed = 1U << 17U, .embryonic = 1U << 16U, .tombstones = 1U << 12U};
    config.fragments.datagrams = 512;
    return config;
}

/// AJAR_DEVICE_PACKETS, or ten million.
inline std::uint64_t packets_wanted() {
    const char* const text = std::getenv("AJAR_DEVICE_PACKETS");
    return text == nullptr ? 10'000'000 : std::strtoull(text, nullptr, 10);
}

/// Kilobytes of memory that this process has touched.
inline std::uint64_t resident_kb() {
    std::uint64_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// After so many packets every buffer has been used once.
inline constexpr std::uint64_t kWarm = 1'000'000;

struct Outcome {
    dataplane::Sample last;
    dataplane::Ending ending;
    std::vector<Event> events;
    std::vector<std::pair<std::size_t, Change>> changes;  ///< each behind so many events
    /// Since a fifth of the work was done, and all was warm; empty: so many packets never came.
    std::optional<std::uint64_t> memory_growth_kb;
};

class Rig {
public:
    explicit Rig(const Config& config) : config_(config) {}

    /// False, with a failure, where the appliance cannot be made.
    [[nodiscard]] bool make() {
        auto made = dataplane::Appliance::make(
            config_, [this](const Event& e) { outcome_.events.push_back(e); },
            [this](const Change& c) { outcome_.changes.emplace_back(outcome_.events.size(), c); });
        if (!made) {
            ADD_FAILURE() << made.error();
            return false;
        }
        appliance_ = std::move(*made);
        return true;
    }
    [[nodiscard]] dataplane::Appliance& appliance() { return *appliance_; }
    [[nodiscard]] std::uint64_t received() const { return appliance_->received(); }

    [[nodiscard]] bool start() {
        auto started = appliance_->start();
        if (!started) ADD_FAILURE() << started.error();
        return started.ok();
    }
    /// Until done() holds, or a minute has passed without a single packet.
    void run_until(const std::function<bool()>& done) {
        std::uint64_t last = 0, rounds_without = 0, early_kb = 0;
        while (!done() && rounds_without < 60'000) {
            appliance_->drain_events();
            usleep(1000);
            const auto now = received();
            rounds_without = now == last ? rounds_without + 1 : 0;
            last = now;
            if (early_kb == 0 && now > std::max(packets_wanted() / 5, kWarm)) early_kb = resident_kb();
        }
        EXPECT_TRUE(done()) << "stuck at " << last << " packets";
        if (early_kb != 0) outcome_.memory_growth_kb = std::max(resident_kb(), early_kb) - early_kb;
    }
    /// `unhook` runs when the lanes stand still and the ports are open yet.
    Outcome finish(const std::function<void()>& unhook = [] {}) {
        appliance_->stop();
        unhook();
        outcome_.last = appliance_->sample();
        outcome_.ending = appliance_->close();
        appliance_.reset();
        return std::move(outcome_);
    }

private:
    Config config_;
    std::unique_ptr<dataplane::Appliance> appliance_;
    Outcome outcome_;
};

inline std::uint64_t count(const std::array<std::uint64_t, kReasonCount>& counts, Reason r) {
    return counts[static_cast<std::size_t>(r)];
}

/// Of millions of packets none leaves memory behind. A run that was asked for fewer says nothing about it.
inline void expect_memory_flat(const Outcome& o) {
    constexpr std::uint64_t kMostKb = 4096;
    if (packets_wanted() <= kWarm) return;
    ASSERT_TRUE(o.memory_growth_kb.has_value()) << "never warm: too few packets came";
    EXPECT_LE(*o.memory_growth_kb, kMostKb);
}

/// Every frame accounted for, every buffer back.
inline void expect_sums_hold(const Outcome& o) {
    const auto& f = o.last.frames;
    EXPECT_TRUE(o.ending.sums_hold) << f.received << " + " << f.crafted << " in, " << f.transmitted << " + "
                                    << f.disposed << " out";
    EXPECT_EQ(o.ending.mbufs_lost, 0U);
    EXPECT_EQ(o.ending.faults, 0U);
    EXPECT_EQ(f.held, 0U);
    EXPECT_EQ(o.last.tracker.created, o.last.tracker.ended);
}

}  // namespace ajar::test
