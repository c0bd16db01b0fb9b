// Listening to reset events of devices.
#include "dataplane/reset_watch.hpp"

#include <rte_ethdev.h>

namespace ajar::dataplane {
namespace {

static_assert(RTE_MAX_ETHPORTS <= 64);

int on_reset(std::uint16_t device, rte_eth_event_type, void* asked, void*) {
    static_cast<std::atomic<std::uint64_t>*>(asked)->fetch_or(std::uint64_t{1} << device);
    return 0;
}

}  // namespace

ResetWatch::ResetWatch() {
    rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_INTR_RESET, on_reset, &asked_);
}

ResetWatch::~ResetWatch() {
    rte_eth_dev_callback_unregister(RTE_ETH_ALL, RTE_ETH_EVENT_INTR_RESET, on_reset, &asked_);
}

bool ResetWatch::take(std::uint16_t device) {
    const std::uint64_t bit = std::uint64_t{1} << device;
    return (asked_.fetch_and(~bit) & bit) != 0;
}

}  // namespace ajar::dataplane
