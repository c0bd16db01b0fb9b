// Whole connections with what resembles the signs of half-open ones.
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void finish(Script& s) {
    s.close(End::client);
    s.end(Outcome::closed);
}

/// The server reads nothing for a while, and does not answer all of the client's questions.
void closed_window(Draw& d, Script& s) {
    s.say(End::client, kAck | kPsh, 1000);
    s.emit(End::server, kAck).window = 0;
    for (int i = 0; i < 8; ++i) {
        s.pause(milliseconds(200) * (1 << i));
        s.emit(End::client, kAck).seq -= 1;
        if (d.rng.below(4) == 0) s.emit(End::server, kAck).window = 0;
    }
    s.say(End::server, kAck);
    s.say(End::client, kAck | kPsh, 500);
    s.say(End::server, kAck);
    finish(s);
}

void kept_alive(Draw& d, Script& s) {
    for (auto n = d.rng.between(6, 12); n > 0; --n) {
        s.pause(seconds(5));
        s.emit(End::client, kAck).seq -= 1;
        s.say(End::server, kAck);
    }
    finish(s);
}

/// An application that aborts while data is under way.
void aborted(Draw& d, Script& s) {
    s.emit(End::server, kAck | kPsh, d.rng.between(1, 1000));
    s.reset(End::client);
    s.end(Outcome::reset);
}

/// An end that has closed refuses what comes late.
void refuses_late_data(Draw& d, Script& s) {
    s.half_close(End::client);
    s.pause_up_to(1000);
    s.refuse(s.emit(End::server, kAck | kPsh, d.rng.between(1, 1000)));
    s.end(Outcome::reset);
}

/// The answer comes in the end.
void slow_answer(Draw& d, Script& s) {
    constexpr std::array<Duration, 4> kAgain = {milliseconds(210), milliseconds(630), milliseconds(1470),
                                                milliseconds(3150)};
    s.say(End::client, kAck | kPsh, d.rng.between(1, 1000));
    s.again(kAgain);
    s.say(End::server, kAck);
    finish(s);
}

/// A SYN of somebody else's inside, again and again; both ends go on.
void forged_syns(Draw& d, Script& s) {
    for (int i = 0; i < 3; ++i) {
        s.pause_up_to(1000);
        Step& syn = s.emit(End::client, kAck);  // which leaves the client's own numbers where they are
        syn.flags = kSyn;
        syn.ack = 0;
        syn.options = 0;
        syn.seq += 1000 + d.rng.below(1'000'000);
        s.emit(End::server, kAck);
        s.say(End::client, kAck | kPsh, d.rng.between(1, 1000));
        s.say(End::server, kAck);
    }
    finish(s);
}

}  // namespace

/// Its SYN and the answer get lost at first.
void lookalike(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    constexpr std::array<Duration, 3> kOpenAgain = {seconds(1), seconds(3), seconds(7)};
    s.say(End::client, kSyn);
    if (d.n % 7 == 6) s.again(kOpenAgain);
    s.say(End::server, kSyn | kAck);
    if (d.n % 7 == 6) s.again(kOpenAgain);
    s.say(End::client, kAck);
    exchange(d, s);
    switch (d.n % 7) {
        case 0:
            return closed_window(d, s);
        case 1:
            return kept_alive(d, s);
        case 2:
            return aborted(d, s);
        case 3:
            return refuses_late_data(d, s);
        case 4:
            return slow_answer(d, s);
        case 5:
            return forged_syns(d, s);
        default:
            return finish(s);
    }
}

}  // namespace ajar::gen
