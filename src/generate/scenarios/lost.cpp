// An end loses the connection, and the other one does not know.
#include "generate/scenarios/lost.hpp"

#include <algorithm>

#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<Duration, 6> kDataAgain = {milliseconds(210),  milliseconds(630),  milliseconds(1470),
                                                milliseconds(3150), milliseconds(6510), milliseconds(13230)};
constexpr std::array<Duration, 5> kKeepAliveAgain = {seconds(10), seconds(20), seconds(30), seconds(40),
                                                     seconds(50)};

End draw_end(Draw& d) { return d.rng.chance(500'000) ? End::client : End::server; }

/// How it will show, and which end has lost it.
void tell(Draw& d, Reason sign, End lost) {
    d.out.sign = sign;
    d.out.lost = lost;
}

/// The challenge comes to the end that has opened anew, and its RST to the one that has challenged.
bool is_refused(Script& s, Step challenge) {
    if (!s.passes()) return false;
    s.refuse(challenge);
    return s.passes();
}

}  // namespace

void unanswered_data(Draw& d, Script& s) {
    const End survivor = draw_end(d);
    tell(d, Reason::unanswered_retransmission, peer(survivor));
    const bool fin = d.n % 4 == 3;
    if (fin) {
        s.lose(survivor, kFin | kAck);
    } else {
        s.lose(survivor, kAck | kPsh, d.rng.between(1, 1000));
    }
    s.again(kDataAgain);
    s.end(fin ? Outcome::half_closed : Outcome::unacknowledged);
}

void unanswered_keep_alives(Draw& d, Script& s) {
    const End survivor = d.n % 2 == 0 ? End::server : End::client;
    tell(d, Reason::unanswered_keepalive, peer(survivor));
    s.pause(seconds(10));
    Step& asks = s.emit(survivor, kAck);
    asks.seq -= 1;
    asks.payload = d.rng.below(2);
    s.passes();
    s.again(kKeepAliveAgain);
    s.end(Outcome::idle);
}

void stuck(Draw& d, Script& s) {
    tell(d, Reason::crash_reopen_stuck, End::client);
    s.pause_up_to(5000);
    s.forget(End::client);
    const Step syn = s.emit(End::client, kSyn);
    for (unsigned answered = 0, n = 0;; ++n) {
        if (s.passes()) {
            s.emit(End::server, kAck);
            answered += s.passes() ? 1 : 0;
        }
        if (answered == 4) break;
        s.pause(seconds(1U << std::min(n, 5U)));
        s.resend(syn);
    }
    s.end(Outcome::idle);
}

void recovered(Draw& d, Script& s) {
    tell(d, Reason::crash_reopen_recovered, End::client);
    s.pause_up_to(5000);
    s.forget(End::client);
    const Step syn = s.emit(End::client, kSyn);
    for (bool freed = false; !freed; s.resend(syn)) {
        if (s.passes()) freed = is_refused(s, s.emit(End::server, kAck));
        s.pause(seconds(1));
    }
    s.end(Outcome::reset);
    s.forget(End::server);
    s.carry();
    s.say(End::server, kSyn | kAck);
    s.say(End::client, kAck);
    exchange(d, s);
    s.close(End::client);
    s.end(Outcome::closed);
}

void silent(Draw& d, Script& s) {
    tell(d, Reason::silent_after_probe, draw_end(d));
    s.end(Outcome::idle);
}

void discovered(Draw& d, Script& s) {
    const End survivor = draw_end(d);
    tell(d, Reason::active_side_discovery, peer(survivor));
    s.pause_up_to(5000);
    const bool keep_alive = d.rng.below(3) == 0;
    Step& asks = s.emit(survivor, kAck | kPsh, keep_alive ? 0 : d.rng.between(1, 1000));
    if (keep_alive) asks.seq -= 1;
    s.ask_in_vain(keep_alive ? Duration(seconds(10)) : milliseconds(220));
    s.end(Outcome::reset);
}

void cut(Draw& d, Script& s) {
    const End speaker = draw_end(d);
    tell(d, Reason::made_by_middlebox, peer(speaker));
    s.pause_up_to(2000);
    s.emit(speaker, d.rng.chance(500'000) ? kRst : kRst | kAck);
    s.pause_up_to(3000);
    if (d.rng.chance(500'000)) {
        s.emit(speaker, kAck | kPsh, d.rng.between(1, 1000));
        s.ask_in_vain(milliseconds(220));
    } else {  // the RST never came through, and both go on
        s.pause(seconds(1));
        s.say(peer(speaker), kAck | kPsh, d.rng.between(1, 1000));
        s.say(speaker, kAck);
    }
    s.end(Outcome::reset);
}

void crash(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    constexpr std::array kSigns = {unanswered_data, unanswered_keep_alives, stuck, recovered, discovered};
    kSigns[d.n % kSigns.size()](d, s);
}

namespace {

template <void (*Sign)(Draw&, Script&)>
void after_exchange(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    Sign(d, s);
}

}  // namespace

void unheard(Draw& d) { after_exchange<unanswered_data>(d); }
void vanished(Draw& d) { after_exchange<silent>(d); }
void unkept(Draw& d) { after_exchange<unanswered_keep_alives>(d); }
void shut_out(Draw& d) { after_exchange<stuck>(d); }
void reopened(Draw& d) { after_exchange<recovered>(d); }
void refused_late(Draw& d) { after_exchange<discovered>(d); }
void cut_through(Draw& d) { after_exchange<cut>(d); }

}  // namespace ajar::gen
