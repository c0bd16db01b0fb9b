// Handshakes that come to nothing: floods, scans of every kind of port, and the causes that an honest client
// meets, one by one or in turn.
#include "generate/scenarios/all.hpp"
#include "generate/scenarios/failures.hpp"

namespace ajar::gen {
namespace {

// Where the clients of the scenarios of one cause want to go: always to the same place.
constexpr std::uint16_t kNobodyListens = 8081, kDropped = 8443, kCrowded = 5432, kFarAway = 9;

Script to_service(Draw& d, std::uint16_t port) {
    set_customer(d, port);
    return make_script(d);
}

}  // namespace

void flood(Draw& d) {
    set_spoofed(d);
    auto s = make_script(d);
    spoofed(d, s, d.options.syn_acks);
}

/// One port in ten is open, three in ten are filtered. Every fourth probe comes from a connect scan.
void scan(Draw& d) {
    const bool connects = d.n % 4 == 3;
    set_scanner(d, connects ? 1 : 0);
    auto s = make_script(d);
    const auto port = d.rng.below(10);
    if (port < 6) return refused(d, s);
    if (port < 9) return filtered(d, s, 1);
    connects ? connect_scan(d, s) : half_open_scan(d, s);
}

void embryonic(Draw& d) {
    const auto cause = d.n % 6;
    cause == 0 ? set_spoofed(d) : cause == 1 ? set_scanner(d, 0) : set_endpoints(d);
    auto s = make_script(d);
    switch (cause) {
        case 0:
            return spoofed(d, s, kMostSynAcks);
        case 1:
            return half_open_scan(d, s);
        case 2:
            return refused(d, s);
        case 3:
            return filtered(d, s, kMostSyns);
        case 4:
            return overflow(d, s);
        default:
            return one_way(d, s);
    }
}

void closed(Draw& d) {
    auto s = to_service(d, kNobodyListens);
    refused(d, s);
}

void unanswered(Draw& d) {
    auto s = to_service(d, kDropped);
    filtered(d, s, kMostSyns);
}

void crowded(Draw& d) {
    auto s = to_service(d, kCrowded);
    overflow(d, s);
}

void faraway(Draw& d) {
    auto s = to_service(d, kFarAway);
    unreachable(d, s);
}

}  // namespace ajar::gen
