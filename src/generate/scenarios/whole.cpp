// Connections that run their course: opened, used, closed, over every kind of link and path.
#include "generate/scenarios/all.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint16_t kLongSegment = 4000;  ///< above every MTU on the way: cut into three

void whole(Draw& d, Script s) {
    s.open();
    exchange(d, s);
    s.close(d.rng.below(10) < 7 ? End::client : End::server);
    s.end(Outcome::closed);
}

}  // namespace

void handshake(Draw& d) {
    set_endpoints(d);
    whole(d, make_script(d));
}

void ipv6(Draw& d) {
    set_endpoints(d, Family::ipv6, d.n);
    whole(d, make_script(d));
}

/// Four VLANs carry the same addresses and ports: only the tag tells the connections apart.
void vlan(Draw& d) {
    set_endpoints(d, draw_family(d), d.n / 4);
    d.out.outer_vlan = static_cast<std::uint16_t>(10 + d.n % 4);
    whole(d, make_script(d));
}

void qinq(Draw& d) {
    set_endpoints(d, draw_family(d), d.n / 4);
    d.out.outer_vlan = static_cast<std::uint16_t>(100 + d.n % 2);
    d.out.inner_vlan = static_cast<std::uint16_t>(10 + d.n / 2 % 2);
    whole(d, make_script(d));
}

void fragments(Draw& d) {
    set_endpoints(d);
    whole(d, Script(d.out, d.rng, d.options.rtt, {}, kLongSegment));
}

void retransmit(Draw& d) {
    set_endpoints(d);
    whole(d, Script(d.out, d.rng, d.options.rtt, {.loss = 50'000, .reorder = 20'000, .duplicate = 10'000}));
}

}  // namespace ajar::gen
