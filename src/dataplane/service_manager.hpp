// What a service manager is told, in the protocol of sd_notify(3). Where none has asked for it, nothing is.
#pragma once

#include <chrono>
#include <string>

namespace ajar::dataplane {

/// Main's. The manager restarts a service that does not say in time that it lives (WatchdogSec= in its unit).
class ServiceManager {
public:
    using Clock = std::chrono::steady_clock;

    ServiceManager();

    void ready();
    /// The configuration is read anew; ready() when that is over.
    void reloading();
    /// It ends, and may take so long.
    void stopping(Clock::duration most);
    /// A line for people.
    void status(const std::string& line);
    /// It lives: said as often as the manager wants to hear it, however often this is called.
    void alive(Clock::time_point now);

private:
    Clock::duration every_{};  // zero: it does not want to
    Clock::time_point next_{};
};

}  // namespace ajar::dataplane
