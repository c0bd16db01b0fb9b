// From an event to the fields of a biflow.
#include "export/ipfix/flow.hpp"

#include <algorithm>

#include "ajar/flow/history.hpp"
#include "ajar/flow/record.hpp"
#include "export/endpoints.hpp"

namespace ajar::exporting::ipfix {
namespace {

constexpr std::uint16_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kAck = 0x10;

constexpr EndReason reason_for(Reason reason) {
    switch (reason) {
        case Reason::closed_by_fin:
        case Reason::closed_by_rst:
        case Reason::reopened:
        case Reason::server_refused:
        case Reason::server_differs:
        case Reason::proven_dead:
            return EndReason::end_of_flow;
        case Reason::administrative:
        case Reason::reset_at_exit:
        case Reason::alive_at_end:
            return EndReason::forced_end;
        case Reason::embryonic_full:
        case Reason::heaviest_network:
        case Reason::reservation_lost:
        case Reason::backlog_freed:
            return EndReason::lack_of_resources;
        default:
            return EndReason::idle_timeout;  // some timer ran out
    }
}

/// By the letters of its history. A SYN of the responder's is a SYN-ACK, and after the SYNs everything but a
/// RST carries an ACK.
std::uint16_t bits_of(std::uint8_t letters, bool initiator) {
    using L = history::Letter;
    const auto said = [&](std::uint8_t mask) { return (letters & mask) != 0; };
    unsigned bits = 0;
    if (said(L::kSyn)) bits |= initiator ? kSyn : kSyn | kAck;
    if (said(L::kAck | L::kData)) bits |= kAck;
    if (said(L::kFin)) bits |= kFin | kAck;
    if (said(L::kRst)) bits |= kRst;
    return static_cast<std::uint16_t>(bits);
}

std::uint8_t letters_of(const Event& e, Side s) {
    return e.recorded ? record::letters_of(e.record, s) : e.warm.sent[s].letters;
}

std::uint64_t milliseconds(Time t) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
    return ms < 0 ? 0 : static_cast<std::uint64_t>(ms);
}

Time last_packet(const Event& e) {
    const Time last = e.recorded ? Time(Duration(e.record.last_ns)) : time_of(e.tick, e.time);
    return std::clamp(last, e.begun(), std::max(e.begun(), e.time));
}

std::uint32_t interface_of(const Event& e, Side s) {
    const unsigned port = e.warm.sent[s].port;  // 1 + the port, 0 where it was never heard
    return port == 0 ? 0 : port_pair_of(e.key.zone) * 2U + port;
}

void fill_direction(Flow& flow, const Event& e, std::size_t i, Side s) {
    const Sent& sent = e.warm.sent[s];
    flow.address[i] = e.key.address[s];
    flow.port[i] = e.key.port[s].value();
    flow.bytes[i] = sent.ip_bytes;
    flow.packets[i] = sent.packets;
    flow.control_bits[i] = bits_of(letters_of(e, s), i == 0);
    flow.service_class[i] = sent.tos;
    flow.interface[i] = interface_of(e, s);
}

}  // namespace

EndReason end_reason(Reason reason) { return reason_for(reason); }

Flow flow_of(const Event& e) {
    Flow flow;
    flow.family = e.family;
    fill_direction(flow, e, 0, e.originator());
    fill_direction(flow, e, 1, responder(e));
    flow.first_ms = milliseconds(e.begun());
    flow.last_ms = milliseconds(last_packet(e));
    flow.id = e.flow_id;
    flow.vlan = tags_of(e).outer;
    flow.end = end_reason(e.reason);
    return flow;
}

}  // namespace ajar::exporting::ipfix
