// Connections that end without a word: gone idle, half closed, or left behind in numbers.
#include "generate/scenarios/all.hpp"

namespace ajar::gen {

void idle(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    s.end(Outcome::idle);
}

/// The client has asked its all; the server answers in its own time. One in three never finishes.
void halfclosed(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    s.send(End::client, d.rng.between(100, 1200));
    s.half_close(End::client);
    for (auto chunks = d.rng.between(3, 8); chunks > 0; --chunks) {
        s.pause_up_to(2000);
        s.send(End::server, d.rng.between(500, 5000));
    }
    if (d.rng.below(3) == 0) return s.end(Outcome::half_closed);
    s.say(End::server, TcpFlags::kFin | kAck);
    s.say(End::client, kAck);
    s.end(Outcome::closed);
}

/// As little as makes a confirmed flow; half of them are left behind.
void churn(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    if (d.rng.chance(500'000)) return s.end(Outcome::idle);
    s.send(End::client, 100);
    s.reset(End::client);
    s.end(Outcome::reset);
}

}  // namespace ajar::gen
