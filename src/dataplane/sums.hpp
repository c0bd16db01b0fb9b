// What trackers, lanes and devices count, added up: for the live view and the summary (sample.hpp), and for
// the control socket and the exporters (facts.hpp).
#pragma once

#include <array>
#include <string>

#include "ajar/counters.hpp"
#include "control/facts.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& sums, const std::array<Counter, N>& counters) {
    for (std::size_t i = 0; i < N; ++i) sums[i] += counters[i].get();
}

/// Of one tracker more.
void add(control::TrackerFacts& out, const Counters& counters);

/// Of the port with that index, over all lanes; main's: the device is asked for its own counters.
control::PortFacts port_facts(const Wiring& wiring, std::size_t p, const std::string& device);

}  // namespace ajar::dataplane
