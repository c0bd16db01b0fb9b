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

}  // namespace ajar::test
