// Who talks to whom: addresses and ports of a conversation, unique by construction.
//
//   clients  10.K.0.0/16 and 2001:db8:1KK::/48, K the scenario's number from 1; each has a /64 of its own
//   servers  198.18.0.0/16 (RFC 2544) and 2001:db8:5::/48
//   hosts    198.19.0.0/16 and 2001:db8:6::/48, which scanners and crawlers meet
//   spoofed  the rest of unicast space
#include <algorithm>

#include "generate/scenario.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint32_t kFirstPort = 16384, kPorts = 65536 - kFirstPort;
constexpr std::array<std::uint16_t, 6> kServices = {443, 443, 80, 22, 8080, 5432};

Ipv6Address v4(std::uint32_t address) {
    Ipv6Address a{};
    store_be32(a.data(), address);
    return a;
}

Ipv6Address v6(std::uint16_t subnet, std::uint32_t host) {
    Ipv6Address a{0x20, 0x01, 0x0d, 0xb8};
    store_be16(a.data() + 4, subnet);
    store_be32(a.data() + 12, host);
    return a;
}

Ipv6Address client(const Draw& d, std::uint32_t i) {
    const std::uint16_t k = d.out.kind + 1U;
    if (d.out.family == Family::ipv6) {
        auto a = v6(static_cast<std::uint16_t>(0x100U + k), 1);
        store_be16(a.data() + 6, static_cast<std::uint16_t>(i + 1));
        return a;
    }
    return v4((10U << 24U) | (std::uint32_t{k} << 16U) | ((i + 1) & 0xffffU));
}

Ipv6Address server(const Draw& d, std::uint64_t i) {
    const auto host = static_cast<std::uint32_t>(i % d.options.servers) + 1;
    return d.out.family == Family::ipv6 ? v6(5, host) : v4((198U << 24U) | (18U << 16U) | host);
}

Ipv6Address host(const Draw& d, std::uint64_t i) {
    const auto n = static_cast<std::uint32_t>(i % 65'000) + 1;
    return d.out.family == Family::ipv6 ? v6(6, n) : v4((198U << 24U) | (19U << 16U) | n);
}

bool spoofable(std::uint32_t a) {
    const auto top = a >> 24U;
    return top != 0 && top != 10 && top != 127 && top < 224 && (a >> 17U) != ((198U << 7U) | (18U >> 1U));
}

Ipv6Address spoofed(Draw& d) {
    if (d.out.family == Family::ipv6) {
        Ipv6Address a{};
        for (std::size_t i = 0; i < a.size(); i += 4) store_be32(a.data() + i, d.rng.word());
        a[0] = 0x2a;  // global unicast, not the documentation prefix that the others live in
        return a;
    }
    auto a = d.rng.word();
    while (!spoofable(a)) a = d.rng.word();
    return v4(a);
}

}  // namespace

Family draw_family(Draw& d) {
    return d.rng.below(100) < d.options.ipv6_percent ? Family::ipv6 : Family::ipv4;
}

void set_endpoints(Draw& d, Family family, std::uint64_t n) {
    const std::uint64_t clients = d.options.clients;
    const auto group = n / (clients * kPorts);  // all ports of the first clients used up: further clients
    d.out.family = family;
    d.out.address = {client(d, static_cast<std::uint32_t>(n % clients + clients * group)),
                     server(d, d.rng.word())};
    d.out.port = {static_cast<std::uint16_t>(kFirstPort + n / clients % kPorts),
                  kServices[d.rng.below(kServices.size())]};
    d.out.outer_vlan = d.options.vlan;
}

void set_endpoints(Draw& d) { set_endpoints(d, draw_family(d), d.n); }

void set_spoofed(Draw& d) {
    d.out.family = draw_family(d);
    d.out.outer_vlan = d.options.vlan;
    const auto pass = d.n / kPorts;
    if (d.options.one_source) {
        d.out.address = {client(d, 0), server(d, pass)};
        d.out.port = {static_cast<std::uint16_t>(kFirstPort + d.n % kPorts),
                      static_cast<std::uint16_t>(80 + pass / d.options.servers)};
    } else {
        d.out.address = {spoofed(d), server(d, d.n)};
        d.out.port = {static_cast<std::uint16_t>(d.rng.between(1024, 65535)), 80};
    }
}

void set_customer(Draw& d, std::uint16_t port) {
    d.out.family = draw_family(d);
    d.out.outer_vlan = d.options.vlan;
    const auto who = static_cast<std::uint32_t>(d.n % d.options.clients);
    d.out.address = {client(d, who), server(d, who)};
    d.out.port = {static_cast<std::uint16_t>(kFirstPort + d.n / d.options.clients % kPorts), port};
}

void set_prober(Draw& d, std::uint32_t which, std::uint64_t target, std::uint16_t port) {
    d.out.family = draw_family(d);
    d.out.outer_vlan = d.options.vlan;
    d.out.address = {client(d, which), host(d, target)};
    d.out.port = {static_cast<std::uint16_t>(kFirstPort + d.n % kPorts), port};
}

void set_scanner(Draw& d, std::uint32_t which) {
    d.out.family = draw_family(d);
    d.out.outer_vlan = d.options.vlan;
    d.out.scanner = true;
    const auto sweep = d.n / d.options.servers;
    d.out.address = {client(d, which), server(d, d.n)};
    d.out.port = {static_cast<std::uint16_t>(kFirstPort + sweep / 65535 % kPorts),
                  static_cast<std::uint16_t>(1 + sweep % 65535)};
}

}  // namespace ajar::gen
