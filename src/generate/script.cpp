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
    spoken_ = s;
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

bool Script::lost() {
    const bool so = in_a_row_ < kMostInARow && losses_ < kMostLosses && struck(trouble_.loss);
    in_a_row_ = so ? in_a_row_ + 1 : 0;
    losses_ += so ? 1 : 0;
    return so;
}

/// The segment that is the last step, and the one before it of the same end, if that is just ahead: the
/// answer to it is not on its way yet. Or it comes twice.
void Script::mix_up() {
    constexpr Duration kJustAhead = std::chrono::milliseconds(1);
    auto& steps = out_.steps;
    const auto last = steps.size() - 1;
    if (struck(trouble_.reorder)) {
        for (auto i = last; i-- > 0;) {
            if (steps[i].from != steps[last].from || steps[i].unreachable) continue;
            if (steps[last].at - steps[i].at <= kJustAhead) std::swap(steps[i].at, steps[last].at);
            break;
        }
    }
    if (!struck(trouble_.duplicate)) return;
    Step copy = steps[last];
    copy.at += std::chrono::microseconds(rng_.between(5, 500));
    steps.push_back(copy);
}

bool Script::passes() {
    spoken_ = out_.steps[last_];
    const bool asks = spoken_.payload != 0 || (spoken_.flags & (kSyn | kFin)) != 0;
    if (asks && !spoken_.unreachable) question_[index(spoken_.from)] = spoken_;
    if (!lost()) return mix_up(), true;
    if (rng_.chance(500'000) && last_ != 0)
        out_.steps.erase(out_.steps.begin() + static_cast<std::ptrdiff_t>(last_));
    return false;
}

void Script::carry() {
    constexpr Duration kForSyn = std::chrono::seconds(1), kForOthers = std::chrono::milliseconds(220);
    bool arrives = passes();
    const Step segment = spoken_;
    const bool bare = segment.payload == 0 && (segment.flags & (kSyn | kFin)) == 0;
    const auto& question = question_[index(peer(segment.from))];
    const bool syn = ((bare && question ? *question : segment).flags & kSyn) != 0;
    for (Duration wait = syn ? kForSyn : kForOthers; !arrives && (!bare || question); wait *= 2) {
        pause(wait);
        if (bare) {
            resend(Step(*question));
            if (!passes()) continue;
        }
        resend(segment);
        arrives = passes();
    }
    deliver(segment);
}

void Script::ask_in_vain(Duration timeout) {
    const Step asks = out_.steps[last_];
    for (;; pause(timeout), resend(asks)) {
        if (!passes()) continue;
        refuse(asks);
        if (passes()) return;
    }
}

void Script::say(End from, std::uint8_t flags, std::uint32_t payload) {
    emit(from, flags, payload);
    carry();
}

void Script::lose(End from, std::uint8_t flags, std::uint32_t payload) {
    emit(from, flags, payload);
    passes();
}

Step& Script::put_again(Step segment) {
    segment.at = now_;
    segment.ts_value = timestamp(segment.from, now_);
    last_ = out_.steps.size();
    return out_.steps.emplace_back(segment);
}

void Script::again(std::span<const Duration> since_first) {
    const Step first = spoken_;
    const auto n = since_first.size();
    const Duration gap = n < 2 ? Duration(std::chrono::seconds(1)) : since_first[n - 1] - since_first[n - 2];
    std::size_t missing = 0;
    const auto once = [&](Duration d) {
        now_ = first.at + d;
        put_again(first);
        const auto before = out_.steps.size();
        passes();
        missing += out_.steps.size() < before ? 1 : 0;
    };
    for (const auto d : since_first) once(d);
    for (Duration d = n == 0 ? gap : since_first[n - 1] + gap; missing != 0; d += gap, --missing) once(d);
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

void Script::reset(End from) {
    emit(from, kRst | kAck);
    mix_up();
}

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
    last_ = out_.steps.size();
    auto& s = out_.steps.emplace_back(segment);
    s.at = now_;
    s.unreachable = true;
}

void Script::resend(Step segment) {
    turn_to(segment.from);
    put_again(segment);
}

}  // namespace ajar::gen
