// How each verdict is derived anew, backwards from the packet that completes it.
#include <fmt/format.h>

#include <algorithm>

#include "story.hpp"

namespace ajar::signs {
namespace {

constexpr Duration kApart = std::chrono::milliseconds(10), kLong = std::chrono::seconds(1);
constexpr unsigned kTimes = 5, kSyns = 2;

Claim no(std::string why) { return {std::move(why), {}}; }

/// Where nobody saw the handshake, little is certain; where words pass elsewhere, nothing is.
Confidence limited(const Story& s, Confidence confidence) {
    if (s.passes_elsewhere(s.begin(), s.size())) return Confidence::low;
    return s.answered(s.size()) ? confidence : std::min(confidence, Confidence::medium);
}

/// How often the last packet was said again since its sender's peer was heard, and for how long. `original`:
/// what was said before counts as the first time.
struct Times {
    unsigned n = 0;
    Duration took{};
};
Times said_again(const Story& s, std::size_t from, std::optional<Time> original, bool data) {
    const std::uint32_t seq = s.last().seq;
    Times t;
    Time first{}, latest = original.value_or(Time{});
    bool begun = original.has_value();
    for (std::size_t i = from; i < s.whole(); ++i) {
        if (s[i].seq != seq || (data && s[i].length() == 0)) continue;
        if (begun && s[i].time - latest < kApart) continue;
        latest = s[i].time;
        if (!std::exchange(begun, true)) continue;
        if (t.n++ == 0) first = latest;
    }
    t.took = latest - first;
    return t;
}

/// When the number was sent before the peer was heard last, if it was.
std::optional<Time> sent_before(const Story& s, std::size_t heard) {
    const Segment& t = s.last();
    for (std::size_t i = s.begin(); i <= heard; ++i)
        if (s[i].side == t.side && !later(s[i].seq, t.seq) && later(s[i].end(), t.seq)) return s[i].time;
    return std::nullopt;
}

Claim unheard(const Story& s, bool keep_alive) {
    const Segment& t = s.last();
    const Side p = other(t.side);
    const std::size_t begin = s.begin();
    const auto heard = s.last_of(p, s.size());
    if (t.syn || t.rst || !t.ack_bit) return no("a packet without a word");
    if (!heard) return no("its peer was never heard");
    if (s[*heard].window == 0) return no("its peer's window is closed");
    const auto sent = s.highest(t.side, begin, s.size(), false), acked = s.highest(p, begin, s.size(), true);
    if (!sent || !acked || !s.is_mutual(begin, s.size())) return no("no connection");
    if (s.is_over(begin, s.size())) return no("it is over");
    const bool asks = t.seq == *sent - 1 && t.payload <= 1 && !t.fin && *acked == *sent;
    if (keep_alive && !asks) return no("no keep-alive");
    if (!keep_alive && (asks || t.length() == 0 || later(t.end(), *sent))) return no("no repetition");
    const auto original = keep_alive ? std::optional(Time{}) : sent_before(s, *heard);
    const Times times = said_again(s, *heard + 1, original, !keep_alive);
    if (times.n < kTimes) return no(fmt::format("only {} times", times.n));
    if (times.took < kLong) return no("an answer may be on its way");
    return {{},
            {.lost = p,
             .confidence = limited(s, Confidence::high),
             .count = times.n,
             .expected = *sent,
             .seen = t.seq}};
}

/// Packets of x that passed just before its last one, before `to`, came from several distances: which one is
/// x's is open. A box need not look at each.
bool wavers(const Story& s, std::size_t to, Side x) {
    constexpr Duration kJustBefore = 2 * kTickLength;
    const auto last = s.last_of(x, to);
    for (std::size_t i = last.value_or(0); last && i-- > 0 && s[*last].time - s[i].time <= kJustBefore;)
        if (s[i].side == x && s[i].ttl != s[*last].ttl) return true;
    return false;
}

/// It came as far as x's packets do, and x had taken part: who only accepts may refuse in the end.
Confidence trust(const Story& s, std::size_t begin) {
    const Segment& rst = s.last();
    const auto before = s.last_of(rst.side, s.size());
    const auto answer = s.answered(s.size());
    const bool opener = answer && s[*answer].side != rst.side;
    const auto sent = s.highest(rst.side, begin, s.size(), false);
    const auto isn_end = answer ? s[*answer].seq + 1 : 0;
    const auto acked = s.highest(rst.side, begin, s.size(), true);
    const bool took_part =
        opener || !answer || (sent && later(*sent, isn_end)) || (acked && later(*acked, s[*answer].ack));
    return took_part && before && s[*before].ttl == rst.ttl ? Confidence::high : Confidence::medium;
}

Claim discovered(const Story& s) {
    const Segment& t = s.last();
    const Side x = t.side, y = other(x);
    if (!t.rst || t.ack_bit) return no("not such a RST");
    const auto from = s.begin();
    const auto acked_by_y = s.highest(y, from, s.size(), true),
               acked_by_x = s.highest(x, from, s.size(), true);
    const auto sent = s.highest(y, from, s.size(), false);
    if (!acked_by_y || !acked_by_x || !sent) return no("no connection");
    if (s.is_over(from, s.size())) return no("it was over");
    if (t.seq != *acked_by_y) return no("not at its ACK");
    const auto asked = s.last_of(y, s.size()), spoken = s.last_of(x, s.size());
    if (!asked || (spoken && *spoken > *asked)) return no("it had spoken since");
    for (std::size_t i = from; i < s.size(); ++i)
        if (s[i].side == x && s[i].fin) return no("it had closed");
    const bool outstanding = later(*sent, *acked_by_x), again = later(*sent, s[*asked].seq);
    if (!outstanding && !again) return no("nothing had been asked");
    unsigned repeats = 0;
    for (std::size_t i = spoken ? *spoken + 1 : from; i < s.size(); ++i) {
        const auto before = s.highest(y, from, i, false);
        repeats += before && s[i].side == y && later(*before, s[i].seq) ? 1 : 0;
    }
    return {{},
            {.lost = x,
             .confidence = limited(s, trust(s, from)),
             .either = wavers(s, s.size(), x),
             .count = repeats,
             .expected = *acked_by_y,
             .seen = t.seq}};
}

/// SYNs of x from `at` backwards, of which each but the first came after an answer in old numbers.
struct Knocks {
    std::size_t first = 0;
    unsigned after_answers = 0;
    bool from_afar = false;
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
    const auto old = s.highest(y, s.answered(first).value_or(0), first, true);
    if (!old) return false;
    for (std::size_t i = first; i < to; ++i)
        if (s[i].side == y && s[i].ack != *old) return false;
    return true;
}

/// Of x's SYNs since the connection was last spoken in, one came from another distance than what x said in
/// it.
bool from_afar(const Story& s, std::size_t first, Side x) {
    const auto own = s.last_of(x, first);
    for (std::size_t i = first; own && i < s.whole(); ++i)
        if (s[i].side == x && s[i].ttl != s[*own].ttl) return true;
    return false;
}

Claim stuck(const Story& s) {
    const Segment& t = s.last();
    const Side x = t.side;
    if (!t.syn || t.ack_bit) return no("not such a SYN");
    const auto k = knocks(s, s.size(), x);
    if (!k) return no("no run of SYNs");
    if (k->after_answers < kSyns) return no("only one answered SYN");
    if (!answers_are_old(s, k->first, s.size(), other(x))) return no("its peer answers in other numbers");
    const std::size_t begin = s.answered(k->first).value_or(0);
    if (s.is_over(begin, k->first) || !s.is_mutual(begin, k->first)) return no("nothing was open");
    const auto sent = s.highest(x, begin, k->first, false);
    return {{},
            {.lost = x,
             .confidence = limited(s, from_afar(s, k->first, x) ? Confidence::medium : Confidence::high),
             .either = wavers(s, k->first, x),
             .count = k->after_answers,
             .expected = sent.value_or(0),
             .seen = t.seq}};
}

Claim recovered(const Story& s) {
    const Segment& t = s.last();
    const Side x = t.side, y = other(x);
    const auto answer = s.answered(s.size());
    if (t.syn || t.rst || !answer || s[*answer].side != y) return no("no handshake");
    if (t.seq != s[*answer].ack || later(s[*answer].seq + 1, t.ack))
        return no("the handshake does not match");
    for (std::size_t i = *answer; i < s.size(); ++i)
        if (s[i].side == x && !s[i].syn && !s[i].rst) return no("it had been finished");
    std::size_t syn = *answer;
    while (syn-- > 0)
        if (s[syn].side == x && s[syn].syn && s[syn].seq + 1 == s[*answer].ack) break;
    if (syn >= *answer) return no("no SYN");
    std::size_t rst = syn;
    while (rst-- > 0)
        if (s[rst].side == x && (s[rst].rst || !s[rst].syn)) break;
    if (rst >= syn || !s[rst].rst) return no("no RST");
    const auto challenge = s.last_of(y, rst);
    if (!challenge || s[*challenge].ack != s[rst].seq) return no("a RST at no ACK of its peer's");
    for (std::size_t i = *challenge; i-- > 0;) {
        if (s[i].side != x || s[i].rst) continue;
        if (!s[i].syn) break;
        if (!s.is_mutual(s.answered(i).value_or(0), i)) return no("nothing had been open");
        return {{}, {.lost = x, .expected = t.end(), .seen = t.seq}};
    }
    return no("no SYN that was challenged");
}

Claim cut(const Story& s) {
    const Segment& t = s.last();
    if (t.syn || t.rst || !t.ack_bit) return no("not such a packet");
    std::size_t rst = s.size();
    std::optional<std::size_t> first;
    while (rst-- > 0) {
        if (s[rst].syn) break;
        if (s[rst].side == t.side && s[rst].rst) first = rst;
    }
    if (!first) return no("no RST in its name");
    const std::size_t begin = s.begin();
    if (s.is_over(begin, *first) || !s.is_mutual(begin, *first)) return no("nothing was open");
    const auto due = s.highest(other(t.side), begin, *first, true),
               own = s.highest(t.side, begin, *first, false);
    const bool exact = (due && s[*first].seq == *due) || (own && s[*first].seq == *own);
    const auto acked = s.highest(t.side, begin, s.size(), true),
               sent = s.highest(t.side, begin, s.size(), false);
    const bool says = t.length() != 0 && sent && later(t.end(), *sent);
    const bool news = says || (acked && later(t.ack, *acked));
    const bool much_later = t.time - s[*first].time >= kLong - kTickLength;
    const bool beyond = says && later(t.end(), s[*first].seq);
    if (exact ? !(says || (much_later && news)) : !(news && (beyond || much_later)))
        return no("it may have been under way");
    return {{},
            {.lost = other(t.side),
             .confidence = limited(s, exact ? Confidence::high : Confidence::medium),
             .expected = exact && sent ? *sent : s[*first].seq,
             .seen = t.seq}};
}

}  // namespace

Claim claim(const Story& s, Reason sign) {
    Claim c = no("no such verdict");
    if (sign == Reason::crash_reopen_recovered) c = recovered(s);
    if (sign == Reason::crash_reopen_stuck) c = stuck(s);
    if (sign == Reason::active_side_discovery) c = discovered(s);
    if (sign == Reason::unanswered_retransmission) c = unheard(s, false);
    if (sign == Reason::unanswered_keepalive) c = unheard(s, true);
    if (sign == Reason::made_by_middlebox) c = cut(s);
    c.found.sign = sign;
    c.found.ordinal = s.last().ordinal;
    return c;
}

}  // namespace ajar::signs
