// Handshakes that come to nothing, each for its own cause: floods, scans, and the causes an honest client
// meets.
#include "ajar/packet/packet.hpp"
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;

constexpr auto kSyn = TcpFlags::kSyn;
constexpr auto kAck = TcpFlags::kAck;
// After the first, as Linux sends them.
constexpr std::array<Duration, 6> kSynAgain = {milliseconds(1000), milliseconds(2000), milliseconds(3100),
                                               milliseconds(4100), milliseconds(5100), milliseconds(7100)};
constexpr std::array<Duration, 5> kSynAckAgain = {milliseconds(1000), milliseconds(3000), milliseconds(7300),
                                                  milliseconds(15500), milliseconds(31600)};

void unanswered(Script& s, std::size_t retransmissions) {
    s.say(End::client, kSyn);
    s.again(std::span(kSynAgain).first(retransmissions));
    s.end(Outcome::unanswered);
}

void refused(Script& s) {
    s.refuse(s.emit(End::client, kSyn));
    s.end(Outcome::refused);
}

void half_open_scan(Script& s) {
    s.say(End::client, kSyn);
    s.say(End::server, kSyn | kAck);
    s.emit(End::client, TcpFlags::kRst).options = 0;
    s.end(Outcome::aborted);
}

void connect_scan(Script& s) {
    s.open();
    s.reset(End::client);
    s.end(Outcome::reset);
}

void spoofed(Script& s, std::uint32_t syn_acks) {
    if (syn_acks == 0) return unanswered(s, 0);
    s.say(End::client, kSyn);
    s.say(End::server, kSyn | kAck);
    s.again(std::span(kSynAckAgain).first(syn_acks - 1));
    s.end(Outcome::half_open);
}

/// The server's accept queue is full: it ignores the last ACK and sends its SYN-ACK again.
void overflow(Script& s) {
    s.say(End::client, kSyn);
    const Step syn_ack = s.emit(End::server, kSyn | kAck);
    s.deliver(syn_ack);
    s.emit(End::client, kAck);
    for (const auto gap : {milliseconds(1000), milliseconds(2000), milliseconds(4000)}) {
        s.pause(gap);
        s.resend(syn_ack);
        s.emit(End::client, kAck);
    }
    s.end(Outcome::idle);
}

/// The other direction passes elsewhere: the box sees one end talk to itself.
void one_way(Draw& d, Script& s) {
    s.open();
    exchange(d, s);
    s.close(End::client);
    const auto hidden = d.n % 2 == 0 ? End::server : End::client;
    std::erase_if(d.out.steps, [=](const Step& step) { return step.from == hidden; });
    s.end(Outcome::one_way);
}

}  // namespace

void flood(Draw& d) {
    set_spoofed(d);
    auto s = make_script(d);
    spoofed(s, d.options.syn_acks);
}

/// One port in ten is open, three in ten are filtered. Every fourth probe comes from a connect scan.
void scan(Draw& d) {
    const bool connects = d.n % 4 == 3;
    set_scanner(d, connects ? 1 : 0);
    auto s = make_script(d);
    const auto port = d.rng.below(10);
    if (port < 6) return refused(s);
    if (port < 9) return unanswered(s, 1);
    connects ? connect_scan(s) : half_open_scan(s);
}

void embryonic(Draw& d) {
    const auto cause = d.n % 6;
    cause == 0 ? set_spoofed(d) : cause == 1 ? set_scanner(d, 0) : set_endpoints(d);
    auto s = make_script(d);
    switch (cause) {
        case 0:
            return spoofed(s, kSynAckAgain.size() + 1);
        case 1:
            return half_open_scan(s);
        case 2:
            return refused(s);
        case 3:
            return unanswered(s, kSynAgain.size());
        case 4:
            return overflow(s);
        default:
            return one_way(d, s);
    }
}

}  // namespace ajar::gen
