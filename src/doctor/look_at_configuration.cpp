// Is the configuration right? Ports that are no machine's affair are found here, too.
#include <fmt/format.h>

#include "doctor/checks.hpp"

namespace ajar::doctor {

Findings look_at_configuration(const Patient& patient) {
    Findings out;
    for (const auto& fault : patient.faults)
        out.push_back({Grade::trouble, fault, fmt::format("ajar run -c {} --check", patient.file)});
    if (patient.file.empty())
        return {{Grade::ok, "none was named: this is about the machine alone (-c FILE looks at both)"}};
    if (!out.empty() || !patient.config) return out;
    const auto& config = *patient.config;
    const std::string_view mode = name(config.policy.mode);
    return {{Grade::ok, fmt::format("{} is right: mode {}, {} port pair{}, {} worker{}", patient.file, mode,
                                    config.ports.size(), config.ports.size() == 1 ? "" : "s", config.workers,
                                    config.workers == 1 ? "" : "s")}};
}

}  // namespace ajar::doctor
