// What a running appliance takes over from a changed file: the option table says which is which.
#include "config/reload.hpp"

#include "config/domain.hpp"
#include "config/option.hpp"
#include "config/services.hpp"

namespace ajar::config {
Reload reload(const Config& running, const Config& wanted) {
    Reload out{running, {}, {}};
    if (running.policy.boundaries != wanted.policy.boundaries) {
        out.waiting.emplace_back("policy.profile");  // living flows were cut by the other rule
        return out;
    }
    for (const auto& option : options()) {
        if (toml_value(option.field, running) == toml_value(option.field, wanted)) continue;
        if (option.reloadable) copy(option.field, wanted, out.config);
        (option.reloadable ? out.changed : out.waiting).push_back(path_of(option));
    }
    if (print_services(running) != print_services(wanted)) {
        out.config.services = wanted.services;
        out.changed.emplace_back("services");
    }
    resolve_services(out.config, running.policy.services);
    if (running.ports != wanted.ports) out.waiting.emplace_back("ports");
    if (!out.changed.empty()) ++out.config.policy.generation;
    return out;
}

}  // namespace ajar::config
