// From events to findings.
#include "replay/findings.hpp"

namespace ajar::replay {
namespace {

std::optional<Finding> of_reason(Reason reason) {
    switch (reason) {
        case Reason::stale_syn_recv:
            return Finding::unfinished;
        case Reason::stale_syn_sent:
            return Finding::unanswered;
        case Reason::stale_mid_stream:
            return Finding::one_way;
        case Reason::embryonic_full:
        case Reason::heaviest_network:
        case Reason::reservation_lost:
            return Finding::gave_way;
        case Reason::half_closed_idle:
        case Reason::closing_idle:
            return Finding::half_closed;
        case Reason::unacknowledged_idle:
            return Finding::unacknowledged;
        case Reason::unverified_rst_idle:
            return Finding::doubtful_reset;
        case Reason::idle:
            return Finding::silent;
        default:
            return std::nullopt;
    }
}

std::optional<Finding> of_sign(Reason sign) {
    switch (sign) {
        case Reason::crash_reopen_recovered:
            return Finding::reopened;
        case Reason::crash_reopen_stuck:
            return Finding::stuck;
        case Reason::active_side_discovery:
            return Finding::discovered;
        case Reason::unanswered_retransmission:
            return Finding::unheard;
        case Reason::unanswered_keepalive:
            return Finding::unkept;
        case Reason::silent_after_probe:
            return Finding::mute;
        case Reason::made_by_middlebox:
            return Finding::cut;
        default:
            return std::nullopt;
    }
}

std::optional<Finding> of_state_at_end(TcpState state) {
    switch (state) {
        case TcpState::syn_sent:
        case TcpState::syn_sent2:
        case TcpState::syn_recv:
            return Finding::opening;
        case TcpState::fin_wait:
        case TcpState::close_wait:
        case TcpState::last_ack:
            return Finding::half_closed_at_end;
        default:
            return std::nullopt;
    }
}

std::optional<Finding> of_end(const Event& event) {
    if (event.reason == Reason::alive_at_end) return of_state_at_end(event.state);
    return of_reason(event.reason);
}

}  // namespace

std::optional<Finding> finding_of(const Event& event) {
    switch (event.kind) {
        case EventKind::flow_end:
            return of_end(event);
        case EventKind::flagged:
            return of_reason(event.reason);
        case EventKind::half_open:
            return event.evidence.confidence == Confidence::low ? std::nullopt : of_sign(event.reason);
        case EventKind::refused:
            return Finding::refused;
        default:
            return std::nullopt;
    }
}

std::optional<Finding> FoundOnce::take(const Event& event) {
    const auto finding = finding_of(event);
    if (event.kind == EventKind::refused) return finding;  // there is no flow
    if (event.kind == EventKind::flow_end) return found_.erase(event.flow_id) == 0 ? finding : std::nullopt;
    const bool counts = finding && found_.insert(event.flow_id).second;
    return counts ? finding : std::nullopt;
}

}  // namespace ajar::replay
