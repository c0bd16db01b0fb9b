// The dialogues of failed attempts, segment by segment.
#include "generate/scenarios/failures.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;

// After the first, as Linux sends them.
constexpr std::array<Duration, kMostSyns> kSynAgain = {milliseconds(1000), milliseconds(2000),
                                                       milliseconds(3100), milliseconds(4100),
                                                       milliseconds(5100), milliseconds(7100)};
constexpr std::array<Duration, kMostSynAcks - 1> kSynAckAgain = {
    milliseconds(1000), milliseconds(3000), milliseconds(7300), milliseconds(15500), milliseconds(31600)};

void conclude(Draw& d, Script& s, Outcome outcome, Label label) {
    s.end(outcome);
    d.out.label = label;
}

}  // namespace

void filtered(Draw& d, Script& s, std::size_t retransmissions) {
    s.lose(End::client, kSyn);
    s.again(std::span(kSynAgain).first(retransmissions));
    conclude(d, s, Outcome::unanswered, Label::filtered);
}

void refused(Draw& d, Script& s) {
    s.emit(End::client, kSyn);
    s.ask_in_vain(milliseconds(1000));
    conclude(d, s, Outcome::refused, Label::closed);
}

void unreachable(Draw& d, Script& s) {
    const Step syn = s.emit(End::client, kSyn);
    s.report_unreachable(syn);
    s.passes();
    s.pause(milliseconds(1000));
    s.resend(syn);
    s.report_unreachable(syn);
    conclude(d, s, Outcome::unanswered, Label::unreachable);
}

void half_open_scan(Draw& d, Script& s) {
    s.say(End::client, kSyn);
    const Step syn_ack = s.emit(End::server, kSyn | kAck);
    s.deliver(syn_ack);
    for (;; s.pause(milliseconds(1000)), s.resend(syn_ack)) {
        if (!s.passes()) continue;
        s.emit(End::client, TcpFlags::kRst).options = 0;
        if (s.passes()) break;
    }
    conclude(d, s, Outcome::aborted, Label::half_open_scan);
}

void connect_scan(Draw& d, Script& s) {
    s.open();
    s.reset(End::client);
    conclude(d, s, Outcome::reset, Label::connect_scan);
}

void spoofed(Draw& d, Script& s, std::uint32_t syn_acks) {
    const Step syn = s.emit(End::client, kSyn);
    if (syn_acks == 0) return conclude(d, s, Outcome::unanswered, Label::spoofed_flood);
    s.deliver(syn);
    s.lose(End::server, kSyn | kAck);
    s.again(std::span(kSynAckAgain).first(syn_acks - 1));
    conclude(d, s, Outcome::half_open, Label::spoofed_flood);
}

void overflow(Draw& d, Script& s) {
    s.say(End::client, kSyn);
    const Step syn_ack = s.emit(End::server, kSyn | kAck);
    s.deliver(syn_ack);
    const auto answer = [&] {
        if (!s.passes()) return;
        s.emit(End::client, kAck);
        s.passes();
    };
    answer();
    for (const auto gap : {milliseconds(1000), milliseconds(2000), milliseconds(4000)}) {
        s.pause(gap);
        s.resend(syn_ack);
        answer();
    }
    conclude(d, s, Outcome::idle, Label::backlog_overflow);
}

void one_way(Draw& d, Script& s) {
    s.open();
    exchange(d, s);
    s.close(End::client);
    const auto hidden = d.n % 2 == 0 ? End::server : End::client;
    std::erase_if(d.out.steps, [=](const Step& step) { return step.from == hidden; });
    conclude(d, s, Outcome::one_way, Label::asymmetry);
}

}  // namespace ajar::gen
