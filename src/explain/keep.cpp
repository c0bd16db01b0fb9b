// First and last events, and connections.
#include "explain/keep.hpp"

#include <algorithm>
#include <utility>

namespace ajar::explain {

bool comes_before(const Incident& a, const Incident& b) {
    const bool a_ends = a.kind == EventKind::flow_end, b_ends = b.kind == EventKind::flow_end;
    return a_ends != b_ends ? b_ends : a.time < b.time;
}

void Keep::note_connection(const Incident& incident) {
    if (uids_.contains(incident.uid)) return;
    more_ |= uids_.size() == kConnections;
    if (more_) return;
    uids_.insert(incident.uid);
    connections_.push_back(incident);
    connections_.back().suspected.reset();
}

void Keep::take(Incident incident) {
    note_connection(incident);
    if (uids_.size() > 1) return std::vector<Incident>().swap(incidents_);
    incidents_.push_back(std::move(incident));
    if (incidents_.size() == 3 * kEdge) thin();
}

/// What is first or last of all is so of any part, too.
void Keep::thin() {
    std::stable_sort(incidents_.begin(), incidents_.end(), comes_before);
    if (incidents_.size() <= 2 * kEdge) return;
    const auto first = incidents_.begin() + kEdge, last = incidents_.end() - kEdge;
    left_out_ += static_cast<std::uint64_t>(last - first);
    incidents_.erase(first, last);
}

void Keep::finish() {
    if (left_out_ != 0)
        thin();
    else
        std::stable_sort(incidents_.begin(), incidents_.end(), comes_before);
    std::stable_sort(connections_.begin(), connections_.end(),
                     [](const Incident& a, const Incident& b) { return a.begun < b.begun; });
}

}  // namespace ajar::explain
