// The pressure ladder: what is done, step by step, as the tables fill up.
//
//   rung              gauge        what it does
//   shorter_timers    embryonic    handshakes get less time, by pf's formula
//   heaviest_first    embryonic    the oldest of the heaviest prefix gives way, not the oldest of all
//   cookies           embryonic    SYNs are answered without memory, for all destinations
//   closing_states    confirmed    flows that both ends have closed end at once
//   dead_connections  confirmed    so do those that were proven dead
//   refuse_new        confirmed    SYNs are refused
//
// Gauges are per mille of a table's places, over all shards. A rung is entered at its upper mark at once, and
// left when its gauge has stayed below the lower one for the dwell: neither a burst nor the relief that the
// rung itself brings makes it flap. Rungs do not depend on each other: one gauge may jump.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "ajar/clock.hpp"

namespace ajar {

/// Per mille, but for the dwell. `leave` is below `enter`.
struct Marks {
    std::uint16_t enter = 1000, leave = 0;
    Duration dwell{};
};

/// One condition with hysteresis.
class Gate {
public:
    [[nodiscard]] bool open() const { return open_; }

    /// `value` at `now`, which does not run backwards. Returns whether it opened or closed.
    bool update(const Marks& marks, std::uint32_t value, Time now) {
        const bool before = open_;
        if (value >= marks.leave) busy_ = now;
        if (value >= marks.enter) open_ = true;
        if (open_ && value < marks.leave && now - busy_ >= marks.dwell) open_ = false;
        return open_ != before;
    }

private:
    bool open_ = false;
    Time busy_{};  // when the value was last not below the lower mark
};

enum class Rung : std::uint8_t {
    shorter_timers,
    heaviest_first,
    cookies,
    closing_states,
    dead_connections,
    refuse_new
};
inline constexpr std::array<std::string_view, 6> kRungNames = {
    "shorter_timers", "heaviest_first", "cookies", "closing_states", "dead_connections", "refuse_new"};
inline constexpr std::size_t kRungCount = kRungNames.size();
constexpr std::string_view name(Rung r) { return kRungNames[static_cast<std::size_t>(r)]; }

using LadderMarks = std::array<Marks, kRungCount>;

/// pf scales from 60 % of its limit; Linux and the appliances have no such stage. Cookies come before the
/// store is full, so that they answer what would displace handshakes.
inline constexpr LadderMarks kLadderMarks = {{
    {600, 500, std::chrono::seconds(5)},
    {800, 700, std::chrono::seconds(5)},
    {900, 450, std::chrono::seconds(30)},
    {850, 800, std::chrono::seconds(5)},
    {900, 850, std::chrono::seconds(5)},
    {1000, 980, std::chrono::seconds(1)},
}};

/// Per mille of the places that are taken.
struct Fill {
    std::uint32_t embryonic = 0, confirmed = 0;
};

class Ladder {
public:
    /// Returns the rungs that were entered or left, a bit each.
    std::uint8_t update(const LadderMarks& marks, Fill fill, Time now) {
        unsigned changed = 0;
        for (std::size_t r = 0; r < kRungCount; ++r) {
            const bool by_embryonic = r <= static_cast<std::size_t>(Rung::cookies);
            if (gates_[r].update(marks[r], by_embryonic ? fill.embryonic : fill.confirmed, now))
                changed |= 1U << r;
        }
        return static_cast<std::uint8_t>(changed);
    }
    [[nodiscard]] bool on(Rung r) const { return gates_[static_cast<std::size_t>(r)].open(); }
    /// Those that are on, a bit each.
    [[nodiscard]] std::uint8_t rungs() const {
        unsigned bits = 0;
        for (std::size_t r = 0; r < kRungCount; ++r) bits |= gates_[r].open() ? 1U << r : 0U;
        return static_cast<std::uint8_t>(bits);
    }

private:
    std::array<Gate, kRungCount> gates_{};
};

inline constexpr std::uint32_t kWholeShare = 32;

/// What is left of an embryonic timeout, in 32nds: (end - n) / (end - start) of pf.conf(5), with its start of
/// 60 % and its end of 120 % of the limit. A sixth is the least: 5 s of the 30 that a SYN waits, 10 of the 60
/// of a SYN-ACK.
constexpr std::uint32_t embryonic_share(std::uint32_t fill) {
    constexpr std::uint32_t kLeast = 5, kStart = 600, kEnd = 1200;
    if (fill <= kStart) return kWholeShare;
    return std::max(kLeast, kWholeShare * (kEnd - std::min(fill, kEnd)) / (kEnd - kStart));
}
/// Of a timeout, such a share.
constexpr Duration scaled(Duration timeout, std::uint32_t share) { return timeout * share / kWholeShare; }

}  // namespace ajar
