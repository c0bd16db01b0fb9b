// Which interfaces, and when they are bridged.
#include "bypass/bypass.hpp"

#include <fmt/format.h>
#include <net/if.h>

#include <filesystem>

#include "bypass/bridge.hpp"
#include "config/device.hpp"

namespace ajar::bypass {
namespace {

namespace fs = std::filesystem;

/// Of a card that DPDK and the kernel share.
std::string interface_beside(const std::string& address) {
    const fs::path at = "/sys/bus/pci/devices/" + address;
    std::error_code none;
    if (!config::is_bifurcated(fs::read_symlink(at / "driver", none).filename().string())) return {};
    for (fs::directory_iterator it(at / "net", none), end; !none && it != end; it.increment(none))
        return it->path().filename().string();
    return {};
}

std::string interface_of(const std::string& port) {
    return config::is_pci(port) ? interface_beside(config::device_name(port)) : config::interface_under(port);
}

std::string bridge_of(const Way& way) { return fmt::format("{}{}", kPrefix, if_nametoindex(way.a.c_str())); }

}  // namespace

std::vector<Way> ways(const Config& config) {
    std::vector<Way> out;
    for (const auto& [a, b] : config.ports)
        out.push_back({config::device_name(a), config::device_name(b), interface_of(a), interface_of(b)});
    return out;
}

std::string why_impossible(const Way& way) {
    return fmt::format(
        "{} has no interface of the kernel's that is there without the process: let a bypass relay, or a "
        "second "
        "path of the switches, stand around this pair",
        way.a.empty() ? way.port_a : way.port_b);
}

bool is_open(const Way& way) { return way.possible() && if_nametoindex(bridge_of(way).c_str()) != 0; }

Result<bool> open(const Way& way) {
    if (!way.possible()) return Error{why_impossible(way)};
    for (const auto& interface : {way.a, way.b})
        if (if_nametoindex(interface.c_str()) == 0)
            return Error{fmt::format("there is no interface {}", interface)};
    if (is_open(way)) return false;
    return make_bridge(bridge_of(way), way.a, way.b);
}

Result<bool> shut(const Way& way) {
    if (!is_open(way)) return false;
    return remove_bridge(bridge_of(way));
}

}  // namespace ajar::bypass
