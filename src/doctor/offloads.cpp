// Asking the kernel by ethtool's ioctl.
#include "doctor/offloads.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>

#include "descriptor.hpp"

namespace ajar::doctor {
namespace {

struct Feature {
    const char* name;
    std::uint32_t command, bit;  ///< of the answer
};
constexpr std::uint32_t kAny = ~std::uint32_t{0};
constexpr std::array kFeatures = {
    Feature{"tx", ETHTOOL_GTXCSUM, kAny},
    Feature{"sg", ETHTOOL_GSG, kAny},
    Feature{"tso", ETHTOOL_GTSO, kAny},
    Feature{"gso", ETHTOOL_GGSO, kAny},
    Feature{"gro", ETHTOOL_GGRO, kAny},
    Feature{"lro", ETHTOOL_GFLAGS, ETH_FLAG_LRO},
    Feature{"rxvlan", ETHTOOL_GFLAGS, ETH_FLAG_RXVLAN},
    Feature{"txvlan", ETHTOOL_GFLAGS, ETH_FLAG_TXVLAN},
};

bool is_on(int fd, const std::string& interface, const Feature& feature) {
    ethtool_value value{};
    value.cmd = feature.command;
    ifreq about{};
    interface.copy(about.ifr_name, IFNAMSIZ - 1);
    about.ifr_data = reinterpret_cast<char*>(&value);
    return ::ioctl(fd, SIOCETHTOOL, &about) == 0 && (value.data & feature.bit) != 0;
}

}  // namespace

std::vector<std::string> offloads_on(const std::string& interface) {
    std::vector<std::string> out;
    const Descriptor fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (fd.get() < 0) return out;
    for (const auto& feature : kFeatures)
        if (is_on(fd.get(), interface, feature)) out.emplace_back(feature.name);
    return out;
}

}  // namespace ajar::doctor
