// Which driver has which card, and whether the interfaces below virtual devices are there and up.
#include <fmt/format.h>

#include <cstdlib>

#include "config/device.hpp"
#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

constexpr std::string_view kVfio = "vfio-pci";

bool is_uio(std::string_view driver) { return driver == "uio_pci_generic" || driver == "igb_uio"; }

std::string bind_line(const Nic& nic) {
    return fmt::format("modprobe vfio-pci && {}dpdk-devbind.py --bind=vfio-pci {}   # Debian: dpdk",
                       nic.interface.empty() ? "" : fmt::format("ip link set {} down && ", nic.interface),
                       nic.address);
}

Finding of_nic(const Nic& nic) {
    const auto with = [&](std::string_view tail) { return fmt::format("{}: {}", nic.address, tail); };
    if (nic.driver == kVfio) return {Grade::ok, with("bound to vfio-pci")};
    if (config::is_bifurcated(nic.driver))
        return {Grade::ok,
                with(fmt::format("{} shares it with DPDK{}", nic.driver,
                                 nic.interface.empty() ? "" : fmt::format(" ({})", nic.interface)))};
    if (is_uio(nic.driver))
        return {Grade::advice,
                with(fmt::format("bound to {}: it reaches all memory, as no IOMMU is asked", nic.driver)),
                bind_line(nic)};
    if (nic.driver.empty())
        return {Grade::trouble, with("no driver has it: DPDK finds no way to it"), bind_line(nic)};
    return {Grade::trouble,
            with(fmt::format("the kernel has it ({}{}); DPDK cannot take it", nic.driver,
                             nic.interface.empty() ? "" : ", " + nic.interface)),
            bind_line(nic)};
}

/// Up, and with the other end there?
Finding of_interface(const Sight& sight, const Device& device) {
    constexpr unsigned long kUp = 1;  // IFF_UP
    const auto at = "/sys/class/net/" + device.interface;
    if (!sight.exists(at))
        return {Grade::trouble, fmt::format("{}: there is no interface {}", device.name, device.interface),
                "ip -br link   # what there is; name one of them in [[ports]]"};
    const auto flags = std::strtoul(sight.text(at + "/flags").value_or("0").c_str(), nullptr, 16);
    if ((flags & kUp) == 0)
        return {Grade::trouble, fmt::format("{}: interface {} is down", device.name, device.interface),
                fmt::format("ip link set {} up", device.interface)};
    if (sight.number(at + "/carrier").value_or(1) == 0)
        return {Grade::advice, fmt::format("{}: interface {} has no link", device.name, device.interface),
                fmt::format("ethtool {}   # is the cable in, is the other end up?", device.interface)};
    return {Grade::ok, fmt::format("{}: interface {} is up", device.name, device.interface)};
}

Finding of_device(const Patient& patient, const Device& device) {
    if (device.pci && device.nic == nullptr)
        return {Grade::trouble, fmt::format("{}: no network card has this PCI address", device.name),
                "dpdk-devbind.py --status-dev net   # which there are"};
    if (device.pci) return of_nic(*device.nic);
    if (!device.interface.empty()) return of_interface(patient.sight, device);
    return {Grade::ok, fmt::format("{}: a device of DPDK's own, no card", device.name)};
}

bool is_configured(const Patient& patient, const Nic& nic) {
    for (const auto& device : patient.devices)
        if (device.nic == &nic || (!nic.interface.empty() && device.interface == nic.interface)) return true;
    return false;
}

}  // namespace

Findings look_at_ports(const Patient& patient) {
    Findings out;
    for (const auto& device : patient.devices) out.push_back(of_device(patient, device));
    return out;
}

Findings look_at_other_nics(const Patient& patient) {
    Findings out;
    for (const auto& nic : patient.nics)
        if (!is_configured(patient, nic))
            out.push_back({Grade::ok, fmt::format("{} ({}:{}): {}{}", nic.address, nic.vendor, nic.device,
                                                  nic.driver.empty() ? "no driver" : nic.driver,
                                                  nic.interface.empty() ? "" : ", " + nic.interface)});
    if (out.empty() && patient.devices.empty())
        out.push_back({Grade::ok, "no network card on the PCI bus: virtual devices only"});
    return out;
}

}  // namespace ajar::doctor
