// What appliances that share a Redis server tell each other, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ajar/clock.hpp"
#include "ajar/defence/fleet.hpp"
#include "ajar/policy/services.hpp"

namespace ajar::share {

using Clock = std::chrono::steady_clock;  ///< clocks of two appliances are never compared

/// An appliance, from its start to its end. By `run`, drawn at the start, each tells its own words from
/// others', whatever it is called.
struct Box {
    std::string name;
    std::uint64_t run = 0;
    friend bool operator==(const Box&, const Box&) = default;
};

/// How an appliance is, each second.
struct State {
    std::uint8_t rungs = 0;      ///< of the pressure ladder, a bit each
    bool every_service = false;  ///< SYNs to all are answered
    bool enforces = false;
    std::uint64_t half_open = 0;
    friend bool operator==(const State&, const State&) = default;
};

struct Sums {
    State state{};
    Pending pending{};
    bool bye = false;  ///< it ends
};

enum class Deed : std::uint8_t {
    add,     ///< it is blocked from now on
    still,   ///< and still is: for those who came later, and against lost words
    end,     ///< by the teller no longer
    remove,  ///< an operator has unblocked it: by nobody
};

struct BlockNews {
    Deed deed = Deed::add;
    Prefix prefix{};
    bool by_hand = true;             ///< of an operator; else of the teller's defence
    std::optional<Duration> left{};  ///< until its end; none: it is unblocked some day
};

}  // namespace ajar::share
