// Whether the links are up, and whether one that is down takes its twin down.
#pragma once

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
    LinkWatch(Wiring& wiring, bool follow)
        : wiring_(wiring), follow_(follow), taken_down_(wiring.ports.size()) {}
    /// True if a link changed.
    bool look();
    [[nodiscard]] std::uint64_t losses() const { return losses_; }

private:
    void follow(std::size_t port);

    Wiring& wiring_;
    bool follow_;
    std::vector<bool> taken_down_;
    std::uint64_t losses_ = 0;
};

}  // namespace ajar::dataplane
