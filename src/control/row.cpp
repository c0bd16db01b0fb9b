// Members of a flow's object.
#include "control/row.hpp"

#include "ajar/flow/history.hpp"
#include "ajar/packet/byte_order.hpp"
#include "ajar/policy/services.hpp"

namespace ajar::control {
namespace {

using exporting::put;
using exporting::put_number;
using exporting::Text;

void put_member(Text& out, std::string_view name) {
    put(out, ",\"");
    put(out, name);
    put(out, "\":");
}
void put_word(Text& out, std::string_view name, std::string_view plain) {
    put_member(out, name);
    out.push_back('"');
    put(out, plain);
    out.push_back('"');
}
void put_count(Text& out, std::string_view name, std::uint64_t n) {
    put_member(out, name);
    put_number(out, n);
}
void put_time(Text& out, std::string_view name, Duration d) {
    put_member(out, name);
    exporting::put_seconds(out, std::max(d, Duration(0)));
}

void put_end(Text& out, const Seen& flow, Side side, bool source) {
    put_member(out, source ? "src_ip" : "dest_ip");
    out.push_back('"');
    exporting::put_address(out, flow.family, flow.key.address[side]);
    out.push_back('"');
    put_count(out, source ? "src_port" : "dest_port", flow.port(side));
}

void put_place(Text& out, const Seen& flow) {
    if (const auto outer = flow.vlan(false), inner = flow.vlan(true); outer != 0 || inner != 0) {
        put(out, ",\"vlan\":[");
        put_number(out, outer);
        if (inner != 0) put(out, ","), put_number(out, inner);
        out.push_back(']');
    }
    put_count(out, "pair", port_pair_of(flow.key.zone));
    put_count(out, "worker", flow.worker);
}

void put_timer(Text& out, const Seen& flow, Time now, const Policy& policy) {
    put_time(out, "age", now - flow.first);
    put_time(out, "idle", now - flow.last);
    put_word(out, "timer", name(flow.conn.timer));
    const auto timeout = timeout_of(flow, policy);
    if (!timeout) return;
    put_time(out, "timeout", *timeout);
    put_time(out, "left", *timeout - (now - flow.last));
}

void put_amounts(Text& out, const Seen& flow) {
    const auto& sent = flow.warm.sent;
    put_count(out, "pkts_toserver", sent[flow.client()].packets);
    put_count(out, "pkts_toclient", sent[flow.server()].packets);
    put_count(out, "bytes_toserver", sent[flow.client()].ip_bytes);
    put_count(out, "bytes_toclient", sent[flow.server()].ip_bytes);
}

void put_marks(Text& out, const Seen& flow) {
    if (flow.flagged())
        put_word(out, "flagged", flow.reason == Reason::none ? "not_remembered" : name(flow.reason));
    const auto mark = [&](std::string_view text, bool holds) {
        if (holds) put_member(out, text), put(out, "true");
    };
    mark("translated", flow.conn.mark(Conn::kTranslated));
    mark("mid_stream", flow.conn.mark(Conn::kMidStream));
    mark("tunnelled", flow.conn.mark(Conn::kTunnelled));
    mark("suspected", flow.conn.suspected);
}

std::array<std::uint64_t, 2> number_of(const Seen& flow, Side s) {
    const auto& a = flow.key.address[s];
    const std::uint64_t family = flow.family == Family::ipv4 ? 0 : 1;
    if (family == 0) return {0, load_be64(a.data()) >> 32U};
    return {load_be64(a.data()) | family << 63U, load_be64(a.data() + 8)};
}

std::uint64_t since_epoch(Time t) { return static_cast<std::uint64_t>(t.time_since_epoch().count()); }

/// Ascending is the natural order.
std::array<std::uint64_t, 2> value_of(const Seen& flow, SortBy by) {
    switch (by) {
        case SortBy::age:
            return {since_epoch(flow.first), 0};
        case SortBy::idle:
            return {since_epoch(flow.last), 0};
        case SortBy::packets:
            return {~flow.packets(), 0};
        case SortBy::bytes:
            return {~flow.bytes(), 0};
        case SortBy::state:
            return {static_cast<std::uint64_t>(flow.conn.state), 0};
        case SortBy::src:
            return number_of(flow, flow.client());
        case SortBy::dst:
            return number_of(flow, flow.server());
        case SortBy::sport:
            return {flow.port(flow.client()), 0};
        case SortBy::dport:
            return {flow.port(flow.server()), 0};
    }
    return {};
}

}  // namespace

std::optional<Duration> timeout_of(const Seen& flow, const Policy& policy) {
    if (flow.conn.timer == TimerClass::untimed) return std::nullopt;
    const auto of = static_cast<std::size_t>(flow.conn.timer);
    if (flow.conn.terms == 0 || !policy.services) return policy.timeouts[of];
    return policy.services->terms()[flow.conn.terms].timeouts[of];
}

void put_flow(Text& out, const Seen& flow, Time now, const Policy& policy) {
    constexpr std::uint64_t kEveBits = (std::uint64_t{1} << 53U) - 1;
    put(out, "{\"uid\":\"");
    exporting::put_uid(out, flow.flow_id);
    out.push_back('"');
    put_count(out, "flow_id", flow.flow_id & kEveBits);
    put_word(out, "state", name(flow.conn.state));
    put_end(out, flow, flow.client(), true);
    put_end(out, flow, flow.server(), false);
    put_place(out, flow);
    put_timer(out, flow, now, policy);
    put_amounts(out, flow);
    if (!flow.conn.mark(Conn::kTranslated)) put_word(out, "history", history::text(flow.warm).view());
    put_marks(out, flow);
    out.push_back('}');
}

SortKey key_of(const Seen& flow, SortBy by, bool reverse) {
    SortKey key{value_of(flow, by), flow.flow_id};
    if (reverse)
        for (auto& word : key.value) word = ~word;
    return key;
}

}  // namespace ajar::control
