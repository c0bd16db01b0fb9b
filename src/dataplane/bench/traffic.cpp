// Taking turns.
#include "dataplane/bench/traffic.hpp"

#include <algorithm>

namespace ajar::dataplane {

Blocks::Blocks(std::vector<Track> tracks, std::uint64_t blocks)
    : tracks_(std::move(tracks)), blocks_(blocks), last_round_(blocks) {
    if (blocks == kForever) return;
    for (const Track& t : tracks_) last_round_ = std::max(last_round_, blocks + t.lag);
}

void Blocks::next_track() {
    offset_ = 0;
    do {
        if (++track_ < tracks_.size()) continue;
        track_ = 0;
        ++round_;
    } while (!has_block() && !ended());
}

std::size_t Blocks::write(std::uint8_t side, Burst burst) {
    std::size_t n = 0;
    while (n < burst.size() && !ended()) {
        if (turn() != side) break;
        const auto block = round_ - tracks_[track_].lag;
        const auto now = std::min<std::uint64_t>(burst.size() - n, kBlock - offset_);
        put(track_, block * kBlock + offset_, burst.part(n, now));
        n += now;
        offset_ += now;
        if (offset_ == kBlock) next_track();
    }
    return n;
}

std::size_t Head::write(std::uint8_t side, Burst burst) {
    const auto n = whole_.write(side, burst.part(0, std::min<std::uint64_t>(burst.size(), left_)));
    left_ -= n;
    return n;
}

std::size_t Mix::write(std::uint8_t side, Burst burst) {
    std::size_t n = 0;
    while (n < burst.size()) {
        if (side != turn()) break;
        const auto now = std::min(burst.size() - n, shares_[part_] - done_);
        const auto written = parts_[part_]->write(side, burst.part(n, now));
        n += written;
        done_ += written;
        if (done_ == shares_[part_]) {
            part_ = 1 - part_;
            done_ = 0;
        } else if (written == 0) {
            break;
        }
    }
    return n;
}

}  // namespace ajar::dataplane
