// The process as a service: what passes without it, who reaches it, who it is, what it may not do.
#include <fmt/format.h>

#include <algorithm>

#include "bypass/bypass.hpp"
#include "config/device.hpp"
#include "config/folder.hpp"
#include "control/socket.hpp"
#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

/// The line of a user or a group in /etc; empty where it is no local one.
std::string entry_of(const Sight& sight, const std::string& file, const std::string& name) {
    for (const auto& line : sight.lines(file))
        if (line.starts_with(name + ":")) return line;
    return {};
}

bool can_open(const Device& device) {
    if (device.interface.empty()) return false;
    return !device.pci || (device.nic != nullptr && config::is_bifurcated(device.nic->driver));
}

std::string members_of(const std::string& entry) {
    const auto members = entry.substr(entry.rfind(':') + 1);
    return members.empty() ? "it has no members yet" : "members: " + members;
}

Finding of_group(const Patient& patient, const std::string& group) {
    const auto entry = entry_of(patient.sight, "/etc/group", group);
    if (entry.empty())
        return {Grade::trouble, fmt::format("group {} is not in /etc/group", group),
                fmt::format("groupadd --system {}", group)};
    return {Grade::ok, fmt::format("group {} may connect; {}", group, members_of(entry))};
}

Finding of_path(const Patient& patient, const std::string& path) {
    const auto folder = config::folder_of(path);
    const bool made = path == control::default_socket();  // with its folder
    if (!made && !patient.sight.exists(folder))
        return {Grade::trouble, fmt::format("{}: its folder is not there", path),
                fmt::format("mkdir -p {}", folder)};
    return {Grade::ok, fmt::format("{}{}", path, patient.sight.exists(path) ? ": there" : "")};
}

}  // namespace

Findings look_at_when_down(const Patient& patient) {
    if (!patient.config) return {};
    if (patient.config->when_down == WhenDown::closed)
        return {{Grade::ok, "closed: nothing passes while no process runs"}};
    Findings out;
    for (const auto& device : patient.devices)
        if (!can_open(device))
            out.push_back({Grade::trouble,
                           fmt::format("open, but {} has no interface of the kernel's that could be bridged",
                                       device.name),
                           "when_down = \"closed\"   # [appliance]; a bypass relay, or a second path, opens "
                           "such a pair"});
    if (out.empty())
        out.push_back({Grade::ok, "open: the kernel bridges the ports' interfaces (`ajar bypass`)"});
    return out;
}

Findings look_at_control(const Patient& patient) {
    if (!patient.config) return {};
    const auto& config = *patient.config;
    if (config.control_socket.empty())
        return {{Grade::advice, "no socket: `ajar list`, `stats` and the others reach nothing",
                 "socket = \"auto\"   # [control]"}};
    Findings out = {of_path(
        patient, config.control_socket == "auto" ? control::default_socket() : config.control_socket)};
    if (!config.control_group.empty()) out.push_back(of_group(patient, config.control_group));
    return out;
}

Findings look_at_privileges(const Patient& patient) {
    if (!patient.config) return {};
    const auto& user = patient.config->user;
    if (user.empty() && !patient.is_root()) return {{Grade::ok, "started as no root, it stays so"}};
    if (user.empty())
        return {{Grade::advice, "as root it stays root",
                 "user = \"ajar\"   # [appliance]; adduser --system --group --no-create-home ajar"}};
    if (entry_of(patient.sight, "/etc/passwd", user).empty())
        return {{Grade::trouble, fmt::format("user {} is not in /etc/passwd", user),
                 fmt::format("adduser --system --group --no-create-home {}", user)}};
    if (!patient.is_root())
        return {{Grade::trouble, fmt::format("only root can become {}", user),
                 fmt::format("sudo ajar run -c {}", patient.file)}};
    return {{Grade::ok, fmt::format("becomes {} once it runs", user)}};
}

Findings look_at_seccomp(const Patient& patient) {
    if (!patient.config) return {};
    if (!patient.config->seccomp)
        return {
            {Grade::advice, "off: whoever breaks in could start programs", "seccomp = true   # [appliance]"}};
    const auto actions = words_of(patient.sight.text("/proc/sys/kernel/seccomp/actions_avail").value_or(""));
    if (std::find(actions.begin(), actions.end(), "errno") == actions.end())
        return {{Grade::trouble, "this kernel has no seccomp", "seccomp = false   # [appliance]"}};
    return {{Grade::ok, "on: no other programs, modules, mounts, nor looks into other processes"}};
}

}  // namespace ajar::doctor
