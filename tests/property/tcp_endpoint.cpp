// The small TCP endpoint.
#include "tcp_endpoint.hpp"

#include <algorithm>

namespace ajar::test {
namespace {

constexpr std::int32_t distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

}  // namespace

Endpoint::Endpoint(const EndpointOptions& options)
    : options_(options), snd_una_(options.iss), snd_nxt_(options.iss) {}

std::uint32_t Endpoint::right_edge() const { return read_ + options_.buffer; }

/// The window field. A right edge once promised stays promised.
std::uint32_t Endpoint::offered(bool in_syn) const {
    const unsigned shift = !in_syn && scaling_ ? static_cast<unsigned>(options_.scale) : 0U;
    const std::uint32_t from = in_syn ? 0 : rcv_nxt_;
    const std::uint32_t edge = in_syn ? options_.buffer : right_edge();
    const std::uint32_t room = distance(from, edge) > 0 ? edge - from : 0;
    const std::uint32_t field = std::min<std::uint32_t>(room >> shift, 0xffff);
    if (!in_syn && distance(promised_, from + (field << shift)) > 0) promised_ = from + (field << shift);
    return field;
}

Packet Endpoint::make(std::uint8_t flags, std::uint32_t seq, std::uint32_t length) const {
    Packet p;
    p.kind = PacketKind::tcp;
    p.side = options_.side;
    p.flags = {flags};
    p.seq = seq;
    p.payload = length;
    const bool in_syn = p.flags.syn();
    if (p.flags.ack()) p.ack = rcv_nxt_;
    p.window = static_cast<std::uint16_t>(offered(in_syn));
    if (in_syn && options_.scale >= 0) {
        p.options.present |= TcpOptions::kWindowScale;
        p.options.window_scale = static_cast<std::uint8_t>(options_.scale);
    }
    if (in_syn && options_.sack) p.options.present |= TcpOptions::kSackPermitted;
    if (!in_syn && sacking_ && !out_of_order_.empty()) {
        p.options.present |= TcpOptions::kSack;
        p.options.sack_right = irs_ + out_of_order_.rbegin()->second;
    }
    return p;
}

Packet Endpoint::syn() const {
    const bool answers = state_ == State::syn_received;
    const auto flags = static_cast<std::uint8_t>(TcpFlags::kSyn | (answers ? TcpFlags::kAck : 0));
    return make(flags, options_.iss, answers ? 0 : options_.in_syn);
}

std::vector<Packet> Endpoint::start() {
    if (!options_.opens) {
        state_ = State::listen;
        return {};
    }
    state_ = State::syn_sent;
    snd_nxt_ = options_.iss + 1 + options_.in_syn;
    return {syn()};
}

void Endpoint::learn_peer(const Packet& p) {
    irs_ = p.seq;
    rcv_nxt_ = read_ = promised_ = p.seq + 1;
    promised_ += std::min<std::uint32_t>(options_.buffer, 0xffff);
    peer_scale_ = p.options.has(TcpOptions::kWindowScale) ? p.options.window_scale : -1;
    scaling_ = options_.scale >= 0 && peer_scale_ >= 0;
    sacking_ = options_.sack && p.options.has(TcpOptions::kSackPermitted);
    snd_right_ = options_.iss + 1 + p.window;
    last_window_ = p.window;
    if (p.payload != 0) take_data(p);
}

std::vector<Packet> Endpoint::receive(const Packet& p) {
    return state_ == State::open ? receive_open(p) : receive_opening(p);
}

std::vector<Packet> Endpoint::receive_opening(const Packet& p) {
    const bool acks_syn =
        p.flags.ack() && distance(options_.iss, p.ack) > 0 && distance(p.ack, snd_nxt_) >= 0;
    if (state_ == State::listen) {
        if (!p.flags.syn() || p.flags.ack()) return {};
        state_ = State::syn_received;
        learn_peer(p);
        snd_nxt_ = options_.iss + 1;
        return {syn()};
    }
    if (state_ == State::syn_sent) {
        if (!p.flags.syn() || (p.flags.ack() && !acks_syn)) return {};
        learn_peer(p);
        if (!p.flags.ack()) {
            state_ = State::syn_received;
            return {syn()};
        }
    } else if (!acks_syn) {
        return p.flags.syn() ? std::vector<Packet>{syn()} : std::vector<Packet>{};
    }
    state_ = State::open;
    snd_una_ = options_.iss + 1;
    snd_nxt_ = options_.iss + 1;
    return receive_open(p);
}

/// Only what intersects the window is processed; all that takes room, or is not acceptable, is acknowledged.
std::vector<Packet> Endpoint::receive_open(const Packet& p) {
    std::vector<Packet> out;
    const std::uint32_t length = p.seq_length();
    const bool late = distance(p.seq + length, rcv_nxt_) > 0 || (length != 0 && p.seq + length == rcv_nxt_);
    if (late || p.flags.syn()) {
        if (p.flags.ack()) take_ack(p);
        out.push_back(acknowledge());
        transmit(out);
        return out;
    }
    take_ack(p);
    if (length != 0) take_data(p);
    const bool news = length != 0 || (p.flags.syn() && p.flags.ack());
    const std::size_t before = out.size();
    transmit(out);
    if (news && out.size() == before) out.push_back(acknowledge());
    return out;
}

void Endpoint::take_ack(const Packet& p) {
    const unsigned shift = scaling_ && !p.flags.syn() ? static_cast<unsigned>(peer_scale_) : 0U;
    const std::uint32_t window = std::uint32_t{p.window} << shift;
    if (distance(snd_una_, p.ack) >= 0) {
        snd_una_ = p.ack;
        if (distance(snd_nxt_, snd_una_) > 0) snd_nxt_ = snd_una_;
        last_window_ = window;
    }
    if (distance(snd_right_, p.ack + window) > 0) snd_right_ = p.ack + window;
}

void Endpoint::take_data(const Packet& p) {
    const std::uint32_t start = p.seq + (p.flags.syn() ? 1U : 0U);
    const std::uint32_t from = start - irs_;
    const std::uint32_t to = from + p.payload;
    if (p.flags.fin()) {
        fin_known_ = true;
        fin_offset_ = to;
    }
    if (distance(rcv_nxt_, irs_ + to) > 0) {
        auto& end = out_of_order_[from];
        end = std::max(end, to);
    }
    while (!out_of_order_.empty() && distance(irs_ + out_of_order_.begin()->first, rcv_nxt_) >= 0) {
        const std::uint32_t end = irs_ + out_of_order_.begin()->second;
        if (distance(rcv_nxt_, end) > 0) rcv_nxt_ = end;
        out_of_order_.erase(out_of_order_.begin());
    }
    if (fin_known_ && !fin_received_ && rcv_nxt_ == irs_ + fin_offset_) {
        ++rcv_nxt_;
        fin_received_ = true;
    }
    if (!options_.slow_reader) read_ = rcv_nxt_;
}

Packet Endpoint::segment_at(std::uint32_t seq) const {
    const std::uint32_t left = data_end() - seq;
    const std::uint32_t room = snd_right_ - seq;
    const std::uint32_t length = std::min({left, options_.mss, room});
    const bool last = length == left && room > length;
    return make(last ? TcpFlags::kFin | TcpFlags::kAck : TcpFlags::kAck, seq, length);
}

/// As much as the window takes.
void Endpoint::transmit(std::vector<Packet>& out) {
    if (state_ != State::open) return;
    while (distance(snd_nxt_, data_end()) >= 0 && distance(snd_nxt_, snd_right_) > 0) {
        const Packet p = segment_at(snd_nxt_);
        if (p.seq_length() == 0) break;
        out.push_back(p);
        snd_nxt_ = p.seq_end();
    }
}

std::vector<Packet> Endpoint::tick() {
    std::vector<Packet> out;
    if (state_ == State::syn_sent || state_ == State::syn_received) return {syn()};
    if (state_ != State::open) return {};
    if (options_.slow_reader && read_ != rcv_nxt_) {
        read_ = rcv_nxt_;
        out.push_back(acknowledge());  // the window opens
    }
    transmit(out);
    if (!out.empty()) return out;
    if (snd_una_ != snd_nxt_) return {segment_at(snd_una_)};
    if (distance(snd_nxt_, data_end()) >= 0) return {make(TcpFlags::kAck, snd_una_ - 1, 0)};  // window probe
    return {make(TcpFlags::kAck, snd_nxt_ - 1, 0)};                                           // keep-alive
}

bool Endpoint::finished() const { return fin_received_ && snd_una_ == data_end() + 1; }

}  // namespace ajar::test
