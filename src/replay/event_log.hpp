// Where a shard's events of one chunk stand, and what they are ordered by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ajar/event.hpp"

namespace ajar::replay {

/// Events in the order in which they happened. They never move: a capture's end brings one for every flow
/// that is still alive, and to copy them into ever larger arrays costs more than to make them.
class EventLog {
public:
    /// Room for one more; push() makes it part of the log.
    Event& room() {
        if (size_ == blocks_.size() * kBlock) blocks_.push_back(std::make_unique<Block>());
        return at(size_);
    }
    void push() { ++size_; }
    /// Keeps the memory.
    void clear() { size_ = 0; }

    [[nodiscard]] std::size_t size() const { return size_; }
    const Event& operator[](std::size_t i) const { return (*blocks_[i / kBlock])[i % kBlock]; }

private:
    static constexpr std::size_t kBlock = 512;
    using Block = std::array<Event, kBlock>;
    Event& at(std::size_t i) { return (*blocks_[i / kBlock])[i % kBlock]; }

    std::vector<std::unique_ptr<Block>> blocks_;
    std::size_t size_ = 0;
};

/// An event by what orders it: sorting reads nothing else.
struct EventRef {
    Time time{};
    std::uint64_t ordinal = 0;
    const Event* event = nullptr;

    explicit EventRef(const Event& e) : time(e.time), ordinal(e.ordinal), event(&e) {}
    friend bool operator<(const EventRef& a, const EventRef& b) {
        if (a.time != b.time) return a.time < b.time;
        return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : precedes(*a.event, *b.event);
    }
};

}  // namespace ajar::replay
