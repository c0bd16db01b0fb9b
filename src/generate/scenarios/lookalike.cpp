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
    s.carry();
    for (int i = 0; i < 8; ++i) {
        s.pause(milliseconds(200) * (1 << i));
        s.emit(End::client, kAck).seq -= 1;
        if (!s.passes() || d.rng.below(4) != 0) continue;
        s.emit(End::server, kAck).window = 0;
        s.passes();
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
        if (!s.passes()) continue;
        s.emit(End::server, kAck);
        s.passes();
    }
    finish(s);
}

/// An application that aborts while data is under way.
void aborted(Draw& d, Script& s) {
    s.emit(End::server, kAck | kPsh, d.rng.between(1, 1000));
    s.passes();
    s.reset(End::client);
    s.end(Outcome::reset);
}

/// An end that has closed refuses what comes late.
void refuses_late_data(Draw& d, Script& s) {
    s.half_close(End::client);
    s.pause_up_to(1000);
    s.emit(End::server, kAck | kPsh, d.rng.between(1, 1000));
    s.ask_in_vain(milliseconds(220));
    s.end(Outcome::reset);
}

/// The answer comes in the end.
void slow_answer(Draw& d, Script& s) {
    constexpr std::array<Duration, 4> kAgain = {milliseconds(210), milliseconds(630), milliseconds(1470),
                                                milliseconds(3150)};
    const Step question = s.emit(End::client, kAck | kPsh, d.rng.between(1, 1000));
    s.passes();
    s.again(kAgain);
    s.deliver(question);
    s.emit(End::server, kAck);
    if (!s.passes()) s.say(End::server, kAck | kPsh, 100);  // before the client's next repetition
    finish(s);
}

/// Lost at first, and at last it arrives.
void late(Script& s, End from, std::uint8_t flags) {
    constexpr std::array<Duration, 3> kAgain = {seconds(1), seconds(3), seconds(7)};
    const Step segment = s.emit(from, flags);
    s.passes();
    s.again(kAgain);
    s.deliver(segment);
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
        if (s.passes()) {
            s.emit(End::server, kAck);
            s.passes();
        }
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
    if (d.n % 7 == 6) {
        late(s, End::client, kSyn);
        late(s, End::server, kSyn | kAck);
        s.say(End::client, kAck);
    } else {
        s.open();
    }
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
