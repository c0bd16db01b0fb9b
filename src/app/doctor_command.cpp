// `ajar doctor`: its options, and what it is told to look at.
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "config/load.hpp"
#include "config/presence.hpp"
#include "doctor/offloads.hpp"
#include "doctor/report.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kDoctorAbout =
    "Looks at this machine, and at a configuration that is to run on it: devices and drivers, IOMMU, "
    "hugepages,\n"
    "CPUs, NUMA, RSS, what the kernel does with the same frames, the service. Says what it saw, and the line "
    "that\nmends it. Changes nothing. Exit code 1: there is trouble.";
constexpr std::string_view kDoctorExamples =
    "  ajar doctor                            the machine alone\n"
    "  ajar doctor -c /etc/ajar/ajar.toml     and whether this will run on it\n"
    "  ajar doctor -c ajar.toml --json        for programs\n";

/// What `ajar run --check` would complain about, a fault each.
std::vector<std::string> faults_of(const Config& config, const std::string& file) {
    std::vector<std::string> out;
    if (auto refused = config::refuse_run(config, file); !refused.empty()) out.push_back(std::move(refused));
    for (const auto& missing : config::absent(config))
        out.push_back(fmt::format("{}: {}", missing.path, missing.text));
    return out;
}

doctor::Patient admit(const std::string& file) {
    if (file.empty()) return doctor::admit(doctor::Sight(), file, std::nullopt, {});
    auto config = config::load_file(file);
    if (!config) return doctor::admit(doctor::Sight(), file, std::nullopt, {config.error()});
    auto faults = faults_of(*config, file);
    return doctor::admit(doctor::Sight(), file, std::move(*config), std::move(faults));
}

}  // namespace

int doctor_command(int argc, char** argv) {
    std::string file;
    bool json = false;
    CommandLine line("doctor", kDoctorAbout, kDoctorExamples);
    line.text("-c,--config", file, "FILE", "The configuration.");
    line.flag("--json", json, "One JSON object instead of a table.");
    if (const auto code = line.parse(argc, argv)) return *code;
    auto patient = admit(file);
    for (const auto& device : patient.devices)
        if (!device.pci && !device.interface.empty())
            patient.offloads[device.interface] = doctor::offloads_on(device.interface);
    const auto all = doctor::examine(patient);
    fmt::print("{}", json ? doctor::as_json(all, file) : doctor::as_text(all));
    return doctor::count(all, doctor::Grade::trouble) == 0 ? kGood : kFailed;
}

}  // namespace ajar::app
