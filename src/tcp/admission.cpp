// Which packets may begin a flow, and what does a flow know after its first packet?
#include "flow/server_ports.hpp"
#include "tcp/parts.hpp"

namespace ajar::tcp {
namespace {

/// The machine's share of the flow, as if it had never been used. Marks that are the tracker's stay.
void clear(const Flow& flow) {
    constexpr std::uint8_t others = Conn::kTunnelled | Conn::kTranslated | Conn::kFlagged;
    const auto kept = static_cast<std::uint8_t>(flow.conn.marks & others);
    flow.conn = Conn{};
    flow.conn.marks = kept;
    flow.warm.isn = {};
    flow.warm.fin_back = {};
    flow.aside = {};
}

/// The first SYN, with which all but mid-stream flows begin: what open() and enter() would write into a flow
/// that is clear, without reading any of it. A flood is made of such.
void begin_with_syn(const Flow& flow, const Packet& packet) {
    const Side s = packet.side;
    const std::uint32_t seq = packet.seq, end = packet.seq_end(), win = packet.window;
    const std::uint8_t options = options_of(packet);
    const unsigned scale = (options & Conn::kScale) != 0 ? packet.options.window_scale : 0U;
    clear(flow);
    Conn& conn = flow.conn;
    conn.ends[s] = {end, end, std::max(win, 1U), 0};
    conn.state = TcpState::syn_sent;
    conn.timer = timer_of(TcpState::syn_sent);
    conn.set_originator(s);
    conn.last_is_1 = s != 0;
    conn.zero_window = win == 0;
    conn.flags = static_cast<std::uint8_t>(Conn::kSeen << s);
    conn.options = static_cast<std::uint8_t>(options << s);
    conn.scales = static_cast<std::uint8_t>(scale << (4U * s));
    flow.warm.isn[s] = seq;
    flow.warm.last_back = 0;
}

/// Nobody saw the SYNs: SACK and the largest scale are assumed, and windows may be missed.
void assume_options(Conn& conn) {
    for (const Side s : {Side{0}, Side{1}}) {
        conn.set_option(Conn::kScale | Conn::kSack | Conn::kLiberal, s);
        conn.set_scale(s, window::kUnknownScale);
    }
}

/// The sender's window is taken for its peer's, until that one speaks.
void pick_up(const Flow& flow, const Packet& packet) {
    Conn& conn = flow.conn;
    const Side s = packet.side;
    conn.set_mark(Conn::kMidStream);
    conn.set_flag(Conn::kSeen, s);
    assume_options(conn);
    detail::note_last(conn, flow.warm, packet, packet.seq_end(), packet.seq_end());
    flow.warm.isn[s] = packet.seq;
    const std::uint32_t win = std::max(std::uint32_t{packet.window} << window::kUnknownScale, 1U);
    conn.ends[s] = {packet.seq_end(), packet.seq_end() + win, win, 0};
    if (!packet.flags.ack()) return;
    conn.set_flag(Conn::kAckSeen, s);
    conn.ends[s].max_ack = packet.ack;
    // What the peer has received, it has still to say: no number may look as if it had.
    conn.ends[other(s)] = {packet.ack, packet.ack + win, 0, packet.seq_end() - 1};
    flow.warm.isn[other(s)] = packet.ack;
}

/// Only with Boundaries::zeek does a flow begin with a FIN or a RST.
TcpState mid_stream_state(const Flow& flow, const Packet& packet, const Policy& policy) {
    if (packet.flags.rst()) return TcpState::close;
    if (packet.flags.fin()) flow.conn.set_flag(Conn::kFinSeen, packet.side);  // it ends at its sender's end
    if (policy.mid_stream != MidStream::loose) return TcpState::unverified;
    return packet.flags.fin() ? TcpState::fin_wait : TcpState::established;
}

/// Who opened a flow whose SYN nobody saw is a guess, for those who read of it.
Side likely_originator(const Packet& packet) {
    const bool syn_ack = packet.flags.syn() && packet.flags.ack();
    return syn_ack || responder_spoke_first(packet) ? other(packet.side) : packet.side;
}

}  // namespace

Step admit(const Packet& packet, const Policy& policy) {
    if (policy.boundaries == Boundaries::zeek) return accept();
    if (!legal(packet.flags)) return refuse(Reason::invalid_flags);
    switch (next_of(TcpState::none, Direction::originator, event_of(packet.flags))) {
        case Next::syn_sent:
            return accept();
        case Next::unverified:
            return policy.mid_stream == MidStream::refuse ? refuse(Reason::no_flow) : accept();
        default:
            return refuse(Reason::no_flow);
    }
}

void begin(const Flow& flow, const Packet& packet, const Policy& policy) {
    if (packet.flags.syn() && !packet.flags.ack()) return begin_with_syn(flow, packet);
    clear(flow);
    flow.conn.set_originator(likely_originator(packet));
    pick_up(flow, packet);
    enter(flow, mid_stream_state(flow, packet, policy), policy);
}

}  // namespace ajar::tcp
