// How does traffic come that does not wait to be taken, as from a wire?
#pragma once

#include <cstdint>

#include "dataplane/bench/traffic.hpp"

namespace ajar::dataplane {

/// Packets of some traffic at a fixed rate, into a queue of kQueue as a NIC has it: what does not fit is
/// lost, before anybody has sent it: the traffic goes on where it was. When the thread was pushed off its CPU
/// meanwhile, that is the machine's doing and not the tracker's: the queue starts afresh, and the packets
/// that did not come are counted as excused.
class Paced final : public Traffic {
public:
    static constexpr std::uint64_t kQueue = 1024;

    struct Clock {
        std::uint64_t (*now)();  ///< in cycles
        double cycles_per_packet;
        std::uint64_t (
            *switches)();  ///< involuntary ones of the calling thread so far; asked when packets are lost
    };
    Paced(Traffic& whole, const Clock& clock) : whole_(whole), clock_(clock) {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override { return whole_.turn(); }
    [[nodiscard]] bool ended() const override { return whole_.ended(); }

    void resume() override { running_ = false; }

    [[nodiscard]] std::uint64_t lost() const { return lost_; }
    [[nodiscard]] std::uint64_t excused() const { return excused_; }

private:
    [[nodiscard]] std::uint64_t waiting();
    void overflow(std::uint64_t packets);

    Traffic& whole_;
    Clock clock_;
    bool running_ = false;
    std::uint64_t start_ = 0;  // cycles
    std::uint64_t taken_ = 0;  // since then
    std::uint64_t lost_ = 0, excused_ = 0, switches_ = 0;
};

}  // namespace ajar::dataplane
