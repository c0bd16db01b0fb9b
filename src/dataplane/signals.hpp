// Which signals the appliance listens to, and what it has heard.
#pragma once

namespace ajar::dataplane {

/// SIGINT and SIGTERM ask to stop, the second of them at once; SIGHUP to reopen the files of events and
/// reload. The handlers set flags, main looks at them. Restores what was there at its end.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    static bool stop_asked() { return times_stop_asked() != 0; }
    static unsigned times_stop_asked();
    /// True once for each SIGHUP (or several in a row).
    static bool take_reopen();
};

}  // namespace ajar::dataplane
