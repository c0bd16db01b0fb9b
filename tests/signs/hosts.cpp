// How ends answer.
#include "hosts.hpp"

namespace ajar::signs {
namespace {

constexpr Duration kAnswerGap = std::chrono::milliseconds(500);  // between two answers to empty segments

bool beyond(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

void raise(std::optional<std::uint32_t>& high, std::uint32_t to) {
    if (!high || beyond(to, *high)) high = to;
}

}  // namespace

/// Who has lost it is gone with its host, or drops what its stack would say; who had no such connection any
/// more said so. All others live on.
Hosts::Presence Hosts::presence_of(const gen::Conversation& c, gen::End end) {
    if (c.sign == Reason::none || end != c.lost) return Presence::open;
    switch (c.sign) {
        case Reason::active_side_discovery:
            return Presence::refusing;
        case Reason::crash_reopen_recovered:
        case Reason::made_by_middlebox:
            return Presence::open;
        default:
            return Presence::silent;
    }
}

/// By an ISN of its own each new life of an end begins anew.
void Hosts::learn(Pair& pair, const gen::Step& s) {
    if (s.unreachable || (s.flags & TcpFlags::kRst) != 0) return;
    Socket& own = pair.ends[gen::index(s.from)];
    const bool syn = (s.flags & TcpFlags::kSyn) != 0, ack = (s.flags & TcpFlags::kAck) != 0;
    if (syn) own.stamps = (s.options & TcpOptions::kTimestamps) != 0;
    if (syn && (!own.snd_nxt || s.seq + 1 != *own.snd_nxt)) own.snd_nxt = own.rcv_nxt = std::nullopt;
    const bool fin = (s.flags & TcpFlags::kFin) != 0;
    raise(own.snd_nxt, s.seq + s.payload + (syn ? 1 : 0) + (fin ? 1 : 0));
    if (ack) raise(own.rcv_nxt, s.ack);
    if (ack) own.ts_recent = s.ts_echo;
    own.ts_value = s.ts_value;
    own.window = s.window;
    own.ts_at = pair.who.start + s.at;
}

void Hosts::begin(const gen::Conversation& c) {
    const auto [tuple, client] = tuple_of(c);
    Pair& pair = pairs_[tuple];
    pair = {};
    pair.who = {.kind = c.kind,
                .family = c.family,
                .address = c.address,
                .port = c.port,
                .outer_vlan = c.outer_vlan,
                .inner_vlan = c.inner_vlan,
                .ordinal = c.ordinal,
                .start = c.start,
                .steps = {},
                .outcomes = {}};
    for (const auto& s : c.steps) learn(pair, s);
    for (const gen::End e : {gen::End::client, gen::End::server})
        pair.ends[gen::index(e)].presence = presence_of(c, e);
}

/// PAWS (RFC 7323 5.3), the limit on answers to segments without data (RFC 5961 7), and what lies in the
/// window needs no answer (RFC 9293 3.10.7.4).
bool Hosts::takes(Socket& socket, const Craft& probe, Time now) {
    constexpr std::uint32_t kWindow = 65535;
    const bool stamped = (probe.options.present & TcpOptions::kTimestamps) != 0;
    const bool old = socket.stamps && stamped && beyond(socket.ts_recent, probe.options.ts_value + 1);
    if (probe.garbage) return true;
    if (old) return ++counts_.out_of_date, false;
    if (probe.seq - *socket.rcv_nxt < kWindow) return false;
    if (now - socket.answered < kAnswerGap) return false;
    socket.answered = now;
    return true;
}

void Hosts::hear(const Craft& frame, Time now) {
    const auto at = pairs_.find(tuple_of(frame.key));
    if (at == pairs_.end()) return;
    Pair& pair = at->second;
    const Side client = tuple_of(pair.who).second;
    const gen::End end = other(frame.from) == client ? gen::End::client : gen::End::server;
    Socket& socket = pair.ends[gen::index(end)];
    if (frame.flags.rst()) {
        if (socket.presence != Presence::open) return;
        ++counts_.resets;
        counts_.inexact_resets += socket.rcv_nxt == frame.seq ? 0 : 1;
        socket.presence = Presence::refusing;
        return;
    }
    ++counts_.asked;
    if (socket.presence == Presence::silent || random_.chance(loss_)) return;
    if (socket.presence == Presence::refusing) return answer(pair, end, TcpFlags::kRst, frame, now);
    if (socket.rcv_nxt && socket.snd_nxt && takes(socket, frame, now))
        answer(pair, end, TcpFlags::kAck, frame, now);
}

void Hosts::answer(const Pair& pair, gen::End from, std::uint8_t flags, const Craft& probe, Time now) {
    if (random_.chance(loss_)) return;
    ++counts_.answered;
    const Socket& own = pair.ends[gen::index(from)];
    const bool rst = flags == TcpFlags::kRst;
    gen::Step s;
    s.from = from;
    s.flags = flags;
    s.seq = rst ? probe.ack : *own.snd_nxt;
    s.ack = rst ? 0 : *own.rcv_nxt;
    s.window = rst ? std::uint16_t{0} : own.window;
    const bool stamped = own.stamps && pair.ends[gen::index(peer(from))].stamps && !rst;
    if (stamped) s.options = TcpOptions::kTimestamps;
    s.ts_value = own.ts_value + static_cast<std::uint32_t>((now - own.ts_at) / std::chrono::milliseconds(1));
    s.ts_echo = own.ts_recent;
    gen::Frames frames;
    encoder_.encode(pair.who, s, static_cast<std::uint32_t>(order_), frames);
    const Duration way = std::chrono::microseconds(random_.between(300, 30'000));
    answers_.push({now + way, order_++, {frames[0].begin(), frames[0].end()}});
}

void Hosts::speak(Watch& watch, Time until) {
    while (watch.now() != Time{} && watch.now() < until) {
        const Time then = std::min(watch.now() + kTickLength, until);
        while (!answers_.empty() && answers_.top().at <= then) {
            const Answer a = answers_.top();
            answers_.pop();
            watch.see(a.at, a.frame, static_cast<std::uint32_t>(a.frame.size()));
        }
        watch.pass_until(then);
    }
}

}  // namespace ajar::signs
