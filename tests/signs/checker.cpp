// How each verdict is derived anew.
#include "checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "watch.hpp"

namespace ajar::signs {
namespace {

using Segment = Checker::Segment;
using Segments = Checker::Segments;

constexpr Duration kApart = std::chrono::milliseconds(10), kLong = std::chrono::seconds(1);

bool later(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

/// The packets up to and with the one that brought the verdict about.
struct Story {
    Segments all;
    const FlowEvidence& told;

    [[nodiscard]] const Segment& last() const { return all.back(); }
    [[nodiscard]] std::size_t size() const { return all.size() - 1; }  // without the last
    [[nodiscard]] const Segment& operator[](std::size_t i) const { return all[i]; }
    [[nodiscard]] bool lost_by(Side s) const { return told.lost == 1U << s; }

    /// Where the connection that the last packet belongs to was answered; nothing if nobody saw that.
    [[nodiscard]] std::optional<std::size_t> answered(std::size_t before) const {
        std::optional<std::size_t> at;
        for (std::size_t i = before; i-- > 0;)
            if (all[i].syn && all[i].ack_bit && (!at || all[i].seq == all[*at].seq)) at = i;
        return at;
    }
    /// The highest number that s has sent, or acknowledged, from `from` to before `to`.
    [[nodiscard]] std::optional<std::uint32_t> highest(Side s, std::size_t from, std::size_t to,
                                                       bool acks) const {
        std::optional<std::uint32_t> high;
        for (std::size_t i = from; i < to; ++i) {
            const Segment& g = all[i];
            if (g.side != s || g.rst || (acks && !g.ack_bit)) continue;
            if (g.syn && !g.ack_bit && i > from + 2) continue;  // somebody's SYN inside
            const std::uint32_t n = acks ? g.ack : g.end();
            if (!high || later(n, *high)) high = n;
        }
        return high;
    }
    [[nodiscard]] std::optional<std::size_t> last_of(Side s, std::size_t before) const {
        for (std::size_t i = before; i-- > 0;)
            if (all[i].side == s) return i;
        return std::nullopt;
    }
    /// Where the numbers of the connection begin: at its SYN, if that was seen.
    [[nodiscard]] std::size_t begin() const {
        const auto at = answered(size());
        return !at ? 0 : *at == 0 ? 0 : *at - 1;
    }
};

std::string unheard(const Story& s, bool keep_alive) {
    const Segment& t = s.last();
    const Side p = other(t.side);
    if (!s.lost_by(p)) return "the wrong end";
    const auto heard = s.last_of(p, s.size());
    if (!heard) return "its peer was never heard";
    if (s[*heard].window == 0) return "its peer's window is closed";
    const auto sent = s.highest(t.side, s.begin(), s.size(), false);
    const auto acked = s.highest(p, s.begin(), s.size(), true);
    if (!sent || !acked) return "no connection";
    if (s.told.expected != *sent) return fmt::format("the next number is {}", *sent);
    if (keep_alive && !(t.seq == *sent - 1 && t.payload <= 1 && !t.fin && *acked == *sent))
        return "no keep-alive";
    if (!keep_alive && (t.length() == 0 || later(t.end(), *sent))) return "no repetition";
    unsigned times = 0;
    bool first = !keep_alive;
    for (std::size_t i = s.begin(); first && i <= *heard; ++i)
        first = !(s[i].side == t.side && !later(s[i].seq, t.seq) && later(s[i].end(), t.seq));
    Time first_counted{}, counted{};
    for (std::size_t i = *heard + 1; i < s.all.size(); ++i) {
        if (s[i].seq != t.seq || (!keep_alive && s[i].length() == 0)) continue;
        if (std::exchange(first, false)) continue;
        if (s[i].time - counted < kApart) continue;
        counted = s[i].time;
        if (times++ == 0) first_counted = counted;
    }
    if (counted - first_counted < kLong) return "an answer may be on its way";
    return times >= s.told.count ? "" : fmt::format("only {} times", times);
}

std::string discovered(const Story& s) {
    const Segment& t = s.last();
    const Side x = t.side, y = other(x);
    if (!t.rst || t.ack_bit || !s.lost_by(x)) return "not such a RST";
    const auto from = s.begin();
    const auto acked_by_y = s.highest(y, from, s.size(), true),
               acked_by_x = s.highest(x, from, s.size(), true);
    const auto sent = s.highest(y, from, s.size(), false);
    if (!acked_by_y || !acked_by_x || !sent) return "no connection";
    if (t.seq != *acked_by_y || s.told.expected != t.seq) return "not at its ACK";
    const auto asked = s.last_of(y, s.size());
    const auto spoken = s.last_of(x, s.size());
    if (!asked || (spoken && *spoken > *asked)) return "it had spoken since";
    for (std::size_t i = from; i < s.size(); ++i)
        if (s[i].side == x && s[i].fin) return "it had closed";
    const bool outstanding = later(*sent, *acked_by_x);
    const bool again = later(*sent, s[*asked].seq);
    return outstanding || again ? "" : "nothing had been asked";
}

/// SYNs of x from `at` backwards, of which each but the first came after an answer in old numbers.
struct Knocks {
    std::size_t first = 0;
    unsigned after_answers = 0;
};
std::optional<Knocks> knocks(const Story& s, std::size_t at, Side x) {
    Knocks k{at, 0};
    bool answered = false;
    for (std::size_t i = at; i-- > 0;) {
        const Segment& g = s[i];
        if (g.side != x) {
            if (!g.ack_bit || g.syn || g.rst) return std::nullopt;
            answered = true;
            continue;
        }
        if (!g.syn || g.ack_bit) return k;
        k.after_answers += answered ? 1 : 0;
        answered = false;
        k.first = i;
    }
    return std::nullopt;
}

/// All answers between the first SYN and `to` are in the numbers from before it.
bool answers_are_old(const Story& s, std::size_t first, std::size_t to, Side y) {
    const auto old = s.highest(y, 0, first, true);
    if (!old) return false;
    for (std::size_t i = first; i < to; ++i)
        if (s[i].side == y && s[i].ack != *s.highest(y, s.answered(first).value_or(0), first, true))
            return false;
    return true;
}

std::string stuck(const Story& s) {
    const Segment& t = s.last();
    if (!t.syn || t.ack_bit || !s.lost_by(t.side)) return "not such a SYN";
    const auto k = knocks(s, s.size(), t.side);
    if (!k) return "no run of SYNs";
    if (k->after_answers < 2) return "only one answered SYN";
    return answers_are_old(s, k->first, s.size(), other(t.side)) ? "" : "its peer answers in other numbers";
}

std::string recovered(const Story& s) {
    const Segment& t = s.last();
    const Side x = t.side, y = other(x);
    const auto answer = s.answered(s.size());
    if (!s.lost_by(x) || !answer || s[*answer].side != y) return "no handshake";
    if (t.seq != s[*answer].ack || later(s[*answer].seq + 1, t.ack)) return "the handshake does not match";
    std::size_t syn = *answer;
    while (syn-- > 0)
        if (s[syn].side == x && s[syn].syn && s[syn].seq + 1 == s[*answer].ack) break;
    if (syn >= *answer) return "no SYN";
    std::size_t rst = syn;
    while (rst-- > 0)
        if (s[rst].side == x && s[rst].rst) break;
    if (rst >= syn) return "no RST";
    const auto challenge = s.last_of(y, rst);
    if (!challenge || s[*challenge].ack != s[rst].seq) return "a RST at no ACK of its peer's";
    for (std::size_t i = *challenge; i-- > 0;) {
        if (s[i].side != x || s[i].rst) continue;
        return s[i].syn ? "" : "no SYN that was challenged";
    }
    return "no SYN that was challenged";
}

std::string cut(const Story& s) {
    const Segment& t = s.last();
    if (!s.lost_by(other(t.side)) || t.syn || t.rst) return "not such a packet";
    std::size_t rst = s.size();
    while (rst-- > 0) {
        if (s[rst].syn) return "a SYN came after it";
        if (s[rst].side == t.side && s[rst].rst) break;
    }
    if (rst >= s.size()) return "no RST in its name";
    if (t.length() != 0 && later(t.end(), s[rst].seq)) return "";
    const auto acked = s.highest(t.side, s.begin(), s.size(), true);
    const auto sent = s.highest(t.side, s.begin(), s.size(), false);
    const bool news = (acked && later(t.ack, *acked)) || (sent && t.length() != 0 && later(t.end(), *sent));
    return t.time - s[rst].time >= kLong - kTickLength && news ? "" : "it may have been under way";
}

bool same(const Glimpse& a, const Segment& b) {
    return a.time == b.time && a.seq == b.seq && a.ack == b.ack && a.payload == std::min(b.payload, 65535U) &&
           a.window == b.window && a.ttl == b.ttl && a.flags.syn() == b.syn && a.flags.rst() == b.rst &&
           a.flags.fin() == b.fin && a.flags.ack() == b.ack_bit;
}

/// The record: its packets are the last ones of the capture, each way, without a gap.
std::string record_of(const Story& s) {
    for (const Side side : {Side{0}, Side{1}}) {
        std::size_t i = s.all.size();
        for (std::size_t kept = s.told.kept[side]; kept-- > 0;) {
            while (i-- > 0)
                if (s[i].side == side) break;
            if (i >= s.all.size()) return "it names a packet too many";
            if (!same(s.told.last[side][kept], s[i])) return "it names a packet that is not there";
        }
    }
    if (s.told.kept[s.last().side] == 0) return "it does not name the last packet";
    if (s.told.began > s.last().time) return "it began later";
    return s.told.seen == s.last().seq ? "" : "it has seen another number";
}

std::string derive(const Story& s) {
    switch (s.told.sign) {
        case Reason::crash_reopen_recovered:
            return recovered(s);
        case Reason::crash_reopen_stuck:
            return stuck(s);
        case Reason::active_side_discovery:
            return discovered(s);
        case Reason::unanswered_retransmission:
            return unheard(s, false);
        case Reason::unanswered_keepalive:
            return unheard(s, true);
        case Reason::made_by_middlebox:
            return cut(s);
        default:
            return "no such verdict";
    }
}

}  // namespace

bool Checker::Less::operator()(const Key& a, const Key& b) const {
    if (a.first != b.first) return a.first < b.first;
    return std::memcmp(&a.second, &b.second, sizeof a.second) < 0;
}

void Checker::see(const Packet& p) {
    tuples_[{p.family, wide_key(p)}].push_back({p.time, p.ordinal, p.side, p.flags.syn(), p.flags.ack(),
                                                p.flags.fin(), p.flags.rst(), p.seq, p.ack, p.payload,
                                                p.window, p.ttl});
}

std::string Checker::object(const Event& event) const {
    const auto at = tuples_.find({event.family, event.key});
    if (at == tuples_.end()) return "nobody has seen such packets";
    const auto& all = at->second;
    const auto last =
        std::find_if(all.begin(), all.end(), [&](const Segment& g) { return g.ordinal == event.ordinal; });
    if (last == all.end()) return "the packet is not one of the connection's";
    const Story story{{all.begin(), last + 1}, event.evidence};
    if (event.evidence.confidence == Confidence::high && !story.answered(story.size()))
        return "nobody has seen its handshake";
    if (auto objection = record_of(story); !objection.empty()) return "the record: " + objection;
    return derive(story);
}

std::string Checker::object_silence(const Event& event, Duration interval) const {
    const FlowEvidence& told = event.evidence;
    const auto at = tuples_.find({event.family, event.key});
    if (at == tuples_.end()) return "nobody has seen such packets";
    if (told.sign != Reason::silent_after_probe || told.lost == 0) return "nobody is said to be silent";
    const Time asked = event.time - (interval + kTickLength) * told.count;  // a round ends with a tick
    std::array<bool, 2> spoken{};
    std::array<std::uint32_t, 2> acked{};
    for (const Segment& g : at->second) {
        if (g.time > event.time) break;
        if (g.time >= asked) spoken[g.side] = true;
        if (g.ack_bit) acked[g.side] = g.ack;
    }
    for (const Side s : {Side{0}, Side{1}}) {
        const bool lost = (told.lost >> s & 1U) != 0;
        if (lost == spoken[s]) return lost ? "it has spoken" : "its peer has not";
    }
    const std::uint32_t due = acked[(told.lost & 1U) != 0 ? 0 : 1];
    return told.expected == due && told.seen == due - 1 ? "" : "it expects another number";
}

}  // namespace ajar::signs
