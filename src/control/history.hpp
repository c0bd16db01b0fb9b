// The latest events that explain something, as many as the configuration grants.
#pragma once

#include <cstddef>
#include <vector>

#include "ajar/event.hpp"

namespace ajar::control {

/// What begins and ends in order explains nothing.
constexpr bool tells_something(const Event& event) {
    return event.kind != EventKind::flow_start && event.kind != EventKind::flow_end;
}

/// One thread.
class History {
public:
    explicit History(std::size_t capacity) : capacity_(capacity) { events_.reserve(capacity); }

    void add(const Event& event) {
        if (events_.size() < capacity_) return events_.push_back(event);
        events_[next_] = event;
        next_ = (next_ + 1) % capacity_;
    }
    [[nodiscard]] std::size_t size() const { return events_.size(); }
    /// The oldest is 0.
    [[nodiscard]] const Event& operator[](std::size_t i) const {
        return events_[(next_ + i) % events_.size()];
    }

private:
    std::size_t capacity_;
    std::size_t next_ = 0;  // the oldest, when full
    std::vector<Event> events_;
};

}  // namespace ajar::control
