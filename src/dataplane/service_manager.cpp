// Telling systemd, or whoever speaks its protocol.
#include "dataplane/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdint>

namespace ajar::dataplane {
namespace {

constexpr int kKeepEnvironment = 0;

void notify_manager(const std::string& text) { sd_notify(kKeepEnvironment, text.c_str()); }

std::uint64_t microseconds(ServiceManager::Clock::duration d) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(d).count());
}

}  // namespace

ServiceManager::ServiceManager() {
    std::uint64_t patience_us = 0;
    constexpr int kInItsPatience = 3;  // one may come late, or two
    if (sd_watchdog_enabled(kKeepEnvironment, &patience_us) > 0)
        every_ = std::chrono::microseconds(patience_us / kInItsPatience);
}

void ServiceManager::ready() { notify_manager("READY=1"); }

// CLOCK_MONOTONIC, which is what steady_clock reads.
void ServiceManager::reloading() {
    notify_manager(
        fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds(Clock::now().time_since_epoch())));
}

void ServiceManager::stopping(Clock::duration most) {
    notify_manager(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", microseconds(most)));
}

void ServiceManager::status(const std::string& line) { notify_manager("STATUS=" + line); }

void ServiceManager::alive(Clock::time_point now) {
    if (every_ == Clock::duration{} || now < next_) return;
    next_ = now + every_;
    notify_manager("WATCHDOG=1");
}

}  // namespace ajar::dataplane
