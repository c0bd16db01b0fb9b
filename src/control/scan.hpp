// Reading the tables of all workers: pages in the order of the tables, sorted pages, counts, single flows.
//
// Lock-free, beside the workers: flows come and go meanwhile, so a list is right about each flow and not
// about a moment. Sorted pages and counts look at everything, a partition a task, on TBB; so they cost as
// much whatever the limit, and memory by the limit alone.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/box.hpp"
#include "control/filter.hpp"
#include "control/flow_name.hpp"
#include "control/row.hpp"

namespace ajar::control {

/// When a look at the tables ends: at that moment, or as soon as nobody waits for it any more.
class Deadline {
public:
    using Moment = std::chrono::steady_clock::time_point;
    using Unwanted = std::shared_ptr<const std::atomic<bool>>;

    Deadline(Moment at, Unwanted unwanted = {})  // NOLINT(google-explicit-constructor): a moment is one
        : at_(at), unwanted_(std::move(unwanted)) {}

    [[nodiscard]] bool past() const {
        // relaxed: it ends sooner or later
        return (unwanted_ && unwanted_->load(std::memory_order_relaxed)) ||
               std::chrono::steady_clock::now() >= at_;
    }

private:
    Moment at_;
    Unwanted unwanted_;
};

/// Where a page begins.
struct Cursor {
    std::uint32_t partition = 0;     ///< kPartitions: behind the last
    std::uint64_t at = 0;            ///< Tracker::list()
    std::optional<SortKey> after{};  ///< of a sorted list: its last flow

    [[nodiscard]] std::string text() const;
    static std::optional<Cursor> parse(std::string_view text);
};

struct Page {
    std::vector<Seen> flows;
    std::optional<Cursor> next{};  ///< none: that was all
    std::uint64_t scanned = 0;
    std::uint64_t matched = 0;  ///< of all that was scanned
    bool late = false;          ///< the deadline has passed, and the page is not whole
};

/// In the order of the tables. Ends early at the deadline: with what there is, and a cursor.
Page list_page(const Box& box, const Filter& filter, const Cursor& from, std::size_t limit,
               const Deadline& deadline);
/// Not whole where `late`.
Page sorted_page(const Box& box, const Filter& filter, SortBy by, bool reverse, const Cursor& from,
                 std::size_t limit, const Deadline& deadline);
Page count_flows(const Box& box, const Filter& filter, const Deadline& deadline);
/// All living flows of that name. `everything` selects all, and knows the Reasons of flags.
Page find_flows(const Box& box, const FlowName& name, const Deadline& deadline,
                const Filter& everything = {});
/// Embryonic flows by age (bounds of kEmbryonicAgeBounds).
std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> ages(const Box& box);

/// Where scans run: TBB threads with the CPUs and the priority of the thread that made it; two at least, so
/// that a long one does not keep a short one waiting.
class Scanner {
public:
    Scanner();
    /// Waits for what runs.
    ~Scanner();
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;

    /// `work` begins soon, in a thread of the scanner's. The constructor's thread alone.
    void run(std::function<void()> work);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::control
