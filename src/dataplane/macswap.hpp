// The plain forwarder that `ajar bench` stands beside: receive, swap the MAC addresses, send.
#pragma once

#include <atomic>
#include <deque>
#include <vector>

#include "ajar/counters.hpp"
#include "dataplane/appliance.hpp"

namespace ajar::dataplane {

/// On the appliance's own ports, queues and lcores, while its lanes rest.
class Macswap {
public:
    explicit Macswap(Appliance& appliance);

    Result<bool> start();
    void stop();
    [[nodiscard]] std::uint64_t received() const { return sum(&Lane::received); }
    [[nodiscard]] std::uint64_t transmitted() const { return sum(&Lane::transmitted); }

private:
    struct alignas(64) Lane {
        Macswap* all;
        std::uint16_t queue;
        Counter received, transmitted;
    };
    [[nodiscard]] std::uint64_t sum(Counter Lane::*counter) const;
    static int run(void* lane);

    Appliance& appliance_;
    std::deque<Lane> lanes_;
    std::vector<unsigned> lcores_;
    std::atomic<bool> stop_{false};
};

}  // namespace ajar::dataplane
