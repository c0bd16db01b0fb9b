// Where what was told and what is shown are held against each other.
#include "checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "story.hpp"
#include "watch.hpp"

namespace ajar::signs {
namespace {

constexpr std::array kBySegments = {Reason::crash_reopen_recovered,    Reason::made_by_middlebox,
                                    Reason::crash_reopen_stuck,        Reason::unanswered_keepalive,
                                    Reason::unanswered_retransmission, Reason::active_side_discovery};

// The reader
// -------------------------------------------------------------------------------------------------

std::uint32_t number(std::span<const std::uint8_t> b, std::size_t at, std::size_t bytes) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < bytes; ++i) n = n << 8U | b[at + i];
    return n;
}

/// Where TCP is, and where the datagram ends.
struct Place {
    std::size_t tcp, end;
    std::uint8_t ttl;
};

std::optional<Place> place_v4(std::span<const std::uint8_t> ip) {
    if (ip.size() < 20 || ip[9] != 6) return std::nullopt;
    return Place{(ip[0] & 15U) * std::size_t{4}, number(ip, 2, 2), ip[8]};
}

/// Hop-by-hop, routing, destination options: eight bytes, and as many eights as they say.
std::optional<Place> place_v6(std::span<const std::uint8_t> ip) {
    if (ip.size() < 40) return std::nullopt;
    std::size_t at = 40;
    std::uint8_t next = ip[6];
    while (next == 0 || next == 43 || next == 60) {
        if (at + 8 > ip.size()) return std::nullopt;
        next = ip[at];
        at += 8 + std::size_t{ip[at + 1]} * 8;
    }
    if (next != 6) return std::nullopt;
    return Place{at, 40 + number(ip, 4, 2), ip[7]};
}

bool read(std::span<const std::uint8_t> ip, Segment& s) {
    if (ip.empty()) return false;
    const auto place = ip[0] >> 4U == 4 ? place_v4(ip) : place_v6(ip);
    if (!place || place->tcp + 20 > ip.size()) return false;
    const auto tcp = ip.subspan(place->tcp);
    const std::size_t header = (tcp[12] >> 4U) * std::size_t{4};
    if (place->tcp + header > place->end) return false;
    const std::uint8_t flags = tcp[13];
    s.fin = (flags & 1U) != 0;
    s.syn = (flags & 2U) != 0;
    s.rst = (flags & 4U) != 0;
    s.ack_bit = (flags & 16U) != 0;
    s.seq = number(tcp, 4, 4);
    s.ack = number(tcp, 8, 4);
    s.window = static_cast<std::uint16_t>(number(tcp, 14, 2));
    s.payload = static_cast<std::uint32_t>(place->end - place->tcp - header);
    s.ttl = place->ttl;
    return true;
}

// The record
// -------------------------------------------------------------------------------------------------

bool same(const Glimpse& a, const Segment& b) {
    return a.time == b.time && a.seq == b.seq && a.ack == b.ack && a.payload == std::min(b.payload, 65535U) &&
           a.window == b.window && a.ttl == b.ttl && a.flags.syn() == b.syn && a.flags.rst() == b.rst &&
           a.flags.fin() == b.fin && a.flags.ack() == b.ack_bit;
}

/// Its packets are the last ones of the capture, each way, in their order.
std::string record_of(const Story& s, const FlowEvidence& told) {
    for (const Side side : {Side{0}, Side{1}}) {
        std::size_t i = s.whole();
        for (std::size_t kept = told.kept[side]; kept-- > 0;) {
            while (i-- > 0)
                if (s[i].side == side) break;
            if (i >= s.whole()) return "it names a packet too many";
            if (!same(told.last[side][kept], s[i])) return "it names a packet that is not there";
        }
    }
    if (told.kept[s.last().side] == 0) return "it does not name the last packet";
    return told.began > s.last().time ? "it began later" : "";
}

