// A sentence for each reason for which something is done about a connection.
#include "explain/causes.hpp"

#include <fmt/format.h>

#include "explain/words.hpp"
#include "export/human.hpp"

namespace ajar::explain {
namespace {

bool has_letter(const Incident& i, char letter) { return i.history.find(letter) != std::string::npos; }

std::string tell_half_closed(const Incident& i) {
    const bool by_client = has_letter(i, 'F'), by_server = has_letter(i, 'f');
    if (by_client == by_server) return "One end closed its direction (FIN), and nothing more came.";
    const Role closed = by_client ? kClient : kServer;
    return fmt::format("{} closed its direction (FIN), and {} neither went on nor closed its own.",
                       the(closed), the(peer(closed)));
}

std::string tell_mid_stream(const Incident& i) {
    for (const Role r : {kClient, kServer})
        if (i.sent[r].packets == 0 && i.sent[peer(r)].packets != 0)
            return fmt::format(
                "The connection was first seen in its middle, and {} was never heard: nobody vouched for "
                "what {} said.",
                the(r), the(peer(r)));
    return "The connection was first seen in its middle, and its ends never vouched for each other's "
           "numbers.";
}

/// The timer that ran out; the last packet that counts for it started it.
bool by_timer(Reason reason) {
    switch (reason) {
        case Reason::stale_syn_sent:
        case Reason::stale_syn_recv:
        case Reason::stale_rebirth:
        case Reason::stale_mid_stream:
        case Reason::idle:
        case Reason::half_closed_idle:
        case Reason::closing_idle:
        case Reason::unacknowledged_idle:
        case Reason::unverified_rst_idle:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string tell_cause(const Incident& i) {
    switch (i.reason) {
        case Reason::stale_syn_sent:
            return "The client's SYN was never answered.";
        case Reason::stale_syn_recv:
            return "The server answered the client's SYN, and its answer was never acknowledged.";
        case Reason::stale_mid_stream:
            return tell_mid_stream(i);
        case Reason::idle:
            return "Both ends fell silent, and each had acknowledged all that the other had sent.";
        case Reason::half_closed_idle:
            return tell_half_closed(i);
        case Reason::unacknowledged_idle:
            return "Data was not acknowledged, a window stayed closed, or an end asked again and again in "
                   "vain, and nothing has changed that.";
        case Reason::unverified_rst_idle:
            return "A RST came whose SEQ lies inside its receiver's window but is not exact, so that it need "
                   "not have been believed; then both ends fell silent.";
        case Reason::proven_dead:
            return "Ajar had asked both ends whether they still have the connection, and not both of them "
                   "have said so.";
        case Reason::one_way:
            return "The ends are silent or wait in vain, as far as can be told here: an end had acknowledged "
                   "data that was never seen, so one direction passes elsewhere.";
        case Reason::low_coverage:
            return "The ends are silent or wait in vain, as far as can be told here: words of other "
                   "connections with the same network pass elsewhere.";
        case Reason::embryonic_full:
            return "The store of unfinished handshakes was full, and this one was over already, or the "
                   "oldest.";
        case Reason::heaviest_network:
            return "The store of unfinished handshakes was full, and most of it was of this client's "
                   "network.";
        case Reason::reservation_lost:
            return "No place was left for connections whose handshake is complete, so the oldest unfinished "
                   "handshake gave its reservation up.";
        case Reason::backlog_freed:
            return "The service is flooded: what it had half open before gave way, so that its backlog is "
                   "free for those who prove themselves.";
        default:
            return fmt::format("{}.", sentence(i.reason));
    }
}

std::string tell_attempt(Attempt attempt) {
    switch (attempt) {
        case Attempt::silent:
            return "The client sent it once, and nothing came back (attempt: silent).";
        case Attempt::persistent:
            return "The client sent it more than once, so somebody waits for the answer (attempt: "
                   "persistent).";
        case Attempt::refused:
            return "The server refused it by a RST (attempt: refused).";
        case Attempt::unreachable:
            return "An ICMP error said that it does not reach the server (attempt: unreachable).";
        case Attempt::abandoned:
            return "The client said nothing after that, as one does whose address was forged (attempt: "
                   "abandoned).";
        case Attempt::aborted:
            return "The client refused the answer by a RST: it never meant to connect, or never asked "
                   "(attempt: aborted).";
        case Attempt::empty:
            return "It was closed without a byte of data (attempt: empty).";
        case Attempt::overflowed:
            return "The client did acknowledge, but the server said its SYN-ACK again as if it had not: its "
                   "backlog was full (attempt: overflowed).";
        case Attempt::one_sided:
            return "One end talks to a peer that is not heard: the other direction may pass elsewhere "
                   "(attempt: one_sided).";
        case Attempt::cut_short:
            return "It was over before the cause could show (attempt: cut_short).";
        default:
            return {};
    }
}

bool has_timer(const Incident& i) { return i.timer != TimerClass::untimed && i.timeout != Duration::zero(); }

std::string timer_text(const Incident& i) {
    return fmt::format("timer {0} (timeouts.{0}, {1} for this connection)", name(i.timer),
                       exporting::human_duration(i.timeout));
}

std::string tell_timer(const Incident& i) {
    if (!by_timer(i.reason) || !has_timer(i)) return {};
    return fmt::format("The {} ran out: it had run since {} at the latest.", timer_text(i),
                       about(i.time - i.timeout, i.time));
}

std::string tell_expected(const Incident& i) {
    const auto& [client, server] = i.expected;
    if (client && server)
        return fmt::format("By its highest ACK, the client expects SEQ {} next, and the server SEQ {}.",
                           *client, *server);
    const Role one = client ? kClient : kServer;
    if (!i.expected[one]) return {};
    return fmt::format("By its highest ACK, {} expects SEQ {} next; {} has acknowledged nothing.", the(one),
                       *i.expected[one], the(peer(one)));
}

}  // namespace ajar::explain
