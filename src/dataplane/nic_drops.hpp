// SYNs of blocked sources, dropped by the NIC where it offers that. The software drops them in any case: a
// rule that a device refuses costs nothing but its help.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ajar/config.hpp"

struct rte_flow;

namespace ajar::dataplane {

/// Control's own. What the NIC drops is in none of our counters.
class NicDrops {
public:
    explicit NicDrops(std::vector<std::uint16_t> ports) : ports_(std::move(ports)) {}
    ~NicDrops();
    NicDrops(const NicDrops&) = delete;
    NicDrops& operator=(const NicDrops&) = delete;

    /// One rule for each port and blocked prefix that holds no trusted one, in mode `enforce`; those that are
    /// there and no longer wanted go. Returns what to tell, a line where anything has changed.
    std::vector<std::string> follow(const Config& config);
    /// A port that was reset has none of its rules any more.
    void forget(std::uint16_t port);

private:
    bool create(std::uint16_t port, const std::string& prefix);

    std::vector<std::uint16_t> ports_;
    std::map<std::pair<std::uint16_t, std::string>, rte_flow*> rules_;
};

}  // namespace ajar::dataplane
