// Adding up events.
#include "replay/tally.hpp"

#include "ajar/flow/record.hpp"

namespace ajar::replay {

namespace {

template <typename Counts>
void count_state(Counts& counts, std::string_view state) {
    const auto known = counts.find(state);
    ++(known != counts.end() ? known->second : counts[std::string(state)]);
}

}  // namespace

std::optional<Finding> Tally::add(const Event& event) {
    switch (event.kind) {
        case EventKind::flow_end:
            ++flows;
            count_state(conn_states, record::conn_state(event.record));
            ++ends[static_cast<std::size_t>(event.reason)];
            break;
        case EventKind::flagged:
            ++flagged[static_cast<std::size_t>(event.cause)];
            break;
        case EventKind::evicted:
            ++evicted[static_cast<std::size_t>(event.cause)];
            break;
        case EventKind::reset_sent:
            ++resets;
            break;
        default:
            break;
    }
    causes.add(event);
    const auto finding = found_.take(event);
    if (!finding) return finding;
    auto& group = findings[static_cast<std::size_t>(*finding)];
    if (group.count++ == 0 && event.reason != Reason::alive_at_end) group.timeout = event.timeout;
    group.servers.add(causes::server_of(event));
    group.clients.add(causes::client_of(event));
    return finding;
}

void Tally::add(const Change& change) {
    situation.add(change);
    if (changes.size() < kFirst) changes.push_back(change);
}

}  // namespace ajar::replay
