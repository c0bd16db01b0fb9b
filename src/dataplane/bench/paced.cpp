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

void Paced::overflow(std::uint64_t packets) {
    const auto switches = clock_.switches();
    const bool excused = switches != switches_;
    switches_ = switches;
    if (excused) packets += kQueue;
    taken_ += packets;
    if (excused) {
        excused_ += packets;
    } else {
        lose(packets);
    }
}

/// They are made all the same: on a wire they would be gone.
void Paced::lose(std::uint64_t packets) {
    lost_ += packets;
    std::array<std::uint8_t, FrameWriter::kHeaderBytes> nowhere;
    std::array<std::uint8_t*, 1> frame = {nowhere.data()};
    std::array<std::uint16_t, 1> length;
    for (std::uint64_t n = 0; n < packets; ++n)
        whole_.write(std::min<std::uint8_t>(whole_.turn(), 1), {frame, length});
}

}  // namespace ajar::dataplane
