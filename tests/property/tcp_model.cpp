// The model, event by event.
#include "tcp_model.hpp"

#include <algorithm>

namespace ajar::model {
namespace {

constexpr Number kLargest = Number{65535} << 14;

Side peer_of(Side s) { return s == 0 ? 1 : 0; }

/// The 64-bit number nearest to `near` that is `wire` modulo 2^32.
Number nearest(std::uint32_t wire, Number near) {
    const auto step = static_cast<std::int32_t>(wire - static_cast<std::uint32_t>(near));
    return near + step;
}

bool understood(TcpFlags f) {
    const bool fin = f.fin(), syn = f.syn(), rst = f.rst(), ack = f.ack();
    if (int{fin} + int{syn} + int{rst} > 1) return false;
    return syn || rst || ack;
}

}  // namespace

Machine::Segment Machine::widen(const Packet& p) const {
    Segment g;
    g.from = p.side;
    const Peer& me = peers_[p.side];
    const Peer& you = peers_[peer_of(p.side)];
    g.seq = nearest(p.seq, me.sent);
    g.fin = p.flags.fin();
    g.end = g.seq + p.payload + (p.flags.syn() ? 1 : 0) + (g.fin ? 1 : 0);
    g.has_ack = p.flags.ack();
    g.ack = g.has_ack ? nearest(p.ack, you.sent) : 0;
    g.sack = g.ack;
    if (p.options.has(TcpOptions::kSack) && you.sack)
        g.sack = std::max(g.ack, nearest(p.options.sack_right, you.sent));
    g.window = Number{p.window} << (p.flags.syn() ? 0 : me.scale);
    return g;
}

Answer Machine::feed(const Packet& p) {
    if (state_ == TcpState::none) return first(p);
    if (!understood(p.flags)) return Answer::invalid;
    const Segment g = widen(p);
    if (p.flags.rst()) return on_reset(p, g);
    if (p.flags.syn()) return p.flags.ack() ? on_syn_ack(p, g) : on_syn(p, g);
    return on_segment(p, g);
}

Answer Machine::first(const Packet& p) {
    if (!understood(p.flags) || p.flags.rst() || p.flags.fin()) return Answer::refused;
    if (p.flags.syn() && p.flags.ack()) return Answer::refused;
    if (!p.flags.syn() && policy_.mid_stream == MidStream::refuse) return Answer::refused;
    *this = Machine(policy_);
    opener_ = p.side;
    Peer& me = peers_[p.side];
    Peer& you = peers_[peer_of(p.side)];
    me.first = me.sent = p.seq;
    me.seen = true;
    you.sent = you.first = p.ack;
    const Segment g = widen(p);
    if (p.flags.syn()) {
        you = {};
        learn_syn(p.side, syn_of(p, g));
        state_ = TcpState::syn_sent;
    } else {
        mid_stream_ = true;
        me.scale = you.scale = 14;
        me.sack = you.sack = true;
        me.guessed = you.guessed = true;
        me.window = std::max<Number>(Number{p.window} << 14, 1);
        me.sent = g.end;
        me.received = g.ack;
        me.allowed = g.end + me.window;
        you.allowed = g.ack + me.window;
        state_ = policy_.mid_stream == MidStream::loose ? TcpState::established : TcpState::unverified;
    }
    note_last(p, g);
    return Answer::accepted;
}

Syn Machine::syn_of(const Packet& p, const Segment& g) const {
    Syn s{g.seq, g.end, std::max<Number>(p.window, 1), {}, p.options.has(TcpOptions::kSackPermitted)};
    if (p.options.has(TcpOptions::kWindowScale)) s.scale = p.options.window_scale;
    return s;
}

void Machine::learn_syn(Side s, const Syn& syn) {
    Peer& me = peers_[s];
    me = {};
    me.seen = true;
    me.syn = syn;
    me.first = syn.isn;
    me.sent = me.allowed = syn.end;
    me.window = syn.window;
    me.sack = syn.sack;
}

/// Scale from both SYNs or not at all; what one of them lacked stays off, should another SYN-ACK come.
void Machine::settle_options() {
    const bool both = peers_[0].syn && peers_[1].syn && peers_[0].syn->scale && peers_[1].syn->scale;
    for (Peer& p : peers_) {
        if (!both && p.syn) p.syn->scale.reset();
        p.scale = both ? *p.syn->scale : 0;
    }
}

void Machine::put_aside(Side s, const Syn& syn) {
    other_syn_ = syn;
    other_opener_ = s;
}

/// The endpoints opened anew, by a SYN that was put aside.
void Machine::restart(const Syn& opened_by) {
    opener_ = other_opener_;
    peers_[peer_of(opener_)] = {};
    learn_syn(opener_, opened_by);
    crossed_ = mid_stream_ = at_risk_ = false;
    closed_in_its_name_ = false;
}

Answer Machine::on_syn(const Packet& p, const Segment& g) {
    const bool from_opener = p.side == opener_ || mid_stream_;
    Peer& me = peers_[p.side];
    const bool own = me.seen && !mid_stream_ && g.seq == me.first;
    const bool inside_life = state_ >= TcpState::syn_recv && state_ <= TcpState::time_wait;
    if (own && inside_life) {
        if (!from_opener)
            crossed_ = true;
        else if (state_ == TcpState::syn_recv)
            put_aside(p.side, syn_of(p, g)), expect_challenge_ = false;
        return Answer::ignored;
    }
    switch (state_) {
        case TcpState::syn_sent:
            if (from_opener && g.seq == me.syn->isn) {
                me.sent = std::max(me.sent, g.end);
                me.syn->end = me.sent;
            } else if (from_opener && other_syn_ && nearest(p.seq, other_syn_->isn) == other_syn_->isn) {
                other_syn_->end = std::max(other_syn_->end, other_syn_->isn + 1 + p.payload);
            } else if (from_opener) {
                if (!other_syn_) put_aside(p.side, *me.syn);  // the first and the latest count
                learn_syn(p.side, syn_of(p, g));
                note_last(p, g);
            } else {
                Peer& you = peers_[opener_];
                const Syn mine = syn_of(p, g);
                learn_syn(p.side, mine);
                me.allowed += you.window;
                you.allowed = std::max(you.allowed, you.sent + std::max<Number>(p.window, 1));
                settle_options();
                crossed_ = true;
                note_last(p, g);
                state_ = TcpState::syn_sent2;
                return Answer::accepted;
            }
            return Answer::ignored;
        case TcpState::syn_sent2:
            return Answer::ignored;
        case TcpState::unverified:
            return Answer::reopened;
        case TcpState::time_wait:
            return Answer::reopened;
        case TcpState::close:
            if (!from_opener) return Answer::invalid;
            if (!closed_in_its_name_) return Answer::reopened;
            break;
        default:
            break;
    }
    if (!from_opener) return Answer::invalid;
    put_aside(p.side, syn_of(p, g));
    expect_challenge_ = state_ == TcpState::last_ack;
    return Answer::ignored;
}

Answer Machine::syn_ack_opens(const Packet& p, const Segment& g) {
    Peer& you = peers_[opener_];
    const Side s = p.side;
    learn_syn(s, syn_of(p, g));
    Peer& me = peers_[s];
    me.received = g.ack;
    me.allowed += you.window;
    you.allowed = std::max(you.allowed, g.ack + std::max<Number>(p.window, 1));
    settle_options();
    other_syn_.reset();
    challenge_.reset();
    note_last(p, g);
    const bool again = state_ == TcpState::syn_recv;
    state_ = TcpState::syn_recv;
    return again ? Answer::ignored : Answer::accepted;
}

Answer Machine::on_syn_ack(const Packet& p, const Segment& g) {
    const bool from_opener = p.side == opener_;
    Peer& me = peers_[p.side];
    const Peer& you = peers_[peer_of(p.side)];
    const bool early = state_ == TcpState::syn_sent || state_ == TcpState::syn_sent2;
    const bool answers_crossing =
        crossed_ && me.syn && you.syn && g.seq == me.syn->isn && g.ack > you.syn->isn && g.ack <= you.sent;
    if ((early || state_ == TcpState::syn_recv) && answers_crossing) {
        take(g);
        note_last(p, g);
        const bool again = state_ == TcpState::syn_recv;
        state_ = TcpState::syn_recv;
        return again ? Answer::ignored : Answer::accepted;
    }
    if (early) {
        if (from_opener) return Answer::invalid;
        if (g.ack > you.syn->isn && g.ack <= you.sent) {
            crossed_ = false;
            return syn_ack_opens(p, g);
        }
        if (!other_syn_) return Answer::invalid;
        const Number ack = nearest(p.ack, other_syn_->end);
        if (!covers(ack, *other_syn_)) return Answer::invalid;
        restart(*other_syn_);
        return syn_ack_opens(p, widen(p));
    }
    if (from_opener && !mid_stream_ && (state_ == TcpState::syn_recv || !crossed_)) return Answer::invalid;
    if (me.syn && g.seq == me.syn->isn) return Answer::ignored;
    const bool adopts =
        other_syn_ && p.side != other_opener_ && covers(nearest(p.ack, other_syn_->end), *other_syn_);
    if (!adopts) return Answer::ignored;
    const Syn opened_by = *other_syn_;
    restart(opened_by);
    return syn_ack_opens(p, widen(p));
}

Answer Machine::on_reset(const Packet& p, const Segment& g) {
    Peer& me = peers_[p.side];
    const Peer& you = peers_[peer_of(p.side)];
    const bool from_opener = p.side == (mid_stream_ ? other_opener_ : opener_);
    const bool embryonic = is_embryonic(state_);
    if (state_ == TcpState::time_wait || state_ == TcpState::close) return Answer::ignored;
    const auto close = [&] {
        me.seen = true;
        at_risk_ = false;
        state_ = TcpState::close;
        return Answer::accepted;
    };
    if (other_syn_ && !from_opener && p.flags.ack() && nearest(p.ack, other_syn_->end) == other_syn_->end) {
        closed_in_its_name_ = !embryonic;
        return close();
    }
    closed_in_its_name_ = false;
    const bool challenged = challenge_ && p.side == challenge_to_;
    if (challenged && static_cast<std::uint32_t>(*challenge_) == p.seq) return close();
    const bool highest = me.window != 0 && g.seq == me.sent;
    const bool follows =
        me.seen && (highest || (last_.from == p.side && std::max(last_.end, me.sent - 65535) == g.seq));
    if (!you.received) {
        if (follows) return close();
        const bool opening = embryonic && state_ != TcpState::unverified;
        const bool refused =
            opening && you.seen && you.syn && p.flags.ack() && g.ack > you.syn->isn && g.ack <= you.sent;
        return refused ? close() : Answer::invalid;
    }
    const Number next = nearest(p.seq, *you.received);
    if (next == *you.received) return close();
    if (next < *you.received) return Answer::invalid;
    if (follows) return close();
    Segment checked = g;
    if (!p.flags.ack() || p.ack == 0) checked.ack = checked.sack = you.sent;
    if (!inside(checked)) return Answer::invalid;
    const bool may_last_longer = state_ != TcpState::last_ack;  // 15 s are less than 30
    if (embryonic || at_risk_ || !may_last_longer) return Answer::ignored;
    at_risk_ = true;
    return Answer::accepted;
}

/// The four checks.
bool Machine::inside(const Segment& g) const {
    const Peer& me = peers_[g.from];
    const Peer& you = peers_[peer_of(g.from)];
    const bool not_beyond = g.seq <= me.allowed;
    const bool not_before = you.window == 0 || g.end >= me.sent - you.window;
    const bool ack_was_sent = g.sack <= you.sent;
    const bool ack_recent = g.ack >= you.sent - std::max<Number>(66000, me.window);
    return not_beyond && not_before && ack_was_sent && ack_recent;
}

void Machine::take(const Segment& g) {
    Peer& me = peers_[g.from];
    Peer& you = peers_[peer_of(g.from)];
    me.window = std::min(std::max(me.window, g.window + g.sack - g.ack), kLargest);
    const Number edge = std::max(me.allowed, me.sent);
    if (you.window != 0 && g.end > edge) you.window = std::min(you.window + g.end - edge, kLargest);
    me.sent = std::max(me.sent, g.end);
    me.received = me.received ? std::max(*me.received, g.ack) : g.ack;
    you.allowed = std::max(you.allowed, g.sack + std::max<Number>(g.window, 1));
}

void Machine::note_last(const Packet& p, const Segment& g) {
    last_ = {p.side, g.end};
    repeats_ = 0;
    none_offered_ = p.window == 0;
}

/// Data, FINs and keep-alives that bring nothing new and have no word of the peer between them.
void Machine::count_repeat(const Packet& p, const Segment& g, Number sent) {
    const int so_far = last_.from == p.side ? repeats_ : 0;
    const bool next_number_alone = g.seq == g.end && g.seq == sent;
    const bool peer_offered_none = none_offered_ && (last_.from != p.side || repeats_ > 0);
    note_last(p, g);
    if (g.end <= sent) repeats_ = next_number_alone ? so_far : std::min(so_far + 1, 15);
    if (repeats_ > 0) none_offered_ = peer_offered_none;
}

/// Something is due from one of the ends.
bool Machine::waiting() const {
    const auto& [a, b] = peers_;
    return a.received != b.sent || b.received != a.sent || none_offered_ ||
           repeats_ >= policy_.retransmissions;
}

TcpState Machine::by_fins() const {
    const int sent = int{peers_[0].fin.has_value()} + int{peers_[1].fin.has_value()};
    const int answered = int{peers_[0].fin_acknowledged} + int{peers_[1].fin_acknowledged};
    if (answered == 2) return TcpState::time_wait;
    if (sent == 2) return TcpState::last_ack;
    return answered == 1 ? TcpState::close_wait : TcpState::fin_wait;
}

void Machine::move_on(const Segment& g) {
    const bool any_fin = peers_[0].fin || peers_[1].fin;
    const TcpState open = any_fin ? by_fins() : TcpState::established;
    switch (state_) {
        case TcpState::syn_recv:
            if (any_fin || g.from == opener_ || crossed_) state_ = open;
            break;
        case TcpState::unverified:
            if (peers_[0].received && peers_[1].received) state_ = open;
            break;
        case TcpState::close:
            if ((g.from != other_opener_ || g.end > g.seq) && closed_in_its_name_) state_ = open;
            break;
        default:
            state_ = open;
    }
}

/// What to do with a segment that fits no window; it leaves no trace.
Answer Machine::passes_outside(const Packet& p, const Segment& g) const {
    const Peer& me = peers_[p.side];
    const Peer& you = peers_[peer_of(p.side)];
    if (state_ == TcpState::unverified || me.guessed) return Answer::ignored;
    if (policy_.window == WindowCheck::liberal) {
        const bool over = is_embryonic(state_) || state_ >= TcpState::last_ack;
        return over || at_risk_ ? Answer::ignored : Answer::accepted;
    }
    const bool beyond = g.seq > me.allowed || g.sack > you.sent;
    const bool too_old = you.window != 0 && g.end < me.sent - you.window;
    const bool own_past = g.seq >= me.first && g.end <= me.sent;
    return !beyond && too_old && own_past ? Answer::ignored : Answer::invalid;
}

Answer Machine::on_segment(const Packet& p, Segment g) {
    Peer& me = peers_[p.side];
    Peer& you = peers_[peer_of(p.side)];
    const bool from_opener = p.side == (mid_stream_ ? other_opener_ : opener_);
    if (state_ == TcpState::syn_sent || state_ == TcpState::syn_sent2) {
        if (from_opener || g.fin) return Answer::invalid;
        me.seen = true;
        challenge_ = p.ack, challenge_to_ = peer_of(p.side);
        return Answer::ignored;
    }
    const bool one_known = me.window == 0 || you.window == 0;
    if (state_ == TcpState::close && one_known) return Answer::ignored;  // refused before it began
    const std::array<Peer, 2> as_known = peers_;
    if (mid_stream_) {
        if (!you.received) you.sent = std::max(you.sent, g.sack);
        if (!me.received && g.sack == you.sent + 1) ++you.sent;
        if (!me.received && state_ != TcpState::unverified) {
            me.sent = g.end;
            me.allowed = g.end + std::max<Number>(g.window, 1);
        }
    }
    if (!inside(g)) {
        peers_ = as_known;                                                 // it proves nothing
        if (me.guessed && state_ != TcpState::unverified) me.seen = true;  // but heard
        return passes_outside(p, g);
    }
    if (state_ == TcpState::syn_recv && you.syn && g.ack <= you.syn->isn) return Answer::invalid;

    const bool next_data = g.end > g.seq && g.seq == as_known[p.side].sent;
    if (!from_opener || next_data) other_syn_.reset();
    if (state_ == TcpState::last_ack && expect_challenge_ && !from_opener && !g.fin) {
        expect_challenge_ = false;
        challenge_ = p.ack, challenge_to_ = peer_of(p.side);
        return Answer::ignored;
    }

    me.seen = true;
    if (mid_stream_ && !me.received) me.first = g.seq;
    const bool was_waiting = waiting(), was_at_risk = at_risk_;
    count_repeat(p, g, as_known[p.side].sent);
    take(g);
    if (you.received && g.seq == me.sent && g.end == me.sent) you.guessed = false;
    if (g.fin) me.fin = g.end;
    // What comes after a FIN is nobody's data; kept is that some of it came, up to 255 bytes.
    for (Peer& peer : peers_) {
        if (peer.fin) peer.fin = std::max(*peer.fin, peer.sent - 255);
    }
    if (you.fin && me.received && *me.received >= *you.fin) you.fin_acknowledged = true;
    expect_challenge_ = false;
    const bool was_embryonic = is_embryonic(state_);
    const TcpState old = state_;
    move_on(g);
    if (was_embryonic && !is_embryonic(state_)) other_syn_.reset();
    if (old != TcpState::close || state_ != TcpState::close) closed_in_its_name_ = false;
    if (state_ != TcpState::close) at_risk_ = false;
    if (state_ != old || was_at_risk) return Answer::accepted;
    const bool closing = state_ >= TcpState::last_ack;  // ... TIME_WAIT, CLOSE, UNVERIFIED
    const bool ages = state_ == TcpState::syn_recv || (closing && state_ != TcpState::unverified);
    if (ages) return Answer::ignored;
    if (state_ == TcpState::established && waiting() != was_waiting) return Answer::accepted;
    const bool open = state_ >= TcpState::established && state_ <= TcpState::close_wait;
    return open && repeats_ >= policy_.retransmissions ? Answer::ignored : Answer::accepted;
}

}  // namespace ajar::model
