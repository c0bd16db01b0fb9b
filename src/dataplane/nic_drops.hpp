// SYNs of blocked sources, dropped by the NIC where it offers that. The software drops them in any case: a
// rule that a device refuses costs nothing but its help, and none drops what the software would not.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/defence/change.hpp"

struct rte_flow;

namespace ajar::dataplane {

/// Control's own. What the NIC drops is in none of our counters.
class NicDrops {
public:
    /// `ports`: DPDK's numbers, those of a pair one after the other.
    explicit NicDrops(std::vector<std::uint16_t> ports) : ports_(std::move(ports)) {}
    ~NicDrops();
    NicDrops(const NicDrops&) = delete;
    NicDrops& operator=(const NicDrops&) = delete;

    /// One rule for each port and blocked prefix that holds no trusted one, where all services are in mode
    /// `enforce`; those that are there and no longer wanted go. Returns what to tell, a line where anything
    /// has changed.
    std::vector<std::string> follow(const Config& config);
    /// And, on the ports of the pair where they ask, for sources that `now` stand blocked for their rate:
    /// those with too many half-open connections may ask flooded services, which answer them.
    std::vector<std::string> follow(const Config& config, const Situation& now);
    /// A port that was reset has none of its rules any more.
    void forget(std::uint16_t port);

private:
    using Where = std::pair<std::uint16_t, std::string>;  // port, prefix
    std::vector<std::string> follow_what_is_wanted(const Config& config);
    bool create(const Where& where);
    [[nodiscard]] std::set<Where> wanted(const Config& config) const;

    std::vector<std::uint16_t> ports_;
    std::set<Where> learned_;
    std::set<Where> refused_;  // by the device, since the last configuration
    std::map<Where, rte_flow*> rules_;
};

}  // namespace ajar::dataplane
