// Connections that are being asked whether they still live: who was asked how often, and who has answered.
//
// A bounded store beside a table of confirmed flows. Each probing waits for the end of its round, and all
// rounds take equally long, so they stand in one queue in the order in which they end. Full: further flows
// wait for their proof (tracker/probe.hpp).
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "ajar/clock.hpp"
#include "ajar/flow/glimpse.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/shared_word.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

/// What is known of one endpoint.
enum class Pulse : std::uint8_t {
    unknown,
    alive,        ///< it answered
    gone,         ///< it answered with the RST of a host that has no such socket
    silent,       ///< it did not, however often it was asked
    unreachable,  ///< nor did it, and an ICMP error said why
};
inline constexpr std::array<std::string_view, 5> kPulseNames = {"unknown", "alive", "gone", "silent",
                                                                "unreachable"};
constexpr std::string_view name(Pulse p) { return kPulseNames[static_cast<std::size_t>(p)]; }

/// Bit s: endpoint s has not shown that it is alive.
constexpr std::uint8_t silent_ends(const std::array<Pulse, 2>& pulse) {
    const auto silent = [&](Side s) { return pulse[s] == Pulse::alive ? 0U : 1U << s; };
    return static_cast<std::uint8_t>(silent(0) | silent(1));
}

/// Arrays of two are indexed by Side, the endpoint that is asked.
struct Probing {
    std::uint32_t flow = kNone;              ///< its index among the confirmed ones
    Tick due{};                              ///< the end of the round under way
    TimerClass timer = TimerClass::untimed;  ///< which ran out
    std::uint8_t rounds = 0;                 ///< begun
    std::array<Pulse, 2> pulse{};
    std::array<std::uint8_t, 2> unanswered{};  ///< probes whose answer may still come
    std::array<bool, 2> stamped{};
    std::array<std::uint32_t, 2> stamp{};  ///< TSval of its latest answer (valid with `stamped`)
    Glimpse answer{};                      ///< the latest that shows a living end; no time: none
    Side answered_by = 0;                  ///< whose
};

/// One writer, who is the only reader but for size().
class Probes {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * sizeof(Place);
    }
    /// Probings that a table of so many flows has room for.
    static constexpr std::uint32_t capacity_for(std::uint32_t flows) { return flows / 32 + 4; }

    Probes(Memory& memory, std::uint32_t capacity) : places_(take_array<Place>(memory, capacity)) {}

    [[nodiscard]] bool full() const { return used_ == places_.size(); }
    /// A probing of that flow, at the end of the queue. Not full.
    std::uint32_t begin(std::uint32_t flow, TimerClass timer, Tick due) {
        assert(!full());
        std::uint32_t place = free_;
        if (place != kNone) {
            free_ = places_[place].next;
        } else {
            place = high_water_++;
        }
        places_[place].probing = Probing{.flow = flow, .due = due, .timer = timer};
        push_back(place);
        store_shared(used_, used_ + 1);
        return place;
    }
    /// Its next round ends at `due`: to the end of the queue.
    void go_on(std::uint32_t place, Tick due) {
        unlink(place);
        places_[place].probing.due = due;
        push_back(place);
    }
    void end(std::uint32_t place) {
        assert(places_[place].probing.flow != kNone);
        unlink(place);
        places_[place].probing.flow = kNone;
        places_[place].next = free_;
        free_ = place;
        store_shared(used_, used_ - 1);
    }

    [[nodiscard]] Probing& at(std::uint32_t place) { return places_[place].probing; }
    [[nodiscard]] const Probing& at(std::uint32_t place) const { return places_[place].probing; }
    /// Whose round ends first; kNone when there is none.
    [[nodiscard]] std::uint32_t front() const { return head_; }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(places_.size()); }
    /// Any thread.
    [[nodiscard]] std::uint32_t size() const { return load_shared(used_); }

private:
    struct Place {
        Probing probing;
        std::uint32_t previous, next;
    };

    void push_back(std::uint32_t place) {
        places_[place].previous = tail_;
        places_[place].next = kNone;
        (tail_ == kNone ? head_ : places_[tail_].next) = place;
        tail_ = place;
    }
    void unlink(std::uint32_t place) {
        const auto [previous, next] = std::pair(places_[place].previous, places_[place].next);
        (previous == kNone ? head_ : places_[previous].next) = next;
        (next == kNone ? tail_ : places_[next].previous) = previous;
    }

    std::span<Place> places_;
    std::uint32_t head_ = kNone, tail_ = kNone;
    std::uint32_t free_ = kNone;
    std::uint32_t high_water_ = 0;  // places from here on were never used
    std::uint32_t used_ = 0;
};

}  // namespace ajar
