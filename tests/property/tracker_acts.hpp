// Random acts on few tuples: what the properties of the tracker are fed with.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "../unit/tracker/lab.hpp"

namespace ajar::test {

/// One random act: a segment of one of few tuples, after some time.
struct Act {
    std::uint32_t tuple;
    bool from_client;
    std::uint8_t flags;
    std::uint32_t seq, ack, payload;
    Duration pause;
};

inline const std::vector<std::uint8_t> kFlagMix = {
    S, S, S, SA, SA, A, A, A, F, R, R | A, 0, S | TcpFlags::kFin};

inline rc::Gen<Act> an_act() {
    return rc::gen::map(
        rc::gen::tuple(
            rc::gen::inRange(0, 600), rc::gen::arbitrary<bool>(), rc::gen::elementOf(kFlagMix),
            rc::gen::element<std::uint32_t>(1000, 1001, 1002, 5000, 5001, 5002, 90000),
            rc::gen::element<std::uint32_t>(0, 1001, 1002, 5001, 5002, 77), rc::gen::inRange(0, 3),
            rc::gen::weightedElement<int>({{60, 0}, {20, 3}, {10, 40}, {5, 2000}, {2, 35000}, {1, 8000000}})),
        [](const auto& t) {
            const auto& [tuple_number, from_client, flags, seq, ack, payload, pause] = t;
            return Act{static_cast<std::uint32_t>(tuple_number),
                       from_client,
                       flags,
                       seq,
                       ack,
                       static_cast<std::uint32_t>(payload * 50),
                       std::chrono::milliseconds(pause)};
        });
}

inline constexpr TableSizes kTight = {256, 256, 128, 0, 50};

/// Modes and actions, by the bits of `variant` (0 to 7).
inline void set_up(Policy& policy, int variant) {
    policy.mode = (variant & 1) != 0 ? Mode::enforce : Mode::observe;
    policy.flow_start_events = true;
    policy.resets_per_second = 2;
    policy.resets_burst = 2;
    if ((variant & 2) != 0) policy.actions.fill(Action::evict_reset);
    if ((variant & 4) != 0) policy.mid_stream = MidStream::loose;
}

}  // namespace ajar::test
