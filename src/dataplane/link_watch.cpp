// Asking devices for their links.
#include "dataplane/link_watch.hpp"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include <utility>

namespace ajar::dataplane {
namespace {

constexpr auto kAgainAfter = std::chrono::seconds(1);
/// Two ends agree on a speed within some seconds; until then a link that comes up is not one that was lost.
constexpr auto kComesUpWithin = std::chrono::seconds(10);

}  // namespace

LinkWatch::LinkWatch(Wiring& wiring, std::vector<std::string> devices, bool follow)
    : wiring_(wiring), devices_(std::move(devices)), follow_(follow), twins_(wiring.ports.size()) {
    for (Twin& twin : twins_) twin.coming_up_until = Clock::now() + kComesUpWithin;
}

std::vector<std::string> LinkWatch::look(Clock::time_point now) {
    for (std::size_t i = 0; i < wiring_.ports.size(); ++i) ask(i);
    for (std::size_t i = 0; follow_ && i < wiring_.ports.size(); ++i) follow(i, now);
    return std::exchange(said_, {});
}

void LinkWatch::restarted(std::size_t port, Clock::time_point now) {
    twins_[port].coming_up_until = now + kComesUpWithin;
    if (std::exchange(twins_[port].taken_down, false)) order(port, LinkFollow::Order::down, now);
}

void LinkWatch::ask(std::size_t index) {
    PortState& port = wiring_.ports[index];
    rte_eth_link link{};
    if (rte_eth_link_get_nowait(port.device, &link) != 0) return;
    const bool up = link.link_status == RTE_ETH_LINK_UP;
    if (up) twins_[index].coming_up_until = {};
    if (up == port.link_up.load(std::memory_order_relaxed)) return;
    port.link_up.store(up, std::memory_order_relaxed);
    said_.push_back(fmt::format("port {}: link {}", devices_[index], up ? "up" : "down"));
}

void LinkWatch::follow(std::size_t port, Clock::time_point now) {
    const std::size_t twin = wiring_.ports[port].twin;
    const bool up =
        wiring_.ports[port].link_up.load(std::memory_order_relaxed) || now < twins_[port].coming_up_until;
    const auto wanted = LinkFollow::for_twin(up, twins_[port].taken_down, twins_[twin].taken_down);
    if (wanted != LinkFollow::Order::none && now >= twins_[twin].not_before) order(twin, wanted, now);
}

void LinkWatch::order(std::size_t index, LinkFollow::Order order, Clock::time_point now) {
    Twin& twin = twins_[index];
    const bool down = order == LinkFollow::Order::down;
    const std::uint16_t device = wiring_.ports[index].device;
    const int rc = down ? rte_eth_dev_set_link_down(device) : rte_eth_dev_set_link_up(device);
    const auto* const way = down ? "down" : "up";
    if (rc == 0) {
        twin = {.taken_down = down};
        if (!down) twin.coming_up_until = now + kComesUpWithin;
        said_.push_back(fmt::format("port {}: link taken {}, as its twin's is", devices_[index], way));
        return;
    }
    if (!std::exchange(twin.refused, true)) {
        said_.push_back(fmt::format("port {}: its link cannot be taken {}: {}; tried again every second",
                                    devices_[index], way, rte_strerror(-rc)));
    }
    twin.not_before = now + kAgainAfter;
}

}  // namespace ajar::dataplane
