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

/// What the interface is a part of: a bridge, a switch, a bond; empty: of nothing.
std::string master_of(const std::string& interface) {
    if (interface.empty()) return {};
    std::error_code none;
    return fs::read_symlink(fmt::format("/sys/class/net/{}/master", interface), none).filename().string();
}

bool is_ours(const std::string& master) { return master.starts_with(kPrefix); }

/// A bond hands frames to the kernel, it forwards none.
bool forwards(const std::string& master) {
    std::error_code none;
    return !master.empty() && !fs::exists(fmt::format("/sys/class/net/{}/bonding", master), none);
}

Error forwarded_by(const std::string& interface, const std::string& master) {
    return {
        fmt::format("{0} is a part of {1}, so the kernel would forward its frames, too: ip link set {0} "
                    "nomaster",
                    interface, master)};
}

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

bool is_open(const Way& way) {
    const auto master = master_of(way.a);
    return way.possible() && is_ours(master) && master == master_of(way.b);
}

Result<bool> open(const Way& way) {
    if (!way.possible()) return Error{why_impossible(way)};
    for (const auto& interface : {way.a, way.b})
        if (if_nametoindex(interface.c_str()) == 0)
            return Error{fmt::format("there is no interface {}", interface)};
    if (is_open(way)) return false;
    if (auto rid = shut(way); !rid) return rid;
    return make_bridge(bridge_of(way), way.a, way.b);
}

Result<bool> shut(const Way& way) {
    bool was_open = false;
    for (const auto& interface : {way.a, way.b}) {
        const auto master = master_of(interface);  // of b anew: it may have gone with the bridge of a
        if (!is_ours(master)) {
            if (forwards(master)) return forwarded_by(interface, master);
            continue;
        }
        if (auto done = remove_bridge(master); !done) return done;
        was_open = true;
    }
    return was_open;
}

}  // namespace ajar::bypass
