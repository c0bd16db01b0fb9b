// A flow as an object of an answer, and the orders that a list can have.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>

#include "ajar/policy/policy.hpp"
#include "control/seen.hpp"
#include "export/text.hpp"

namespace ajar::control {

/// `uid`, `flow_id` (EVE's 53 bits), `state`, `src_ip`, `src_port`, `dest_ip`, `dest_port` (the source opened
/// the connection), `vlan` (a list, where there are tags), `pair`, `worker`, `family`, `age`, `idle`
/// (seconds), `timer`, `timeout`, `left` (seconds, by the configuration: pressure shortens), `pkts_toserver`,
/// `pkts_toclient`, `bytes_toserver`, `bytes_toclient`, `history`, and where they hold `flagged` (a Reason,
/// or not_remembered), `translated`, `mid_stream`, `tunnelled`, `suspected`.
void put_flow(exporting::Text& out, const Seen& flow, Time now, const Policy& policy);

enum class SortBy : std::uint8_t {
    age,
    idle,
    packets,
    bytes,
    state,
    src,
    dst,
    sport,
    dport
};  ///< kSortNames

/// What stands first has the smallest; flows with equal ones are told apart by their ids.
struct SortKey {
    std::array<std::uint64_t, 2> value{};
    std::uint64_t flow_id = 0;
    friend auto operator<=>(const SortKey&, const SortKey&) = default;
};
/// Oldest, longest idle, most first; by name and number the lowest. `reverse` turns it round.
SortKey key_of(const Seen& flow, SortBy by, bool reverse);

/// How long its timer runs by the configuration; none where none does.
std::optional<Duration> timeout_of(const Seen& flow, const Policy& policy);

}  // namespace ajar::control
