// A table of services for a test, said in a line or two.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ajar/policy/services.hpp"

namespace ajar::test {

inline Prefix prefix_v4(std::uint32_t address, unsigned bits) {
    Prefix p{Family::ipv4, static_cast<std::uint8_t>(bits), {}};
    const auto bytes = be32::of(address).bytes;
    std::copy(bytes.begin(), bytes.end(), p.address.begin());
    return p;
}

struct WantedService {
    Service service;
    Terms terms;
};

/// `running`: whose numbers of terms go on.
inline std::shared_ptr<const Services> make_services(const Policy& policy, std::vector<WantedService> wanted,
                                                     const Services* running = nullptr) {
    std::vector<Service> services;
    std::vector<Terms> terms;
    for (auto& w : wanted) {
        services.push_back(std::move(w.service));
        terms.push_back(w.terms);
    }
    const auto table = assign_terms({policy.mode, policy.timeouts}, services, terms, running);
    for (std::size_t i = 0; i < services.size(); ++i) services[i].terms = table->of[i];
    return std::make_shared<const Services>(std::move(services), table->terms, table->taken,
                                            running == nullptr ? 1 : running->serial() + 1);
}

/// All addresses, two services by port: low ones with answers by `method` and timers of their own, the others
/// with limits.
inline std::shared_ptr<const Services> low_and_high_ports(const Policy& policy,
                                                          SynProof method = SynProof::cookie) {
    using std::chrono::seconds;
    const std::vector<Prefix> everywhere{prefix_v4(0, 0), {Family::ipv6, 0, {}}};
    Terms low{policy.mode, policy.timeouts}, high = low;
    const auto set = [](Terms& terms, TimerClass timer, Duration timeout) {
        terms.timeouts[static_cast<std::size_t>(timer)] = timeout;
    };
    set(low, TimerClass::syn_sent, seconds(8));
    set(low, TimerClass::established, seconds(40));
    set(high, TimerClass::syn_recv, seconds(90));
    set(high, TimerClass::time_wait, seconds(3));
    DefencePolicy answers, limits;
    answers.method = method;
    answers.service_high = 60;
    answers.service_low = 20;
    answers.service_rate = 250;
    answers.dwell = seconds(2);
    limits.answer = Answering::off;
    limits.service_limit = 40;
    limits.service_rate_limit = 150;
    return make_services(policy, {{{"low", everywhere, {{0, 1023}}, 0, true, answers}, low},
                                  {{"high", everywhere, {}, 0, true, limits}, high}});
}

}  // namespace ajar::test
