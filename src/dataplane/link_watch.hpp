// Whether the links are up, and whether one that is down takes its twin down.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Which links to switch, given which are down by themselves. Pure, so that the rule can be tested.
///
/// A port follows its twin only: one that we took down says nothing about itself and never takes the other
/// down.
struct LinkFollow {
    enum class Order : std::uint8_t { none, down, up };
    /// `up` is what the device says; `taken_down` whether we had switched it off.
    static Order for_twin(bool up, bool taken_down, bool twin_taken_down) {
        const bool lost = !up && !taken_down;
        if (lost && !twin_taken_down) return Order::down;
        if (!lost && !taken_down && twin_taken_down) return Order::up;
        return Order::none;
    }
};

/// Main's: asks every device, tells the lanes.
class LinkWatch {
public:
    using Clock = std::chrono::steady_clock;

    /// The ports were started just now.
    LinkWatch(Wiring& wiring, std::vector<std::string> devices, bool follow);
    /// What there is to say: links that came or went, and what was done with their twins.
    std::vector<std::string> look(Clock::time_point now);
    /// A port comes back with its link up: takes it down again, if it was.
    void restarted(std::size_t port, Clock::time_point now);

private:
    struct Twin {
        bool taken_down = false;
        bool refused = false;            ///< the device would not switch; said once
        Clock::time_point not_before{};  ///< of the next try then
        Clock::time_point coming_up_until{};
    };
    void ask(std::size_t port);
    void follow(std::size_t port, Clock::time_point now);
    void order(std::size_t port, LinkFollow::Order order, Clock::time_point now);

    Wiring& wiring_;
    std::vector<std::string> devices_;
    bool follow_;
    std::vector<Twin> twins_;
    std::vector<std::string> said_;
};

}  // namespace ajar::dataplane
