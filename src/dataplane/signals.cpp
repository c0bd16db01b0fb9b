// Signal handlers that do nothing but set flags.
#include "dataplane/signals.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace ajar::dataplane {
namespace {

std::atomic<unsigned> g_stop{0};
std::atomic<bool> g_reopen{false};
static_assert(std::atomic<bool>::is_always_lock_free &&
              std::atomic<unsigned>::is_always_lock_free);  // else a handler could not use it

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, kSignals.size()> g_before;

void on_signal(int number) {
    if (number == SIGHUP) {
        g_reopen.store(true);
    } else {
        g_stop.fetch_add(1);
    }
}

}  // namespace

Signals::Signals() {
    g_stop.store(0);
    g_reopen.store(false);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &g_before[i]);
}

Signals::~Signals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_before[i], nullptr);
}

unsigned Signals::times_stop_asked() { return g_stop.load(); }
bool Signals::take_reopen() { return g_reopen.exchange(false); }

}  // namespace ajar::dataplane
