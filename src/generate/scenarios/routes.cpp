// Connections of which one direction passes elsewhere: from the start, or from some moment on.
#include <algorithm>

#include "generate/scenarios/all.hpp"
#include "generate/scenarios/failures.hpp"

namespace ajar::gen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What `speaker` sends is heard, and how its peer acknowledges it is not.
void upload(Draw& d, Script& s, End speaker) {
    for (auto n = d.rng.between(3, 8); n > 0; --n) {
        s.send(speaker, d.rng.between(1000, 40'000));
        s.pause_up_to(1500);
    }
}

/// The same data again and again, until an answer comes that nobody sees.
void stall(Draw& d, Script& s, End speaker) {
    constexpr std::array<Duration, 6> kAgain = {milliseconds(210),  milliseconds(630),  milliseconds(1470),
                                                milliseconds(3150), milliseconds(6510), milliseconds(13230)};
    const Step question = s.emit(speaker, kAck | kPsh, d.rng.between(1, 1000));
    s.passes();
    s.again(kAgain);
    s.deliver(question);
    s.say(peer(speaker), kAck);
    upload(d, s, speaker);
}

/// Questions whether anybody is there, of which the answers pass elsewhere.
void keep_alive(Draw& d, Script& s, End speaker) {
    for (auto n = d.rng.between(6, 12); n > 0; --n) {
        s.pause(seconds(5));
        s.emit(speaker, kAck).seq -= 1;
        if (!s.passes()) continue;
        s.emit(peer(speaker), kAck);
        s.passes();
    }
    s.send(speaker, 1000);
}

}  // namespace

void oneway(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    one_way(d, s);
}

/// Four in six go on sending and are acknowledged by another way: in turn the client uploads, and the server.
void rerouted(Draw& d) {
    set_endpoints(d);
    auto s = make_script(d);
    s.open();
    exchange(d, s);
    const auto moved = static_cast<std::ptrdiff_t>(d.out.steps.size());
    const End speaker = d.n % 2 == 0 ? End::client : End::server;
    switch (d.n / 2 % 6) {
        case 0:
            stall(d, s, speaker);
            break;
        case 1:
            keep_alive(d, s, speaker);
            break;
        default:
            upload(d, s, speaker);
    }
    s.close(speaker);
    s.end(Outcome::one_way);
    auto& steps = d.out.steps;
    steps.erase(std::remove_if(steps.begin() + moved, steps.end(),
                               [=](const Step& step) { return step.from == peer(speaker); }),
                steps.end());
}

}  // namespace ajar::gen
