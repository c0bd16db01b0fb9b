// In what order events are written: by (time, ordinal, index), each as soon as none before it can come.
#pragma once

#include <span>
#include <vector>

#include "ajar/event.hpp"
#include "replay/chunk.hpp"

namespace ajar::replay {

/// Once every shard has advanced to T, all events before T have happened; later ones are held back.
class EventOrder {
public:
    /// Takes a chunk's events; returns those that are final now, in order, until the next call.
    std::span<const EventRef> add(const Chunk& chunk);
    /// Events that came after later ones had been given out. Always 0, or the law is broken.
    [[nodiscard]] std::uint64_t late() const { return late_; }

private:
    std::vector<Event> held_, kept_;
    std::vector<EventRef> order_;
    Time final_{};  // events before this instant were given out
    std::uint64_t late_ = 0;
};

}  // namespace ajar::replay
