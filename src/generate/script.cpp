// How endpoints take turns: handshake, close, reset, single segments.
#include "generate/script.hpp"

namespace ajar::gen {
namespace {

/// Three kinds of host: with everything, without timestamps, with an MSS only.
Stack draw_stack(Rng& rng, std::uint16_t mss) {
    constexpr std::uint8_t scaled = TcpOptions::kMss | TcpOptions::kWindowScale | TcpOptions::kSackPermitted;
    const auto pick = rng.below(10);
    if (pick < 6) return {mss, scaled | TcpOptions::kTimestamps, 7};
    if (pick < 9) return {mss, scaled, 8};
    return {mss, TcpOptions::kMss, 0};
}

std::uint16_t family_mss(Family f) { return f == Family::ipv4 ? 1460 : 1440; }

}  // namespace

Script::Script(Conversation& out, Rng& rng, Duration rtt, Trouble trouble, std::uint16_t mss)
    : out_(out), rng_(rng), trouble_(trouble) {
    const auto own_rtt = rtt / 2 + rtt * rng.below(1000) / 1000;
    delay_ = {own_rtt * 3 / 8, own_rtt / 8};
    for (auto& e : ends_) {
        e.stack = draw_stack(rng, mss != 0 ? mss : family_mss(out.family));
        e.snd_nxt = rng.word();
        e.ts_offset = rng.word();
    }
}

void Script::turn_to(End from) {
    if (begun_) now_ += from == speaker_ ? kSpacing : turnaround(from);
    begun_ = true;
    speaker_ = from;
}

Step& Script::emit(End from, std::uint8_t flags, std::uint32_t payload) {
    turn_to(from);
    auto& e = ends_[index(from)];
    Step s;
    s.at = now_;
    s.from = from;
    s.flags = flags;
    s.seq = e.snd_nxt;
    s.ack = (flags & kAck) != 0 ? e.rcv_nxt : 0;
    s.payload = payload;
    fill_options(s);
    if ((flags & kRst) == 0) e.snd_nxt += payload + ((flags & kSyn) != 0) + ((flags & kFin) != 0);
    last_ = out_.steps.size();
    return out_.steps.emplace_back(s);
}

/// Milliseconds, as Linux counts, from an offset of the connection's own.
std::uint32_t Script::timestamp(End e, Duration at) const {
    return ends_[index(e)].ts_offset + static_cast<std::uint32_t>(at / std::chrono::milliseconds(1));
}

/// A SYN carries what its end offers, a SYN-ACK of that what the SYN offered too, any other segment what was
/// agreed.
void Script::fill_options(Step& s) const {
    constexpr std::uint16_t window = 64240;
    const auto& e = ends_[index(s.from)];
    const bool syn = (s.flags & kSyn) != 0;
    const bool scaled = !syn && (agreed_ & TcpOptions::kWindowScale) != 0;
    s.window = scaled ? static_cast<std::uint16_t>(window >> e.stack.window_scale) : window;
    s.mss = e.stack.mss;
    s.window_scale = e.stack.window_scale;
    s.ts_value = timestamp(s.from, s.at);
    s.ts_echo = (s.flags & kAck) != 0 ? e.ts_recent : 0;
    if (!syn) {
        s.options = agreed_ & TcpOptions::kTimestamps;
    } else {
        s.options = (s.flags & kAck) != 0 ? agreed_ : e.stack.options;
    }
}

void Script::deliver(const Step& s) {
    const auto from = s.from;
    auto& to = ends_[index(peer(from))];
    to.rcv_nxt = ends_[index(from)].snd_nxt;
    to.ts_recent = s.ts_value;
    if (s.flags == kSyn) agreed_ = ends_[0].stack.options & ends_[1].stack.options;
}

void Script::say(End from, std::uint8_t flags, std::uint32_t payload) { deliver(emit(from, flags, payload)); }

void Script::lose(End from, std::uint8_t flags, std::uint32_t payload) { emit(from, flags, payload); }

void Script::again(std::span<const Duration> since_first) {
    const auto first = out_.steps[last_];
    for (const auto d : since_first) {
        now_ = first.at + d;
        auto& s = out_.steps.emplace_back(first);
        s.at = now_;
        s.ts_value = timestamp(s.from, s.at);
    }
}

void Script::open() {
    say(End::client, kSyn);
    say(End::server, kSyn | kAck);
    say(End::client, kAck);
}

void Script::half_close(End from) {
    say(from, kFin | kAck);
    say(peer(from), kAck);
}

void Script::close(End first) {
    half_close(first);
    say(peer(first), kFin | kAck);
    say(first, kAck);
}

void Script::reset(End from) { emit(from, kRst | kAck); }

void Script::forget(End end) {
    auto& e = ends_[index(end)];
    // A clock-driven ISN (RFC 6528) lies ahead of what the old connection has used, in TIME_WAIT terms newer.
    e.snd_nxt += (1U << 20U) + rng_.below(1U << 24U);
    e.rcv_nxt = 0;
    e.ts_recent = 0;
}

void Script::refuse(Step segment) {
    auto& s = emit(peer(segment.from), kRst);
    s.options = 0;
    s.window = 0;
    s.seq = segment.ack;
    if ((segment.flags & kAck) != 0) return;
    s.flags |= kAck;
    s.ack = segment.seq + segment.payload + ((segment.flags & kSyn) != 0);
}

void Script::report_unreachable(Step segment) {
    turn_to(peer(segment.from));
    auto& s = out_.steps.emplace_back(segment);
    s.at = now_;
    s.unreachable = true;
}

void Script::resend(Step segment) {
    turn_to(segment.from);
    auto& s = out_.steps.emplace_back(segment);
    s.at = now_;
    s.ts_value = timestamp(s.from, s.at);
}

}  // namespace ajar::gen
