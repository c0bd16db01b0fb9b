// Connections that end without a word: gone idle, an end crashed, half closed, or left behind in numbers.
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kPsh = TcpFlags::kPsh;
constexpr std::array<Duration, 6> kDataAgain = {milliseconds(210),  milliseconds(630),  milliseconds(1470),
                                                milliseconds(3150), milliseconds(6510), milliseconds(13230)};
constexpr std::array<Duration, 5> kKeepAliveAgain = {seconds(10), seconds(20), seconds(30), seconds(40),
                                                     seconds(50)};

/// Data to an end that is gone.
void unanswered_data(Draw& d, Script& s) {
    s.lose(d.rng.chance(500'000) ? End::client : End::server, kAck | kPsh, d.rng.between(1, 1000));
    s.again(kDataAgain);
    s.end(Outcome::unacknowledged);
}

void unanswered_keep_alives(Script& s) {
    s.pause(seconds(10));
    s.emit(End::client, kAck).seq -= 1;
    s.again(kKeepAliveAgain);
    s.end(Outcome::idle);
}

/// The crashed client opens the same ports again and never says RST: the challenge ACKs lead nowhere.
void stuck(Script& s) {
    s.forget(End::client);
    const Step syn = s.emit(End::client, kSyn);
    s.emit(End::server, kAck);
    for (const auto gap : {seconds(1), seconds(2), seconds(4)}) {
        s.pause(gap);
        s.resend(syn);
        s.emit(End::server, kAck);
    }
    s.end(Outcome::idle);
}

/// The same with a client that answers the challenge ACK by the exact RST, and then gets through.
void recovered(Draw& d, Script& s) {
    s.forget(End::client);
    const Step syn = s.emit(End::client, kSyn);
    s.refuse(s.emit(End::server, kAck));
    s.end(Outcome::reset);
    s.forget(End::server);
    s.pause(seconds(1));
    s.resend(syn);
    s.deliver(syn);
    s.say(End::server, kSyn | kAck);
    s.say(End::client, kAck);
    exchange(d, s);
    s.close(End::client);
    s.end(Outcome::closed);
}

/// The living end speaks first and learns of the crash by the RST.
void discovered(Draw& d, Script& s) {
    s.pause(seconds(2));
    s.refuse(s.emit(End::server, kAck | kPsh, d.rng.between(1, 1000)));
    s.end(Outcome::reset);
}

}  // namespace

void idle(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    s.end(Outcome::idle);
}

void crash(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    switch (d.n % 5) {
        case 0:
            return unanswered_data(d, s);
        case 1:
            return unanswered_keep_alives(s);
        case 2:
            return stuck(s);
        case 3:
            return recovered(d, s);
        default:
            return discovered(d, s);
    }
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
