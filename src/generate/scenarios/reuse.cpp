// The same ports again: while the old connection is in TIME_WAIT, after a RST, from the other side, and by an
// old duplicate.
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

void first_connection(Draw& d, Script& s, bool by_reset) {
    s.open();
    exchange(d, s);
    by_reset ? s.reset(End::client) : s.close(End::client);
    s.end(by_reset ? Outcome::reset : Outcome::closed);
    s.pause_up_to(5000);
}

void second_connection(Draw& d, Script& s) {
    s.forget(End::client);
    s.forget(End::server);
    s.open();
    exchange(d, s);
    s.close(End::server);
    s.end(Outcome::closed);
}

/// The server opens to the port that the client has just left.
void reversed(Draw& d, Script& s) {
    s.forget(End::client);
    s.forget(End::server);
    s.say(End::server, kSyn);
    s.say(End::client, kSyn | kAck);
    s.say(End::server, kAck);
    s.send(End::server, d.rng.between(100, 1200));
    s.close(End::server);
    s.end(Outcome::closed);
}

/// A SYN that wandered about: lower than all that was used since. The end in TIME_WAIT says where it stands.
void old_duplicate(Script& s) {
    const auto last = s.snd_nxt(End::client);
    Step& syn = s.emit(End::client, kSyn);
    syn.seq = last - 1'000'000;
    syn.ts_value -= 100'000;
    if (s.passes()) s.emit(End::server, kAck);
}

}  // namespace

void reuse(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    first_connection(d, s, d.n % 4 == 1);
    switch (d.n % 4) {
        case 2:
            return reversed(d, s);
        case 3:
            return old_duplicate(s);
        default:
            return second_connection(d, s);
    }
}

}  // namespace ajar::gen
