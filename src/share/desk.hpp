// What lies between main and the courier's thread. Neither waits for the other.
//
//     main ---- events (ring), changes, Own, removals ----> courier     what finds no room is lost, and
//     counted main <--- Heard, lifted ---------------------------- courier      the latest; nothing piles up
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ajar/defence/change.hpp"
#include "ajar/event.hpp"
#include "ajar/spsc_ring.hpp"
#include "control/facts.hpp"
#include "control/post.hpp"
#include "share/others.hpp"
#include "share/own_blocks.hpp"

namespace ajar::share {

/// What the configuration wants; another one with a reload.
struct Wishes {
    bool events = true, sums = true, blocks = true;
    std::uint32_t keep = 100'000;  ///< events in their stream, about
};

/// How this appliance is.
struct Own {
    Wishes wishes{};
    State state{};
    Pending pending{};
    std::vector<OwnBlock> blocks{};
};

/// How the others are.
struct Heard {
    std::shared_ptr<const Pending> pending{};  ///< sums over all of them; null: nothing
    std::vector<LentBlock> blocks{};
    std::vector<OtherBox> boxes{};
};

class Desk {
public:
    using Stream = control::ShareFacts::Stream;
    static constexpr std::size_t kEvents = 4096, kChanges = 1024, kRemovals = 1024;

    // Main's.

    /// Ends of flows aside, which have their own ways out.
    void tell(const Event& event);
    void tell(const Change& change);
    /// Each second, and when something has begun or ended that others should hear of at once.
    void put(Own own);
    /// The operator here has unblocked it, whoever's block it was.
    void remove(std::string prefix);
    /// None: nothing has changed.
    std::optional<Heard> take_heard();
    /// Prefixes that operators elsewhere have unblocked, of those that were told from here.
    std::vector<std::string> take_lifted();
    [[nodiscard]] control::ShareFacts facts() const;
    void stop();

    // The courier's.

    [[nodiscard]] bool stopped() const { return stop_.load(std::memory_order_acquire); }
    [[nodiscard]] int fd() const { return post_.fd(); }
    void calm() const { post_.calm(); }
    std::optional<Own> take_own();
    bool take_event(Event& out) { return events_.pop(out); }
    std::vector<std::string> take_changes();
    std::vector<std::string> take_removals();
    void put_heard(Heard heard);
    void put_lifted(std::string prefix);
    void count_told(Stream s) { add(told_[index(s)]); }
    void count_lost(Stream s) { add(lost_[index(s)]); }
    void count_heard(Stream s) { add(heard_count_[index(s)]); }
    void count_refused() { add(refused_); }
    void count_break() { add(breaks_); }
    void set_up(bool up) { up_.store(up, std::memory_order_relaxed); }

private:
    using Count = std::atomic<std::uint64_t>;  // relaxed: each is a number of its own
    static std::size_t index(Stream s) { return static_cast<std::size_t>(s); }
    static void add(Count& count) { count.fetch_add(1, std::memory_order_relaxed); }

    control::Post post_;
    std::atomic<bool> stop_{false};
    SpscRing<Event> events_{kEvents};
    std::mutex lock_;  // of those below, but for counts
    std::vector<std::string> changes_, removals_, lifted_;
    std::optional<Own> own_;
    std::optional<Heard> heard_;
    std::atomic<bool> wants_events_{true}, up_{false};
    std::array<Count, control::ShareFacts::kStreams> told_{}, lost_{}, heard_count_{};
    Count refused_{0}, breaks_{0}, boxes_{0}, names_{0}, blocks_{0};
};

}  // namespace ajar::share