std::string differs(const Finding& found, const FlowEvidence& told) {
    if (told.lost != 1U << found.lost) return "the wrong end";
    const bool moderate = told.confidence == Confidence::high || told.confidence == Confidence::medium;
    const bool open = found.either && moderate && found.confidence >= Confidence::medium;
    if (!open && told.confidence > found.confidence)
        return fmt::format("no more than {}", name(found.confidence));
    if (!open && told.confidence < found.confidence) return fmt::format("it is {}", name(found.confidence));
    if (told.count != found.count) return fmt::format("{} times", found.count);
    if (told.expected != found.expected) return fmt::format("{} was due", found.expected);
    return told.seen == found.seen ? "" : fmt::format("{} came", found.seen);
}

// All of a tuple's
// -------------------------------------------------------------------------------------------

/// Cheap, and true of every packet that completes a verdict.
bool may_complete(std::span<const Segment> all, std::size_t i) {
    const Segment& g = all[i];
    if (g.rst || g.syn) return true;
    constexpr std::size_t kOfOne = 4;  // and this one: five in vain
    const std::size_t from = i < kOfOne ? 0 : i - kOfOne;
    const auto near = all.subspan(from, i - from);
    const bool alone =
        std::all_of(near.begin(), near.end(), [&](const Segment& s) { return s.side == g.side; });
    return alone || std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                [&](const Segment& s) { return s.rst && s.side == g.side; });
}

/// What was told holds until whoever has lost it speaks: till then it is not told again.
bool goes_on(const Finding& before, const Finding& now, std::span<const Segment> all) {
    if (before.sign != now.sign || before.lost != now.lost) return false;
    return std::none_of(all.begin(), all.end(), [&](const Segment& s) {
        const bool within = s.ordinal > before.ordinal && s.ordinal < now.ordinal;
        return within && s.side == now.lost && !s.syn;
    });
}

std::vector<Finding> findings(const Segments& all) {
    std::vector<Finding> out;
    std::optional<Finding> latest;
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (!may_complete(all, i)) continue;
        const Story story(std::span<const Segment>(all).first(i + 1));
        for (const Reason sign : kBySegments) {
            const Claim c = claim(story, sign);
            if (!c.objection.empty()) continue;
            if (!latest || !goes_on(*latest, c.found, all)) out.push_back(c.found);
            latest = c.found;
            break;
        }
    }
    return out;
}

}  // namespace

bool Checker::Less::operator()(const Key& a, const Key& b) const {
    if (a.first != b.first) return a.first < b.first;
    return std::memcmp(&a.second, &b.second, sizeof a.second) < 0;
}

void Checker::see(const Packet& p, std::span<const std::uint8_t> frame) {
    Segment s{};
    s.time = p.time;
    s.ordinal = p.ordinal;
    s.side = p.side;
    if (p.l3_offset > frame.size() || !read(frame.subspan(p.l3_offset), s)) {
        ++unread_;
        return;
    }
    tuples_[{p.family, wide_key(p)}].push_back(s);
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
    const Story story(std::span<const Segment>(all).first(static_cast<std::size_t>(last - all.begin()) + 1));
    if (auto objection = record_of(story, event.evidence); !objection.empty())
        return "the record: " + objection;
    const Claim c = claim(story, event.evidence.sign);
    return c.objection.empty() ? differs(c.found, event.evidence) : c.objection;
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
    const Confidence due = told.lost == 3 ? Confidence::medium : Confidence::high;
    if (told.confidence != due) return fmt::format("it is {}", name(due));
    const std::uint32_t number = acked[(told.lost & 1U) != 0 ? 0 : 1];
    return told.expected == number && told.seen == number - 1 ? "" : "it expects another number";
}

std::vector<std::string> Checker::missed(std::span<const Event> told) const {
    std::set<std::pair<std::uint64_t, Reason>> known;
    for (const Event& e : told) known.emplace(e.ordinal, e.evidence.sign);
    std::vector<std::string> out;
    for (const auto& [key, all] : tuples_) {
        for (const Finding& f : findings(all)) {
            if (known.count({f.ordinal, f.sign}) != 0) continue;
            out.push_back(fmt::format("{}/{} at packet {}, port {} to {}", name(f.sign), name(f.confidence),
                                      f.ordinal, key.second.port[0].value(), key.second.port[1].value()));
        }
    }
    return out;
}

std::uint64_t Checker::shown() const {
    std::uint64_t n = 0;
    for (const auto& [key, all] : tuples_) n += findings(all).size();
    return n;
}

}  // namespace ajar::signs
