// What happened when: connections over time, and how long handshakes lasted that were never completed. Kept
// for the report alone.
//
// A function of the events, so the same for any number of shards: the end of a flow knows when it began, what
// became of it, and when its last packet came. What ended by packets is over with the last one, what was
// given up is over when its timer ran out. How long a handshake took that was completed is known to nobody:
// it counts as completed from its first packet on. Bounded: so many bins, whatever the capture.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/counters.hpp"
#include "ajar/event.hpp"
#include "page/time_bins.hpp"

namespace ajar::replay {

/// Ages of unfinished handshakes over time: the classes of a live view, kEmbryonicAgeBounds.
inline constexpr std::size_t kAgeClasses = kEmbryonicAgeBounds.size() + 1;
/// And at their end: a row below each of these bounds, and one beyond.
inline constexpr std::array kAgeBounds = [] {
    using namespace std::chrono_literals;
    return std::array{Duration(1ms), Duration(10ms), Duration(100ms), Duration(1s),  Duration(3s),
                      Duration(10s), Duration(30s),  Duration(60s),   Duration(120s)};
}();
inline constexpr std::size_t kAgeRows = kAgeBounds.size() + 1;

/// What a connection began as, in the end.
enum class Beginning : std::uint8_t { completed, unfinished, mid_stream };
inline constexpr std::size_t kBeginningCount = 3;

/// How a handshake ended that was never completed.
enum class Unfinished : std::uint8_t { refused, unanswered, unacknowledged, gave_way, at_end, other };
inline constexpr std::size_t kUnfinishedCount = 6;

class Chronicle {
public:
    /// One bin. Changes, added up from the first bin on, are what stood at the end of a bin.
    struct Row {
        std::array<std::uint64_t, kBeginningCount> begun{};  ///< by Beginning
        std::array<std::int64_t, kAgeClasses> unfinished{};  ///< changes, by age
        std::int64_t open = 0;                               ///< changes: of all but unfinished ones
        std::array<std::uint64_t, kReasonCount> told{};  ///< flagged, evicted, refused, half open: by Reason

        Row& operator+=(const Row& other);
    };

    void add(const Event& event);

    [[nodiscard]] const page::TimeBins<Row>& bins() const { return bins_; }
    /// Of handshakes that were never completed.
    using Ages = std::array<std::array<std::uint64_t, kUnfinishedCount>, kAgeRows>;
    [[nodiscard]] const Ages& ages() const { return ages_; }

private:
    void add_end(const Event& end);
    void add_unfinished(const Event& end);

    page::TimeBins<Row> bins_;
    Ages ages_{};
};

/// Of a flow_end.
Beginning beginning_of(const Event& end);
Unfinished ending_of(const Event& end);

}  // namespace ajar::replay
