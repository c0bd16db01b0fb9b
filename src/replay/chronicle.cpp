// Which bin an event belongs to.
#include "replay/chronicle.hpp"

#include <algorithm>

namespace ajar::replay {
namespace {

template <typename Array>
void add_all(Array& to, const Array& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

bool is_told(EventKind kind) {
    return kind == EventKind::flagged || kind == EventKind::evicted || kind == EventKind::refused ||
           kind == EventKind::half_open;
}

/// What both ends know to be over stays in the table for a while: that is no part of its life.
Time over_at(const Event& end) {
    const bool by_packets = end.state == TcpState::close || end.reason == Reason::closed_by_fin ||
                            end.reason == Reason::closed_by_rst;
    const Time last = end.recorded ? Time(Duration(end.record.last_ns)) : end.time;
    return std::max(end.begun(), by_packets ? last : end.time);
}

}  // namespace

Beginning beginning_of(const Event& end) {
    if (end.conn.mark(Conn::kMidStream)) return Beginning::mid_stream;
    const bool completed =
        !failed(end.attempt) || end.attempt == Attempt::empty || end.attempt == Attempt::overflowed;
    return completed ? Beginning::completed : Beginning::unfinished;
}

Unfinished ending_of(const Event& end) {
    switch (end.reason) {
        case Reason::closed_by_rst:
            return Unfinished::refused;
        case Reason::stale_syn_sent:
            return Unfinished::unanswered;
        case Reason::stale_syn_recv:
            return Unfinished::unacknowledged;
        case Reason::embryonic_full:
        case Reason::heaviest_network:
        case Reason::reservation_lost:
        case Reason::backlog_freed:
            return Unfinished::gave_way;
        case Reason::alive_at_end:
            return Unfinished::at_end;
        default:
            return Unfinished::other;
    }
}

Chronicle::Row& Chronicle::Row::operator+=(const Row& other) {
    add_all(begun, other.begun);
    add_all(unfinished, other.unfinished);
    open += other.open;
    add_all(told, other.told);
    return *this;
}

void Chronicle::add(const Event& event) {
    if (is_told(event.kind)) ++bins_.at(event.time).told[static_cast<std::size_t>(event.reason)];
    if (event.kind == EventKind::flow_end) add_end(event);
}

void Chronicle::add_end(const Event& end) {
    const auto beginning = beginning_of(end);
    ++bins_.at(end.begun()).begun[static_cast<std::size_t>(beginning)];
    if (beginning == Beginning::unfinished) return add_unfinished(end);
    ++bins_.at(end.begun()).open;
    --bins_.at(over_at(end)).open;
}

/// It moves from class to class while it grows older.
void Chronicle::add_unfinished(const Event& end) {
    const Time begun = end.begun(), over = over_at(end);
    const Duration age = over - begun;
    ++bins_.at(begun).unfinished[0];
    std::size_t c = 0;
    for (; c < kEmbryonicAgeBounds.size() && age >= kEmbryonicAgeBounds[c]; ++c) {
        auto& row = bins_.at(begun + kEmbryonicAgeBounds[c]).unfinished;
        --row[c];
        ++row[c + 1];
    }
    --bins_.at(over).unfinished[c];
    const auto row = std::upper_bound(kAgeBounds.begin(), kAgeBounds.end(), age) - kAgeBounds.begin();
    ++ages_[static_cast<std::size_t>(row)][static_cast<std::size_t>(ending_of(end))];
}

}  // namespace ajar::replay
