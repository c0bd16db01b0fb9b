// What is known of a flow when it ends, out of its entry and its record.
#pragma once

#include "ajar/flow/record.hpp"
#include "ajar/policy/attempt.hpp"
#include "tracker/work.hpp"

namespace ajar::tracker {

/// Letters stand in the record where there is one, else in the history in brief.
template <typename Key>
Voice voice_of(const View<Key>& flow, Side s) {
    const Sent& sent = flow.entry.warm.sent[s];
    return {flow.record != nullptr ? record::letters_of(*flow.record, s) : sent.letters, sent.packets};
}

template <typename Key>
Attempt attempt_at(const View<Key>& flow, Time now) {
    const Conn& conn = flow.conn();
    return attempt_of({.client = voice_of(flow, conn.originator()),
                       .server = voice_of(flow, other(conn.originator())),
                       .mid_stream = conn.mark(Conn::kMidStream),
                       .unreachable = unreachable(conn, flow.entry.warm),
                       .age = now - flow.entry.warm.first()});
}

}  // namespace ajar::tracker
