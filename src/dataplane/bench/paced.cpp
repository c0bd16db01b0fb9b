// A wire's pace.
#include "dataplane/bench/paced.hpp"

#include <algorithm>

namespace ajar::dataplane {

std::uint64_t Paced::waiting() {
    const auto cycles = static_cast<double>(clock_.now() - start_);
    return static_cast<std::uint64_t>(cycles / clock_.cycles_per_packet) - taken_;
}

std::size_t Paced::write(std::uint8_t side, Burst burst) {
    if (!running_) {
        running_ = true;
        taken_ = 0;
        start_ = clock_.now();
        switches_ = clock_.switches();
    }
    auto there = waiting();
    if (there > kQueue) {
        overflow(there - kQueue);
        there = waiting();
    }
    const auto n = whole_.write(side, burst.part(0, std::min<std::uint64_t>(burst.size(), there)));
    taken_ += n;
    return n;
}

// Nobody has sent what is lost: were it made, both ends would go on as if they had each other's, and
// acknowledge what no tracker has seen.
void Paced::overflow(std::uint64_t packets) {
    const auto switches = clock_.switches();
    const bool excused = switches != switches_;
    switches_ = switches;
    if (excused) packets += kQueue;
    taken_ += packets;
    (excused ? excused_ : lost_) += packets;
}

}  // namespace ajar::dataplane
