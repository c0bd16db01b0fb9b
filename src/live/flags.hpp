// The latest connections in trouble, with what was told of each. Bounded, and fair: a flood of one Reason
// leaves the others their places, and costs no more than a look at a counter.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ajar/event.hpp"

namespace ajar::live {

struct Flagged {
    std::uint64_t number = 0;  ///< in the order in which they came
    std::uint64_t flow_id = 0;
    std::vector<Event> events;   ///< by time
    std::uint64_t left_out = 0;  ///< beyond kMostEvents
};

/// Each Reason has its latest kOfEach; of more than kASecond of it in a second the first are taken.
class Flags {
public:
    static constexpr std::size_t kOfEach = 3, kMostEvents = 6, kASecond = 3;

    /// In the order of main.
    void add(const Event& event);

    /// The latest first, so many at the most.
    [[nodiscard]] std::vector<Flagged> latest(std::size_t most) const;
    /// Events that told of a connection in trouble, by Reason.
    [[nodiscard]] const std::array<std::uint64_t, kReasonCount>& told() const { return told_; }

private:
    struct Places {
        std::array<std::size_t, kOfEach> at{};
        std::size_t used = 0, next = 0;
        std::int64_t second = -1;
        std::size_t in_second = 0;  // taken
    };
    void take(const Event& event);
    static void keep(Flagged& to, const Event& event);

    std::vector<std::uint64_t> ids_;  // of flagged_, close together: they are looked through at each event
    std::vector<Flagged> flagged_;
    std::array<Places, kReasonCount> places_{};
    std::array<std::uint64_t, kReasonCount> told_{};
    std::uint64_t taken_ = 0;
};

}  // namespace ajar::live
