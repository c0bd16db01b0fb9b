// A fragment holder with the parser before it: frames in, outcomes out.
#pragma once

#include <chrono>
#include <vector>

#include "ajar/flow/fragments.hpp"
#include "ajar/flow/memory.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {

class Holding {
public:
    explicit Holding(const FragmentLimits& limits = {}) : holder_(limits, hash_key_from_seed(1), memory_) {}

    /// Frames are numbered from 1 in the order of these calls: that is their handle.
    FragmentOutcome add(std::span<const std::uint8_t> frame, std::size_t readable = SIZE_MAX) {
        fragment_ = parsed(frame, options);
        fragment_.time = Time(now_);
        fragment_.ordinal = ++count_;
        const auto sum = verify ? checksum::piece_sum(fragment_, frame) : std::nullopt;
        return holder_.add(fragment_, frame.first(std::min(readable, frame.size())), sum, count_, datagram);
    }
    void pass_time(Duration d) { now_ += d; }
    [[nodiscard]] std::span<const FrameHandle> expire() { return holder_.expire(Time(now_)); }
    FragmentHolder& holder() { return holder_; }

    ParseOptions options;
    bool verify = true;
    Packet datagram;

private:
    PageMemory memory_;
    FragmentHolder holder_;
    Packet fragment_;
    Duration now_{std::chrono::hours(1)};
    FrameHandle count_ = 0;
};

inline std::vector<FrameHandle> listed(std::span<const FrameHandle> handles) {
    return {handles.begin(), handles.end()};
}

}  // namespace ajar
