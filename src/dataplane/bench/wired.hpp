// One appliance with one worker between two rings, and a wire that sends through it: what the scenarios have
// in common that look at single frames.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "dataplane/bench/paced.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/wire.hpp"

namespace ajar::dataplane {

/// Of one kind of run, all its transmissions.
struct Passages {
    Row row{};
    Histogram latency{};
    std::uint64_t kept = 0, left_out = 0;
    std::uint64_t never_sent = 0;  ///< due at that pace, and neither sent nor excused (Paced)

    void add(const Passage& p);
    Row finished();
};

class Wired {
public:
    static constexpr std::uint64_t kFew = 256;    ///< under way: an answer stays behind its question
    static constexpr std::uint64_t kMany = 1024;  ///< under way: whoever is slower always has something to do
    static constexpr double kNoEnd = 1e6;         ///< seconds

    /// Not started yet.
    static Result<std::unique_ptr<Wired>> make(const Trial& trial, unsigned slots = RingPorts::kSlots);

    [[nodiscard]] Appliance& appliance() { return *appliance_; }

    /// What else happens while the wire sends.
    struct Beside {
        Peers* peers = nullptr;
        std::function<void()> look{};  ///< on main, twice a second: it pushes the wire off its CPU
        double patience = 2;           ///< Wire::Job's
    };
    /// Sends until the traffic has ended or the time is over, and what was sent has come back or is lost.
    Passage pass(Traffic& traffic, double seconds, std::uint64_t under_way, std::string_view what,
                 const Beside& beside);
    Passage pass(Traffic& traffic, double seconds, std::uint64_t under_way, std::string_view what) {
        return pass(traffic, seconds, under_way, what, Beside{});
    }
    /// What opens connections, all of them: a worker off its CPU is waited for longer than elsewhere, as
    /// those on which it is then at work would be missing.
    void open(Traffic& opening, std::string_view what) {
        pass(opening, kNoEnd, kFew, what, {.patience = 10});
    }
    /// As much as is taken, for a while; from then on that is the full load.
    void fill(Traffic& traffic, Passages& into);
    /// At that part of the full load; measured for `into`, unless that is null.
    Passage paced(double load, Traffic& traffic, double seconds, Passages* into, const Beside& beside);
    Passage paced(double load, Traffic& traffic, double seconds, Passages* into) {
        return paced(load, traffic, seconds, into, Beside{});
    }

    /// The part of the scenario that is done, for whoever watches.
    void done(double part) { part_done_ = part; }

private:
    Wired(const Trial& trial, std::unique_ptr<RingPorts> ports, std::unique_ptr<Wire> wire,
          std::unique_ptr<Appliance> appliance)
        : trial_(trial), ports_(std::move(ports)), wire_(std::move(wire)), appliance_(std::move(appliance)) {}

    const Trial& trial_;
    std::unique_ptr<RingPorts> ports_;
    std::unique_ptr<Wire> wire_;
    std::unique_ptr<Appliance> appliance_;
    double capacity_ = 0;
    double part_done_ = 0;
};

}  // namespace ajar::dataplane
