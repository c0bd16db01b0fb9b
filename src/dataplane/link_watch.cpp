// Asking devices for their links.
#include "dataplane/link_watch.hpp"

#include <rte_ethdev.h>

namespace ajar::dataplane {

bool LinkWatch::look() {
    bool changed = false;
    for (std::size_t i = 0; i < wiring_.ports.size(); ++i) {
        PortState& port = wiring_.ports[i];
        rte_eth_link link{};
        if (rte_eth_link_get_nowait(port.device, &link) != 0) continue;
        const bool up = link.link_status == RTE_ETH_LINK_UP;
        if (up != port.link_up.load(std::memory_order_relaxed)) {
            changed = true;
            losses_ += up ? 0 : 1;
            port.link_up.store(up, std::memory_order_relaxed);
        }
    }
    for (std::size_t i = 0; follow_ && i < wiring_.ports.size(); ++i) follow(i);
    return changed;
}

void LinkWatch::follow(std::size_t port) {
    const std::size_t twin = wiring_.ports[port].twin;
    const bool up = wiring_.ports[port].link_up.load(std::memory_order_relaxed);
    const std::uint16_t device = wiring_.ports[twin].device;
    switch (LinkFollow::for_twin(up, taken_down_[port], taken_down_[twin])) {
        case LinkFollow::Order::down:
            taken_down_[twin] = rte_eth_dev_set_link_down(device) == 0;
            break;
        case LinkFollow::Order::up:
            taken_down_[twin] = rte_eth_dev_set_link_up(device) != 0;
            break;
        case LinkFollow::Order::none:
            break;
    }
}

}  // namespace ajar::dataplane
