// What main notes down, for a page to show what has been before somebody opened it. Bounded.
//
// Main writes, a helper of the HTTP server reads, under a lock that each holds for as long as it copies: main
// one event, the helper a few dozen.
#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <vector>

#include "ajar/defence/change.hpp"
#include "live/flags.hpp"
#include "live/trail.hpp"

namespace ajar::live {

class Notes {
public:
    static constexpr std::size_t kChanges = 12, kFlagged = 12;

    // Main's. Nothing is noted before open(): nobody will read it.
    void open() { open_ = true; }
    [[nodiscard]] bool is_open() const { return open_; }
    void add(const Event& event);
    void add(const Change& change);
    void add(const Sums& now, Time wall);

    struct Copy {
        std::deque<Trail::Bin> bins;   ///< Trail::bins()
        std::vector<Flagged> flagged;  ///< the latest first
        std::array<std::uint64_t, kReasonCount> told{};
        std::vector<Change> changes;  ///< the latest first
    };
    /// Any thread.
    [[nodiscard]] Copy read() const;

private:
    bool open_ = false;
    mutable std::mutex lock_;  // of the next
    Trail trail_;
    Flags flags_;
    std::deque<Change> changes_;
};

}  // namespace ajar::live
