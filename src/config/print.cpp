// The effective configuration as an annotated file, which reads back to the same configuration.
#include "config/print.hpp"

#include <fmt/format.h>

#include "config/domain.hpp"
#include "config/load.hpp"
#include "config/option.hpp"
#include "config/services.hpp"

namespace ajar::config {
namespace {

constexpr std::string_view kHead =
    "# Ajar's configuration: every key, its values and its default. Leave out what you do not change.\n"
    "# Printed by `ajar run --print-config`; check yours with `ajar run -c FILE --check`.\n"
    "# Keys marked (restart) are read at start only, the others also on SIGHUP.\n";

constexpr std::string_view kPortsHelp =
    "\n"
    "# Port pairs: what comes in on one side leaves on the other. A port is a PCI address or a DPDK vdev.\n";

constexpr std::string_view kPortsExample =
    "# [[ports]]\n"
    "# a = \"0000:3b:00.0\"\n"
    "# b = \"net_af_packet0,iface=eth0\"\n";

std::string commented(std::string_view text) {
    std::string out = "# ";
    for (const char c : text) out += c == '\n' ? std::string("\n# ") : std::string(1, c);
    return out + "\n";
}

/// "128 to 1Gi; default 1Mi (restart)"
std::string facts(const Option& option, const Config& defaults) {
    return fmt::format("{}; default {}{}", describe(option.field), toml_value(option.field, defaults),
                       option.reloadable ? "" : " (restart)");
}

std::string print_option(const Option& option, const Config& config, const Config& defaults) {
    return fmt::format("\n{}{}{} = {}\n", commented(option.help), commented(facts(option, defaults)),
                       option.key, toml_value(option.field, config));
}

std::string print_section(const Section& section, const Config& config, const Config& defaults) {
    auto out = fmt::format("\n\n{}[{}]\n", commented(section.help), section.name);
    for (const auto& option : options())
        if (option.section == section.name) out += print_option(option, config, defaults);
    return out;
}

std::string print_ports(const Config& config) {
    std::string out(kPortsHelp);
    if (config.ports.empty()) return out.append(kPortsExample);
    for (const auto& [a, b] : config.ports)
        out += fmt::format("[[ports]]\na = {}\nb = {}\n", config::in_quotes(a), config::in_quotes(b));
    return out;
}

}  // namespace

std::string print(const Config& config) {
    const auto defaults = default_config();
    std::string out(kHead);
    out += print_ports(config);
    for (const auto& section : sections()) out += print_section(section, config, defaults);
    return out + print_services(config);
}

}  // namespace ajar::config
