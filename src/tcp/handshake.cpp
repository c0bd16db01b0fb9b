// What do SYNs, SYN-ACKs and challenge ACKs do to a flow?
//
// One SYN is remembered beside the flow's own (flow/asides.hpp): in SYN_SENT the first beside the latest,
// later the latest that was let through. Whichever of them the responder answers is the one that counts.
#include "tcp/parts.hpp"

namespace ajar::tcp {
namespace {

constexpr std::uint8_t kPerSide = 3;  // both sides' bits of an option
constexpr std::uint8_t kSynOptions = Conn::kScale | Conn::kSack | Conn::kTimestamps;

void set_options(Conn& conn, Side s, std::uint8_t bits, std::uint8_t scale) {
    constexpr auto all = std::uint8_t{kSynOptions | Conn::kLiberal};
    conn.options = static_cast<std::uint8_t>((conn.options & ~(all << s)) | (bits << s));
    conn.set_scale(s, (bits & Conn::kScale) != 0 ? scale : 0);
}

/// An option of the connection is one that both SYNs carried.
void negotiate(Conn& conn) {
    for (const std::uint8_t option : {Conn::kScale, Conn::kTimestamps}) {
        const auto both = static_cast<std::uint8_t>(option * kPerSide);
        if ((conn.options & both) != both) conn.options = static_cast<std::uint8_t>(conn.options & ~both);
    }
    if (!conn.option(Conn::kScale, 0)) conn.scales = 0;
}

/// The other direction has not spoken in this handshake: what SYN it may answer, and up to where.
void set_opener(const Flow& flow, Side s, std::uint32_t seq, std::uint32_t end, std::uint32_t win) {
    flow.conn.ends[s] = {end, end, std::max(win, 1U), 0};
    flow.warm.isn[s] = seq;
    flow.conn.clear_flag(Conn::kAckSeen, s);
}

void remember(Aside& aside, std::uint32_t seq, std::uint32_t end, std::uint32_t win, std::uint8_t options,
              std::uint8_t scale) {
    aside.seq = seq;
    aside.end = end;
    aside.window = static_cast<std::uint16_t>(win);
    const int kept = aside.options & kChallengeToSide1;
    aside.options = static_cast<std::uint8_t>(options | kept);
    aside.scale = scale;
}

void remember_packet(const Case& c) {
    const Packet& p = c.packet;
    const std::uint8_t from = c.sender() == 1 ? kSynFromSide1 : 0;
    const auto options = static_cast<std::uint8_t>(options_of(p) | from);
    remember(c.aside(), p.seq, p.seq_end(), p.window, options, p.options.window_scale);
    c.conn().set_mark(Conn::kIgnoredSyn);
}

/// Puts the SYN in force aside, for its SYN-ACK may still come.
void remember_own(const Case& c) {
    const Side s = c.sender();
    const auto own = static_cast<std::uint8_t>((c.conn().options >> s) & kSynOptions);
    remember(c.aside(), c.isn(s), c.sends().end, c.sends().max_win, own, c.conn().scale(s));
    c.conn().set_mark(Conn::kIgnoredSyn);
}

/// Both ends had spoken and more than shaken hands.
bool lived(const Conn& conn) {
    return !is_embryonic(conn.state) && conn.flag(Conn::kAckSeen, 0) && conn.flag(Conn::kAckSeen, 1);
}

/// The remembered SYN is the one that was answered: its values become the flow's, which begins again.
void adopt_remembered(const Case& c) {
    Conn& conn = c.conn();
    const Aside& syn = c.aside();
    const Side side = opener(c);
    conn.set_originator(side);
    if (lived(conn)) conn.set_mark(Conn::kReborn);
    conn.flags = static_cast<std::uint8_t>(Conn::kSeen << side);
    conn.saved = TcpState::none;
    conn.clear_mark(Conn::kSimultaneous | Conn::kMidStream);
    set_opener(c.flow, side, syn.seq, syn.end, syn.window);
    const auto options = static_cast<std::uint8_t>(syn.options & kSynOptions);
    set_options(conn, side, options, syn.scale);
}

/// SYN_RECV ages from its beginning.
Step enter_syn_recv(const Case& c) {
    const bool again = c.conn().state == TcpState::syn_recv;
    enter(c.flow, TcpState::syn_recv, c.policy);
    return again ? ignore() : accept();
}

/// The responder's SYN-ACK answers the SYN in force.
Step answer(const Case& c) {
    reply(c.flow, c.packet);
    c.conn().clear_mark(Conn::kIgnoredSyn | Conn::kChallengeAck);
    return enter_syn_recv(c);
}

/// A SYN that was put aside counts as answered by the same rule as the one in force: a server need not take
/// the data that came with it (TFO).
bool remembered_syn_acknowledged(const Case& c) {
    return by_opened(c) && acknowledges(c.packet.ack, c.aside().seq, c.aside().end);
}

bool own_syn_acknowledged(const Case& c) {
    return c.unchecked() || acknowledges(c.packet.ack, c.isn(c.receiver()), c.receives().end);
}

/// In a simultaneous open: the SYN-ACK repeats its sender's SYN and acknowledges the peer's.
bool completes_crossing(const Case& c) {
    return c.conn().mark(Conn::kSimultaneous) && c.packet.seq == c.isn(c.sender()) && own_syn_acknowledged(c);
}

Step take_crossing(const Case& c) {
    window::advance(c.sends(), c.receives(), window::segment_of(c.conn(), c.packet),
                    c.conn().flag(Conn::kAckSeen, c.sender()));
    c.conn().set_flag(Conn::kAckSeen, c.sender());
    detail::note_last(c.conn(), c.flow.warm, c.packet, c.packet.seq_end(), c.sends().end);
    return enter_syn_recv(c);
}

}  // namespace

void open(const Flow& flow, const Packet& packet) {
    set_opener(flow, packet.side, packet.seq, packet.seq_end(), packet.window);
    set_options(flow.conn, packet.side, options_of(packet), packet.options.window_scale);
    flow.conn.set_flag(Conn::kSeen, packet.side);
    detail::note_last(flow.conn, flow.warm, packet, packet.seq_end(), packet.seq_end());
}

void reply(const Flow& flow, const Packet& packet) {
    open(flow, packet);
    negotiate(flow.conn);
    End& sender = flow.conn.ends[packet.side];
    End& receiver = flow.conn.ends[other(packet.side)];
    sender.max_end += receiver.max_win;  // the receiver's SYN offered that, unscaled
    const std::uint32_t from = packet.flags.ack() ? packet.ack : receiver.end;
    receiver.max_end = later_of(receiver.max_end, from + std::max<std::uint32_t>(packet.window, 1));
    if (!packet.flags.ack()) return;
    sender.max_ack = packet.ack;
    flow.conn.set_flag(Conn::kAckSeen, packet.side);
}

Step first_syn_again(const Case& c) {
    Aside& aside = c.aside();
    const bool another = c.conn().mark(Conn::kIgnoredSyn);
    if (c.packet.seq == c.isn(c.sender())) {
        const std::uint32_t sent = c.sends().end;
        c.sends().end = later_of(sent, c.packet.seq_end());
        // The last segment that was accepted, not this one, ended where it ended.
        Warm& warm = c.flow.warm;
        const std::uint32_t back = static_cast<std::uint32_t>(warm.last_back) + (c.sends().end - sent);
        if (c.conn().last_side() == c.sender())
            warm.last_back = static_cast<std::uint16_t>(std::min(back, 0xffffU));
        return ignore();
    }
    if (another && c.packet.seq == aside.seq) {
        aside.end = later_of(aside.end, c.packet.seq_end());
        return ignore();
    }
    if (!another) remember_own(c);
    open(c.flow, c.packet);
    return ignore();
}

Step crossing_syn(const Case& c) {
    if (c.conn().state == TcpState::syn_sent2) return ignore();
    reply(c.flow, c.packet);
    c.conn().set_mark(Conn::kSimultaneous);
    enter(c.flow, TcpState::syn_sent2, c.policy);
    return accept();
}

Step syn_ack(const Case& c) {
    if (completes_crossing(c)) return take_crossing(c);
    if (c.by_originator()) return refuse(Reason::invalid_syn_ack);
    if (own_syn_acknowledged(c)) {
        c.conn().clear_mark(Conn::kSimultaneous);
        return answer(c);
    }
    if (!remembered_syn_acknowledged(c)) return refuse(Reason::invalid_syn_ack);
    adopt_remembered(c);
    return answer(c);
}

Step crossing_syn_ack(const Case& c) {
    return completes_crossing(c) ? take_crossing(c) : refuse(Reason::invalid_syn_ack);
}

Step syn_again(const Case& c) {
    if (!c.by_originator()) {
        c.conn().set_mark(Conn::kSimultaneous);  // its SYN-ACK overtook it
    } else if (c.conn().state == TcpState::syn_recv) {
        remember_packet(c);  // it may earn another SYN-ACK
    }
    return ignore();
}

Step syn_inside(const Case& c) {
    remember_packet(c);
    if (c.conn().state == TcpState::last_ack) c.aside().options |= kExpectChallenge;
    return ignore(Reason::ignored_syn);
}

Step syn_ack_inside(const Case& c) {
    const bool open = c.conn().state == TcpState::syn_recv;
    if (open && completes_crossing(c)) return take_crossing(c);
    const bool repeated =
        !c.conn().mark(Conn::kMidStream) && known(c.sends()) && c.packet.seq == c.isn(c.sender());
    if (repeated) return ignore(open ? Reason::none : Reason::ignored_syn_ack);
    if (!remembered_syn_acknowledged(c)) return ignore(Reason::ignored_syn_ack);
    adopt_remembered(c);
    return answer(c);
}

Step ack_for_syn_ack(const Case& c) {
    c.conn().set_flag(Conn::kSeen, c.sender());
    c.conn().set_mark(Conn::kChallengeAck);
    Aside& aside = c.aside();
    aside.challenge_ack = c.packet.ack;
    const int to = c.receiver() == 1 ? kChallengeToSide1 : 0;
    aside.options = static_cast<std::uint8_t>((aside.options & ~kChallengeToSide1) | to);
    return ignore(Reason::challenge_ack);
}

}  // namespace ajar::tcp
