// Those who meet many targets: scanners, fast and slow, and a crawler, who looks like one from afar.
//
// Each scenario has four of them, who take turns.
#include "generate/scenarios/all.hpp"
#include "generate/scenarios/failures.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint32_t kActors = 4;

std::uint32_t actor(const Draw& d) { return static_cast<std::uint32_t>(d.n % kActors); }
/// The number of its probe.
std::uint64_t probe(const Draw& d) { return d.n / kActors; }

/// What a target is like, in percent; the rest is filtered.
struct Odds {
    std::uint32_t open, closed, unreachable;
};

enum class Target : std::uint8_t { open, closed, unreachable, filtered };

Target draw_target(Draw& d, Odds odds) {
    const auto pick = d.rng.below(100);
    if (pick < odds.open) return Target::open;
    if (pick < odds.open + odds.closed) return Target::closed;
    return pick < odds.open + odds.closed + odds.unreachable ? Target::unreachable : Target::filtered;
}

/// One contact: `when_open` is what its maker came for; nobody's answer is waited for by so many more SYNs.
void contact(Draw& d, Odds odds, std::size_t patience, void (*when_open)(Draw&, Script&)) {
    auto s = make_script(d);
    switch (draw_target(d, odds)) {
        case Target::open:
            return when_open(d, s);
        case Target::closed:
            return refused(d, s);
        case Target::unreachable:
            return unreachable(d, s);
        case Target::filtered:
            return filtered(d, s, patience);
    }
}

void fetch(Draw& d, Script& s) {
    s.open();
    exchange(d, s);
    s.close(End::client);
    s.end(Outcome::closed);
}

}  // namespace

/// Vertical: all ports of one host each.
void synscan(Draw& d) {
    const auto port = static_cast<std::uint16_t>(1 + probe(d) % 65535);
    set_prober(d, actor(d), actor(d), port);
    d.out.scanner = true;
    contact(d, {.open = 10, .closed = 60, .unreachable = 0}, 0, half_open_scan);
}

/// Horizontal: one port of all hosts.
void sweep(Draw& d) {
    constexpr std::array<std::uint16_t, kActors> kPorts = {22, 23, 445, 3389};
    set_prober(d, actor(d), probe(d), kPorts[actor(d)]);
    d.out.scanner = true;
    contact(d, {.open = 20, .closed = 20, .unreachable = 10}, 0, half_open_scan);
}

/// Some ports of host after host, by the stack of its own: it says a SYN again.
void connectscan(Draw& d) {
    constexpr std::array<std::uint16_t, 5> kPorts = {21, 22, 25, 80, 443};
    set_prober(d, actor(d), probe(d) / kPorts.size(), kPorts[probe(d) % kPorts.size()]);
    d.out.scanner = true;
    contact(d, {.open = 20, .closed = 50, .unreachable = 0}, 1, connect_scan);
}

/// Another host and another port each time, in an order that nobody would guess. How slow, its share of a
/// mix says.
void slowscan(Draw& d) {
    const auto host = probe(d) * 40503 % 65000;
    const auto port = static_cast<std::uint16_t>(1 + probe(d) * 25173 % 1024);
    set_prober(d, actor(d), host, port);
    d.out.scanner = true;
    contact(d, {.open = 15, .closed = 50, .unreachable = 5}, 0, half_open_scan);
}

/// Visits host after host, of which one in seven is no longer there.
void crawler(Draw& d) {
    set_prober(d, actor(d), probe(d), probe(d) % 3 == 0 ? 80 : 443);
    contact(d, {.open = 86, .closed = 4, .unreachable = 3}, 3, fetch);
}

}  // namespace ajar::gen
