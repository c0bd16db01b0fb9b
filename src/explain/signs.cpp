// A sentence for each verdict, as tcp/signs.hpp comes to it.
#include "explain/signs.hpp"

#include <fmt/format.h>

#include <optional>

#include "explain/words.hpp"

namespace ajar::explain {
namespace {

/// Who has lost the connection. Where both have, the first.
Role loser(const Suspected& s) { return s.lost[kClient] ? kClient : kServer; }
bool both_lost(const Suspected& s) { return s.lost[kClient] && s.lost[kServer]; }

std::string tell_stuck(const Suspected& s, Role x) {
    return fmt::format(
        "{} has lost the connection and tries to open it anew, but {} still has it: its SYN (SEQ {}, where "
        "SEQ {} was due) was answered by a challenge ACK, which calls for a RST; instead of that the SYN "
        "came again, {}.",
        the(x), the(peer(x)), s.seen, s.expected, times(s.count));
}

std::string tell_recovered(const Suspected& s, Role x) {
    const auto before = s.replaces.empty() ? "the connection before this one"
                                           : fmt::format("connection {}, before this one,", s.replaces);
    return fmt::format(
        "{} had lost {} and opened it anew: its SYN was answered by a challenge ACK, which it refused by the "
        "exact RST; that freed {}, and the next SYN began this connection. Its handshake was complete with "
        "SEQ {}.",
        the(x), before, the(peer(x)), s.seen);
}

std::string tell_discovery(const Suspected& s, Role x) {
    const auto asked =
        s.count == 0 ? std::string() : fmt::format(", and had asked {} before", times(s.count));
    return fmt::format(
        "{0} asked for an answer{1}; {2} gave the RST of a host that has no such connection: SEQ {3}, which "
        "is the ACK of what it answers, and no ACK of its own (RFC 9293 3.10.7.1). SEQ {4} was due.",
        the(peer(x)), asked, the(x), s.seen, s.expected);
}

std::string tell_asked_and_gone(const Suspected& s, Role x) {
    return fmt::format(
        "{} answered Ajar's probe by the RST of a host that has no such connection; its SEQ {} is the one "
        "that was due.",
        the(x), s.seen);
}

std::string tell_repeats(const Suspected& s, Role x) {
    return fmt::format(
        "{0} sent the same data or FIN (SEQ {1}) again and again, {2} after the first time, and nothing came "
        "back from {3}. It had sent all up to SEQ {4}.",
        the(peer(x)), s.seen, times(s.count), the(x), s.expected);
}

std::string tell_keepalives(const Suspected& s, Role x) {
    return fmt::format(
        "{} asked {} whether its peer is still there (keep-alives with SEQ {}, one below the SEQ {} that it "
        "would send next), and nothing came back from {}.",
        the(peer(x)), times(s.count), s.seen, s.expected, the(x));
}

/// Whose number the evidence has: of two that were silent, it tells one.
std::optional<Role> asked_by_number(const Incident& i, const Suspected& s, Role x) {
    if (!both_lost(s)) return x;
    for (const Role r : {kClient, kServer})
        if (i.expected[r] == s.expected) return r;
    return std::nullopt;
}

std::string tell_silence(const Incident& i, const Suspected& s, Role x) {
    const auto who = both_lost(s) ? std::string_view("neither end") : the(x);
    std::string out = fmt::format("{} {} Ajar, which asked {}", who,
                                  both_lost(s) ? "answered" : "did not answer", times(s.count));
    if (const auto asked = asked_by_number(i, s, x))
        out += fmt::format(
            ": its probes to {} had SEQ {}, one below the SEQ {} that it expects, and a host "
            "that has the connection answers them",
            the(*asked), s.seen, s.expected);
    return out + ".";
}

std::string tell_cut(const Suspected& s, Role x) {
    return fmt::format(
        "A RST in the name of {0} (SEQ {1}) went to {2}, but {0} goes on as if it had sent none: SEQ {3} "
        "came from it afterwards. So somebody in between has sent the RST.",
        the(peer(x)), s.expected, the(x), s.seen);
}

std::string tell_verdict(const Incident& i, const Suspected& s) {
    const Role x = loser(s);
    switch (s.sign) {
        case Reason::crash_reopen_stuck:
            return tell_stuck(s, x);
        case Reason::crash_reopen_recovered:
            return tell_recovered(s, x);
        case Reason::active_side_discovery:
            return i.kind == EventKind::probed ? tell_asked_and_gone(s, x) : tell_discovery(s, x);
        case Reason::unanswered_retransmission:
            return tell_repeats(s, x);
        case Reason::unanswered_keepalive:
            return tell_keepalives(s, x);
        case Reason::silent_after_probe:
            return tell_silence(i, s, x);
        case Reason::made_by_middlebox:
            return tell_cut(s, x);
        default:
            return fmt::format("{}.", sentence(s.sign));
    }
}

/// Something else could look the same.
std::string tell_medium(Reason sign) {
    switch (sign) {
        case Reason::active_side_discovery:
            return "a server whose accept queue is full refuses in the same way, and so does a box in "
                   "between (the RST came from another distance, or that end had said nothing since its "
                   "handshake, or the handshake was not seen).";
        case Reason::crash_reopen_stuck:
            return "the SYNs came from another distance, so somebody else may have sent them, or the "
                   "handshake was not seen.";
        case Reason::made_by_middlebox:
            return "the RST was not exact, or the handshake was not seen.";
        case Reason::silent_after_probe:
            return "where neither end answers, the way to both may be broken.";
        default:
            return "the handshake of this connection was not seen.";
    }
}

std::string tell_low(Visibility visibility) {
    if (visibility == Visibility::low_coverage)
        return "words of other connections with that network are known to pass elsewhere, so what looks "
               "unanswered may have been answered.";
    return "one direction is known to pass elsewhere, so what looks unanswered may have been answered.";
}

/// Nothing where there is no doubt.
std::string tell_doubt(const Suspected& s) {
    if (s.confidence == Confidence::low) return "Confidence is low: " + tell_low(s.visibility);
    return s.confidence == Confidence::medium ? "Confidence is medium: " + tell_medium(s.sign)
                                              : std::string();
}

}  // namespace

std::vector<std::string> tell_signs(const Incident& i) {
    if (!i.suspected) return {};
    const Suspected& s = *i.suspected;
    std::vector<std::string> out;
    if (s.sign == Reason::none) {
        out.push_back("The connection is under suspicion, but its packets have proved nothing.");
    } else {
        out.push_back(tell_verdict(i, s));
        if (auto doubt = tell_doubt(s); !doubt.empty()) out.push_back(std::move(doubt));
    }
    if (s.began != Time{} && s.began < i.time)
        out.push_back(fmt::format("The first sign of it was seen at {}.", about(s.began, i.time)));
    return out;
}

}  // namespace ajar::explain
