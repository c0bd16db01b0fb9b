// Is there an IOMMU, and does each card's group belong to user space as a whole?
#include <fmt/format.h>

#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

bool is_amd(const Sight& sight) {
    const auto cpu = sight.text("/proc/cpuinfo").value_or("");
    return cpu.find("AuthenticAMD") != std::string::npos;
}

std::string boot_line(const Sight& sight) {
    return fmt::format(
        "GRUB_CMDLINE_LINUX=\"{}iommu=pt\"   # /etc/default/grub; update-grub; reboot; firmware: VT-d or "
        "AMD-Vi on",
        is_amd(sight) ? "" : "intel_iommu=on ");
}

bool is_free_of_kernel(std::string_view driver) {
    return driver.empty() || driver == "vfio-pci" || driver == "pci-stub" || driver == "pcieport";
}

/// What of a card's group the kernel still has: VFIO lends a group as a whole or not at all.
Findings shared_group(const Patient& patient, const Nic& nic) {
    Findings out;
    if (nic.iommu_group.empty() || nic.driver != "vfio-pci") return out;
    for (const auto& other :
         patient.sight.names(fmt::format("/sys/kernel/iommu_groups/{}/devices", nic.iommu_group))) {
        const auto driver = patient.sight.target(fmt::format("/sys/bus/pci/devices/{}/driver", other));
        if (is_free_of_kernel(driver)) continue;
        out.push_back(
            {Grade::trouble,
             fmt::format("{}: {} is in its IOMMU group {} and still has {}: VFIO gives out whole groups",
                         nic.address, other, nic.iommu_group, driver),
             fmt::format("dpdk-devbind.py --bind=vfio-pci {}   # or a slot with a group of its own", other)});
    }
    return out;
}

bool has_vfio(const Patient& patient) {
    for (const auto& device : patient.devices)
        if (device.nic != nullptr && device.nic->driver == "vfio-pci") return true;
    return false;
}

Finding without(const Patient& patient) {
    const bool unsafe =
        patient.sight.text("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode").value_or("N") == "Y";
    if (!has_vfio(patient) || unsafe)
        return {Grade::advice, "none is on: a card (or who controls it) can write to all memory",
                boot_line(patient.sight)};
    return {Grade::trouble, "none is on, and vfio-pci opens no card without", boot_line(patient.sight)};
}

}  // namespace

Findings look_at_iommu(const Patient& patient) {
    const auto groups = patient.sight.names("/sys/kernel/iommu_groups").size();
    if (groups == 0 && !patient.has_pci()) return {{Grade::ok, "none is on; these ports need none"}};
    if (groups == 0) return {without(patient)};
    Findings out = {{Grade::ok, fmt::format("on, {} groups", groups)}};
    for (const auto& device : patient.devices)
        if (device.nic != nullptr)
            for (auto& finding : shared_group(patient, *device.nic)) out.push_back(std::move(finding));
    return out;
}

}  // namespace ajar::doctor
