// What enforce would have done with the connections that mode observe has let go.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/event.hpp"

namespace ajar::control {

/// By the events that have reached main: those lost in full rings are not in it. One thread.
struct WouldHave {
    using Counts = std::array<std::uint64_t, kReasonCount>;
    Counts evicted{};          ///< connections, by why
    std::uint64_t resets = 0;  ///< RSTs to their ends

    void add(const Event& event) {
        if (event.mode != Mode::observe) return;
        if (event.kind == EventKind::evicted && event.action != Action::flag)
            ++evicted[static_cast<std::size_t>(event.reason)];
        if (event.kind == EventKind::reset_sent) ++resets;
    }
};

}  // namespace ajar::control
