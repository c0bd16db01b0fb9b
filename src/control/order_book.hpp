// Evictions under way: which flows are still to be ordered, what the workers have said.
//
// A flush is not handed to the workers as a whole. The book reads the tables a few hundred flows at a time
// and orders each of those that are meant, by tuple and birth, as long as the workers' rings have room; a
// worker carries out a few between two bursts. So nothing has to be held up, whatever the number, and a flow
// that has the tuple since is spared. Several jobs share the room alike. The server's thread alone.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "control/box.hpp"
#include "control/scan.hpp"

namespace ajar::control {

class OrderBook {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kMostJobs = 8;
    static constexpr std::size_t kInFlight = 4096;  ///< orders, of all jobs
    static constexpr auto kPatience =
        std::chrono::seconds(5);  ///< with workers that carry out nothing of any job
    static constexpr auto kSlice = std::chrono::milliseconds(2);  ///< of the tables, at a time

    struct Outcome {
        bool stalled = false;  ///< the workers did not carry it out in time
        std::uint64_t evicted = 0;
        std::uint64_t gone = 0;  ///< ended otherwise before their turn
    };
    using Finish = std::function<void(const Outcome&)>;

    explicit OrderBook(Box& box) : box_(box) {}

    [[nodiscard]] bool full() const { return jobs_.size() >= kMostJobs; }
    [[nodiscard]] bool idle() const { return jobs_.empty(); }
    /// These flows. `finish` is called within a later work(). Not when full().
    void evict(const std::vector<Seen>& flows, std::optional<Action> action, Finish finish);
    /// All flows that the filter selects when it comes to them.
    void flush(Filter filter, std::optional<Action> action, Finish finish);
    /// A slice of what there is to do. True: there is more to do at once.
    bool work();

private:
    struct Job {
        std::uint64_t tag = 0;
        std::optional<Action> action{};
        std::optional<Filter> filter{};  ///< of a flush
        std::optional<Cursor> at{};      ///< where it goes on reading
        std::deque<Order> waiting{};     ///< for room
        std::uint64_t in_flight = 0;
        Outcome outcome{};
        Finish finish;
    };

    Job& open(std::optional<Action> action, Finish finish);
    static Order order_of(const Seen& flow, const Job& job);
    void settle();
    bool read_on(Job& job);
    bool send(Job& job);
    void close_finished();

    Box& box_;
    std::vector<Job> jobs_;
    std::uint64_t next_tag_ = 1;
    std::uint64_t in_flight_ = 0;
    Clock::time_point moved_ = Clock::now();  // an order was carried out, or none was owed
};

}  // namespace ajar::control
