// Taking the text of a port to pieces.
#include "config/device.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace ajar::config {
namespace {

/// What a packet takes of a capture at least: its header, and an ARP frame.
constexpr std::uint64_t kLeastRecord = 16 + 42;

bool is_captures(std::string_view port) { return port.starts_with("net_pcap"); }

/// Values of `key` among the comma-separated key=value parts.
std::vector<std::string> values_of(std::string_view port, std::string_view key) {
    std::vector<std::string> out;
    while (!port.empty()) {
        const auto part = port.substr(0, port.find(','));
        port.remove_prefix(std::min(port.size(), part.size() + 1));
        const auto equals = part.find('=');
        if (equals != std::string_view::npos && part.substr(0, equals) == key)
            out.emplace_back(part.substr(equals + 1));
    }
    return out;
}

bool receives_from_interface(std::string_view port) {
    static constexpr std::array<std::string_view, 3> kKeys = {"iface", "rx_iface", "rx_iface_in"};
    return std::any_of(kKeys.begin(), kKeys.end(), [&](auto key) { return !values_of(port, key).empty(); });
}

std::uint64_t file_size(const std::string& path) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path, none);
    return none ? 0 : size;
}

}  // namespace

bool is_pci(std::string_view port) {
    const auto address = port.substr(0, port.find(','));
    return !address.empty() && address.find(':') != std::string_view::npos &&
           std::all_of(address.begin(), address.end(),
                       [](unsigned char c) { return std::isxdigit(c) != 0 || c == ':' || c == '.'; });
}

bool is_driven_by(std::string_view port, std::string_view driver) { return port.starts_with(driver); }

std::string device_name(std::string_view port) {
    std::string name(port.substr(0, port.find(',')));
    if (!is_pci(port)) return name;
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::count(name.begin(), name.end(), ':') == 1 ? "0000:" + name : name;
}

bool is_device_name(std::string_view name) {
    return is_pci(name) || name.starts_with("net_") || name.starts_with("virtio_user");
}

std::vector<std::string> capture_files(std::string_view port) {
    return is_captures(port) ? values_of(port, "rx_pcap") : std::vector<std::string>{};
}

std::string interface_under(std::string_view port) {
    static constexpr std::array<std::string_view, 3> kDrivers = {"net_af_packet", "net_af_xdp", "net_pcap"};
    if (std::none_of(kDrivers.begin(), kDrivers.end(),
                     [&](auto driver) { return is_driven_by(port, driver); }))
        return {};
    const auto names = values_of(port, "iface");
    return names.empty() ? std::string() : names.front();
}

bool is_bifurcated(std::string_view kernel_driver) {
    static constexpr std::array<std::string_view, 3> kDrivers = {"mlx5_core", "mlx4_core", "mana"};
    return std::find(kDrivers.begin(), kDrivers.end(), kernel_driver) != kDrivers.end();
}

bool repeats_capture(std::string_view port) {
    const auto values = values_of(port, "infinite_rx");
    return is_captures(port) && !values.empty() && values.front() != "0";
}

std::uint64_t packets_kept(std::string_view port) {
    if (!repeats_capture(port)) return 0;
    std::uint64_t bytes = 0;
    for (const auto& file : capture_files(port)) bytes += file_size(file);
    return bytes / kLeastRecord;
}

bool comes_to_an_end(std::string_view port) {
    return is_captures(port) && !repeats_capture(port) && !receives_from_interface(port);
}

}  // namespace ajar::config
