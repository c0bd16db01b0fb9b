// Talking to the kernel about bridges.
#include "bypass/bridge.hpp"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "descriptor.hpp"

namespace ajar::bypass {
namespace {

class Kernel {
public:
    Kernel() : fd_(::socket(AF_LOCAL, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

    [[nodiscard]] bool name_bridge(unsigned long request, const std::string& bridge) const {
        std::string name = bridge;
        return ::ioctl(fd_.get(), request, name.data()) == 0;
    }
    [[nodiscard]] bool enslave(const std::string& bridge, const std::string& interface) const {
        ifreq about = named(bridge);
        about.ifr_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
        return ::ioctl(fd_.get(), SIOCBRADDIF, &about) == 0;
    }
    [[nodiscard]] bool set_up(const std::string& interface, bool up) const {
        ifreq about = named(interface);
        if (::ioctl(fd_.get(), SIOCGIFFLAGS, &about) != 0) return false;
        const int flags = up ? about.ifr_flags | IFF_UP : about.ifr_flags & ~IFF_UP;
        about.ifr_flags = static_cast<short>(flags);
        return ::ioctl(fd_.get(), SIOCSIFFLAGS, &about) == 0;
    }

private:
    static ifreq named(const std::string& name) {
        ifreq out{};
        name.copy(out.ifr_name, IFNAMSIZ - 1);
        return out;
    }
    Descriptor fd_;
};

struct Setting {
    const char *path, *value;
};
/// With {} for the bridge's name. A kernel that lacks one of them makes a bridge all the same.
constexpr std::array kSettings = {
    Setting{"/proc/sys/net/ipv6/conf/{}/disable_ipv6", "1"},       // it says nothing of its own
    Setting{"/sys/class/net/{}/bridge/multicast_snooping", "0"},   // groups pass, whoever asked for them
    Setting{"/sys/class/net/{}/bridge/group_fwd_mask", "0xfff8"},  // LLDP, 802.1X and their kin pass
    // Where net.bridge.bridge-nf-call-iptables is on, the kernel's firewall has a say all the same: that is
    // for all bridges, not ours to change; `ajar doctor` tells.
    Setting{"/sys/class/net/{}/bridge/nf_call_iptables", "0"},
    Setting{"/sys/class/net/{}/bridge/nf_call_ip6tables", "0"},
};

void set_all(const std::string& bridge) {
    for (const auto& [path, value] : kSettings)
        std::ofstream(fmt::format(fmt::runtime(path), bridge)) << value;
}

Error fault(const std::string& what) { return {fmt::format("{}: {}", what, std::strerror(errno))}; }

}  // namespace

Result<bool> make_bridge(const std::string& bridge, const std::string& a, const std::string& b) {
    const Kernel kernel;
    if (!kernel.name_bridge(SIOCBRADDBR, bridge))
        return fault(fmt::format("the kernel makes no bridge {}", bridge));
    set_all(bridge);
    for (const auto& interface : {a, b}) {
        if (kernel.enslave(bridge, interface) && kernel.set_up(interface, true)) continue;
        auto why = fault(fmt::format("{} cannot be bridged (is it in another bridge?)", interface));
        static_cast<void>(kernel.name_bridge(SIOCBRDELBR, bridge));
        return why;
    }
    if (kernel.set_up(bridge, true)) return true;
    auto why = fault(bridge);
    static_cast<void>(kernel.name_bridge(SIOCBRDELBR, bridge));
    return why;
}

// A bridge that is up is not taken away; its interfaces leave it by themselves.
Result<bool> remove_bridge(const std::string& bridge) {
    const Kernel kernel;
    if (!kernel.set_up(bridge, false) || !kernel.name_bridge(SIOCBRDELBR, bridge))
        return fault(fmt::format("bridge {} cannot be taken away", bridge));
    return true;
}

}  // namespace ajar::bypass
