// Is the service found that a simple look at all of them would find, and do its terms survive a reload?
#include "ajar/policy/services.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ajar {
namespace {

using namespace std::chrono_literals;

Prefix v4(std::uint32_t address, unsigned bits) {
    Prefix p{Family::ipv4, static_cast<std::uint8_t>(bits), {}};
    const std::uint32_t cut = bits == 0 ? 0 : address & (~std::uint32_t{0} << (32 - bits));
    const auto bytes = be32::of(cut).bytes;
    std::copy(bytes.begin(), bytes.end(), p.address.begin());
    return p;
}
Prefix v6(std::uint64_t high, std::uint64_t low, unsigned bits) {
    Prefix p{Family::ipv6, static_cast<std::uint8_t>(bits), {}};
    for (unsigned i = 0; i < bits; ++i) {
        const std::uint64_t word = i < 64 ? high : low;
        if ((word >> (63 - i % 64) & 1U) != 0)
            p.address[i / 8] = static_cast<std::uint8_t>(p.address[i / 8] | 0x80U >> i % 8);
    }
    return p;
}
Ipv6Address address_v6(std::uint64_t high, std::uint64_t low) { return v6(high, low, 128).address; }

Service service(std::string name, std::vector<Prefix> prefixes, std::vector<PortRange> ports = {}) {
    return {std::move(name), std::move(prefixes), std::move(ports), 0, false, {}};
}
Services table(std::vector<Service> services) { return Services(std::move(services), {}, 1, 1); }

std::string name_of(const Services& services, ServiceId id) { return id == 0 ? "" : services[id].name; }
std::string found(const Services& services, std::uint32_t address, std::uint16_t port) {
    return name_of(services, services.find(Ipv4Address::of(address), be16::of(port)));
}

TEST(Services, TheLongestPrefixThatHasThePortWins) {
    const auto services = table({service("all", {v4(0, 0)}, {{22, 22}}), service("net", {v4(0x0a000000, 8)}),
                                 service("web", {v4(0x0a010000, 16)}, {{80, 80}, {443, 443}}),
                                 service("host", {v4(0x0a010203, 32)}, {{8000, 8099}})});
    EXPECT_EQ(found(services, 0x0a010203, 80), "web");
    EXPECT_EQ(found(services, 0x0a010203, 8050), "host");
    EXPECT_EQ(found(services, 0x0a010203, 8100), "net") << "no longer prefix has the port";
    EXPECT_EQ(found(services, 0x0a010204, 8050), "net");
    EXPECT_EQ(found(services, 0x0a010203, 22), "net") << "a longer prefix with all ports";
    EXPECT_EQ(found(services, 0x0b000000, 22), "all");
    EXPECT_EQ(found(services, 0x0b000000, 23), "");
    EXPECT_EQ(services.find(address_v6(1, 1), be16::of(22)), 0) << "of the other family";
}

TEST(Services, OfEqualPrefixesTheEarlierCounts) {
    const auto services =
        table({service("first", {v4(0x0a000000, 24)}, {{1, 100}}), service("second", {v4(0x0a000000, 24)})});
    EXPECT_EQ(found(services, 0x0a000001, 100), "first");
    EXPECT_EQ(found(services, 0x0a000001, 101), "second");
    EXPECT_EQ(found(services, 0x0a000001, 0), "second");
}

TEST(Services, ReachBothEndsOfTheAddresses) {
    const auto all = table({service("v4", {v4(0xffffffff, 32), v4(0, 32)}),
                            service("v6", {v6(~0ULL, ~0ULL, 128), v6(0, 0, 127)}, {{0xffff, 0xffff}})});
    EXPECT_EQ(found(all, 0xffffffff, 65535), "v4");
    EXPECT_EQ(found(all, 0xfffffffe, 65535), "");
    EXPECT_EQ(found(all, 0, 0), "v4");
    EXPECT_EQ(name_of(all, all.find(address_v6(~0ULL, ~0ULL), be16::of(0xffff))), "v6");
    EXPECT_EQ(name_of(all, all.find(address_v6(~0ULL, ~0ULL), be16::of(0xfffe))), "");
    EXPECT_EQ(name_of(all, all.find(address_v6(0, 1), be16::of(0xffff))), "v6");
    EXPECT_EQ(name_of(all, all.find(address_v6(0, 2), be16::of(0xffff))), "");
}

TEST(Services, BehindTheLowHalfOfAnAddressComesTheNextHighOne) {
    const auto services = table({service("net", {v6(1, 0, 64)}), service("host", {v6(1, ~0ULL, 128)})});
    EXPECT_EQ(name_of(services, services.find(address_v6(1, ~0ULL), be16::of(1))), "host");
    EXPECT_EQ(name_of(services, services.find(address_v6(1, ~0ULL - 1), be16::of(1))), "net");
    EXPECT_EQ(name_of(services, services.find(address_v6(2, 0), be16::of(1))), "");
}

/// By looking at each.
ServiceId model(const std::vector<Service>& services, const Ipv6Address& address, Family family,
                std::uint16_t port) {
    ServiceId best = 0;
    int bits = -1;
    for (std::size_t s = 0; s < services.size(); ++s) {
        const auto& ports = services[s].ports;
        const bool has = ports.empty() || std::any_of(ports.begin(), ports.end(), [&](const PortRange& r) {
                             return r.first <= port && port <= r.last;
                         });
        for (const Prefix& p : services[s].prefixes) {
            bool in = has && p.family == family && p.bits > bits;
            for (unsigned i = 0; in && i < p.bits; ++i)
                in = ((address[i / 8] ^ p.address[i / 8]) & 0x80U >> i % 8) == 0;
            if (!in) continue;
            best = static_cast<ServiceId>(s + 1);
            bits = p.bits;
        }
    }
    return best;
}

/// Few addresses and ports, so that prefixes nest and touch.
TEST(Services, FindWhatALookAtAllOfThemFinds) {
    std::mt19937 random(1);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const auto address = [&] { return below(2) << 31U | below(16) << 12U | below(16); };
    for (int round = 0; round < 300; ++round) {
        std::vector<Service> services;
        for (unsigned s = 0, n = 1 + below(30); s < n; ++s) {
            Service one = service("s" + std::to_string(s), {});
            for (unsigned p = 0, m = 1 + below(4); p < m; ++p)
                one.prefixes.push_back(below(2) == 0 ? v4(address(), below(33))
                                                     : v6(address(), address(), below(129)));
            for (unsigned p = 0, m = below(3); p < m; ++p) {
                const auto first = static_cast<std::uint16_t>(below(20) * 3449);
                one.ports.push_back(
                    {first, static_cast<std::uint16_t>(std::min(first + below(9000), 65535U))});
            }
            services.push_back(std::move(one));
        }
        const auto all = table(services);
        for (int probe = 0; probe < 300; ++probe) {
            const auto port = static_cast<std::uint16_t>(below(20) * 3449 + below(3) - 1);
            const std::uint32_t a = address() + below(3) - 1;
            ASSERT_EQ(all.find(Ipv4Address::of(a), be16::of(port)),
                      model(services, v4(a, 32).address, Family::ipv4, port));
            const auto wide = address_v6(address() + below(3) - 1, address() + below(3) - 1);
            ASSERT_EQ(all.find(wide, be16::of(port)), model(services, wide, Family::ipv6, port));
        }
    }
}

TEST(SourceLists, TheLongestPrefixSaysIt) {
    const SourceLists lists({v4(0x0a000000, 8), v4(0x0b000000, 24)},
                            {v4(0x0a0a0000, 16), v4(0x0b000000, 24)});
    EXPECT_EQ(lists.of(Ipv4Address::of(0x0a000001)), Standing::trusted);
    EXPECT_EQ(lists.of(Ipv4Address::of(0x0a0a0001)), Standing::blocked);
    EXPECT_EQ(lists.of(Ipv4Address::of(0x0b000001)), Standing::trusted) << "of equal ones";
    EXPECT_EQ(lists.of(Ipv4Address::of(0x0c000001)), Standing::usual);
    EXPECT_EQ(lists.of(address_v6(0, 1)), Standing::usual);
}

Terms terms(Duration established, Mode mode = Mode::enforce) {
    Terms t{mode, {}};
    t.timeouts[static_cast<std::size_t>(TimerClass::established)] = established;
    return t;
}
const Terms kUsual = terms(2h);

Services with(std::vector<Service> services, const TermsTable& given, std::uint32_t serial) {
    for (std::size_t i = 0; i < services.size(); ++i) services[i].terms = given.of[i];
    return Services(std::move(services), given.terms, given.taken, serial);
}

TEST(TermsTable, SharesWhatIsEqual) {
    const std::vector<Service> services{service("a", {}), service("b", {}), service("c", {})};
    const auto given = assign_terms(kUsual, services, {terms(1h), kUsual, terms(1h)}, nullptr);
    EXPECT_EQ(given->of, (std::vector<std::uint8_t>{1, 0, 1}));
    EXPECT_EQ(given->terms[1], terms(1h));
    EXPECT_EQ(given->taken, 3U);
}

TEST(TermsTable, LivingFlowsFollowTheirService) {
    const std::vector<Service> services{service("web", {}), service("ssh", {})};
    const auto first = assign_terms(kUsual, services, {terms(1h), terms(5min)}, nullptr);
    const auto running = with(services, *first, 1);
    const std::vector<Service> turned{service("ssh", {}), service("web", {})};
    const auto next = assign_terms(kUsual, turned, {terms(7min), kUsual}, &running);
    EXPECT_EQ(next->terms[1], kUsual) << "web has no timers of its own any more";
    EXPECT_EQ(next->terms[2], terms(7min)) << "ssh has others";
    EXPECT_EQ(next->of, (std::vector<std::uint8_t>{2, 0}));
}

TEST(TermsTable, ANumberWhoseServiceIsGoneKeepsItsMeaningWhileThereAreOthers) {
    const std::vector<Service> old{service("gone", {})};
    const auto first = assign_terms(kUsual, old, {terms(1h)}, nullptr);
    const auto running = with(old, *first, 1);
    std::vector<Service> services;
    std::vector<Terms> wanted;
    for (int i = 0; i < 6; ++i) {
        services.push_back(service("s" + std::to_string(i), {}));
        wanted.push_back(terms(std::chrono::minutes(i + 1)));
    }
    auto next = assign_terms(kUsual, services, wanted, &running);
    EXPECT_EQ(next->terms[1], terms(1h));
    services.push_back(service("s6", {}));
    wanted.push_back(terms(10min));
    next = assign_terms(kUsual, services, wanted, &running);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->terms[1], terms(10min)) << "it is needed";
    services.push_back(service("s7", {}));
    wanted.push_back(terms(11min));
    EXPECT_FALSE(assign_terms(kUsual, services, wanted, &running)) << "too many kinds";
}

}  // namespace
}  // namespace ajar
