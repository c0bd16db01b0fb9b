// Events as the tracker would tell them, their lines, and what is read of those.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "explain/read_incident.hpp"
#include "export/event_json.hpp"
#include "unit/export/events.hpp"

namespace ajar::explain {

inline std::string line_of_event(const Event& event) {
    exporting::Text out;
    event.kind == EventKind::flow_end ? exporting::append_flow(out, event)
                                      : exporting::append_event(out, event);
    auto line = fmt::to_string(out);
    line.pop_back();
    return line;
}

inline Incident incident_of(const Event& event) {
    const auto read = read_incident(line_of_event(event));
    EXPECT_TRUE(read) << read.error();
    return read && *read ? **read : Incident{};
}

/// 10.0.0.1:40000 had a connection with 192.0.2.7:80, forgot it, and opens it anew: a SYN, twice more, each
/// time a challenge ACK. In the key the client is side 1.
inline Event stuck() {
    Event e = exporting::stale_syn_recv();
    const Time began{std::chrono::seconds(1'700'000'010)};
    e.kind = EventKind::half_open;
    e.reason = Reason::crash_reopen_stuck;
    e.state = TcpState::established;
    e.timer = TimerClass::established;
    e.timeout = std::chrono::seconds(7440);
    e.attempt = Attempt::none;
    e.time = began + std::chrono::seconds(3);
    e.record.history = {'S', 'h', 'A', 'D', 'a', 'd'};
    e.record.history_length = 6;
    e.conn.set_flag(Conn::kAckSeen, 1);
    e.conn.ends[0].max_ack = 1101;
    e.conn.ends[1].max_ack = 5051;
    e.evidenced = true;
    FlowEvidence& found = e.evidence;
    found.sign = e.reason;
    found.confidence = Confidence::high;
    found.lost = 2;
    found.count = 2;
    found.expected = 1101;
    found.seen = 9000;
    found.began = began;
    found.kept = {2, 2};
    found.last[1][0] = {began, 9000, 0, 0, 64240, {TcpFlags::kSyn}, 63};
    found.last[1][1] = {began + std::chrono::seconds(1), 9000, 0, 0, 64240, {TcpFlags::kSyn}, 63};
    found.last[0][0] = {began + std::chrono::milliseconds(1), 5051, 1101, 0, 500, {TcpFlags::kAck}, 64};
    found.last[0][1] = {began + std::chrono::milliseconds(1001), 5051, 1101, 0, 500, {TcpFlags::kAck}, 64};
    return e;
}

}  // namespace ajar::explain
