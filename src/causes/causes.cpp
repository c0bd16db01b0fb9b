// Which events count, and what is summed up of them.
#include "causes/causes.hpp"

#include <numeric>

namespace ajar::causes {
namespace {

/// Each flow once: when it is flagged, or else when it ends.
bool counts(const Event& event) {
    return (event.kind == EventKind::flagged || event.kind == EventKind::flow_end) && !event.conn.flagged;
}

}  // namespace

Window::Sink Causes::sum_up() {
    return [this](const Trial& trial, Label label) {
        if (label == Label::none) return;
        LabelTally& tally = tallies_[static_cast<std::size_t>(label)];
        ++tally.count;
        tally.servers.add(trial.server);
        tally.clients.add(trial.client);
    };
}

void Causes::add(const Event& event) {
    if (counts(event)) window_.add(trial_of(event, key_), sum_up());
}

void Causes::finish() { window_.close(sum_up()); }

std::uint64_t Causes::failed() const {
    return std::accumulate(tallies_.begin(), tallies_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const LabelTally& t) { return sum + t.count; });
}

}  // namespace ajar::causes
