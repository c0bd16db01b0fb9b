// Services: read as overrides of single options, resolved into what holds for each.
#include "config/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "config/assign.hpp"
#include "config/domain.hpp"
#include "config/nearest.hpp"
#include "config/prefixes.hpp"

namespace ajar::config {
namespace {

const Option* option_of_service(std::string_view key) {
    for (const auto& option : options())
        if (option.by_service && option.key == key) return &option;
    return nullptr;
}

const Option& option_at(std::string_view path) {
    return *std::find_if(options().begin(), options().end(),
                         [&](const Option& option) { return path_of(option) == path; });
}

/// The texts of an array, each parsed.
template <typename T>
std::vector<T> parsed(const Setting& s, Result<T> (*parse)(std::string_view), std::string_view example,
                      std::string& fault) {
    const auto* texts = std::get_if<std::vector<std::string>>(&s.value);
    if (texts == nullptr) {
        fault = fmt::format("give an array, such as {}", example);
        return {};
    }
    std::vector<T> out;
    for (const auto& text : *texts) {
        auto one = parse(text);
        if (one) {
            out.push_back(*one);
        } else {
            fault = one.error();
        }
    }
    return out;
}

/// What is wrong with it, if anything.
std::string read_setting(const Setting& s, ServiceBlock& service) {
    std::string fault;
    if (s.key == "name") {
        const auto* text = std::get_if<std::string>(&s.value);
        if (text == nullptr || text->empty()) return "give a name, in quotes";
        service.name = *text;
    } else if (s.key == "prefixes") {
        service.prefixes = parsed(s, parse_prefix, "[\"203.0.113.0/24\", \"2001:db8::/48\"]", fault);
    } else if (s.key == "ports") {
        service.ports = parsed(s, parse_ports, "[443, \"8000-8099\"]", fault);
    } else if (const auto* option = option_of_service(s.key)) {
        Config own;
        own.policy = service.policy;
        if (auto wrong = assign(*option, s.value, own)) return *wrong;
        service.policy = own.policy;
        service.own.push_back(path_of(*option));
    } else {
        std::vector<std::string_view> keys{"name", "prefixes", "ports"};
        for (const auto& known : options())
            if (known.by_service) keys.push_back(known.key);
        const auto meant = nearest(s.key, keys);
        return "is no key of a service" + (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?");
    }
    return fault;
}

/// The policy, but for what the service says itself.
Policy policy_for(const Config& config, const ServiceBlock& service) {
    Config from, to;
    from.policy = service.policy;
    to.policy = config.policy;
    for (const auto& path : service.own) copy(option_at(path).field, from, to);
    return to.policy;
}

/// Marks that count all of the service's connections together.
bool has_marks(const ServiceBlock& service) {
    return std::any_of(service.own.begin(), service.own.end(),
                       [](const std::string& path) { return path.starts_with("defence.service_"); });
}

std::vector<Service> services_of(const Config& config, std::vector<Terms>& terms) {
    std::vector<Service> out;
    for (const auto& block : config.services) {
        const Policy policy = policy_for(config, block);
        const bool counted = has_marks(block) || policy.defence.answer == Answering::always;
        out.push_back({block.name, block.prefixes, block.ports, 0, counted, policy.defence});
        terms.push_back({policy.mode, policy.timeouts});
    }
    return out;
}

std::vector<Prefix> prefixes_of(const std::vector<std::string>& texts) {
    std::vector<Prefix> out;
    for (const auto& text : texts) out.push_back(*parse_prefix(text));
    return out;
}

template <typename T>
std::string array_of(const std::vector<T>& values, std::string (*format)(const T&)) {
    std::string out = "[";
    for (const auto& value : values) out += (out.size() > 1 ? ", " : "") + in_quotes(format(value));
    return out + "]";
}

std::string print_service(const ServiceBlock& service) {
    auto out = fmt::format("[[services]]\nname = {}\nprefixes = {}\n", in_quotes(service.name),
                           array_of(service.prefixes, format_prefix));
    if (!service.ports.empty()) out += fmt::format("ports = {}\n", array_of(service.ports, format_ports));
    Config own;
    own.policy = service.policy;
    for (const auto& option : options()) {
        if (std::find(service.own.begin(), service.own.end(), path_of(option)) == service.own.end()) continue;
        out += fmt::format("{} = {}\n", option.key, toml_value(option.field, own));
    }
    return out;
}

std::string keys_of_services() {
    std::string out, line = "#";
    for (const auto& option : options()) {
        if (!option.by_service) continue;
        if (line.size() + option.key.size() > 100) out += std::exchange(line, "#") + "\n";
        line += fmt::format(" {},", option.key);
    }
    line.back() = '.';
    return out + line + "\n";
}

}  // namespace

ServiceBlock read_service(const Block& block, std::vector<BlockFault>& faults) {
    ServiceBlock service;
    const auto before = faults.size();
    for (const auto& s : block.settings) {
        if (auto fault = read_setting(s, service); !fault.empty())
            faults.push_back({s.value_place, "services." + s.key, std::move(fault)});
    }
    if (faults.size() != before) return service;
    if (service.name.empty()) faults.push_back({block.place, "services", "a service needs a name"});
    if (service.prefixes.empty())
        faults.push_back({block.place, "services", "a service needs prefixes = [...], one or more"});
    return service;
}

std::vector<std::string> service_clashes(const Config& config) {
    std::vector<std::string> out;
    std::set<std::string> names;
    for (const auto& service : config.services)
        if (!names.insert(service.name).second)
            out.push_back(fmt::format("two services are called {}", in_quotes(service.name)));
    if (config.services.size() > kMostServices)
        out.push_back(
            fmt::format("{} services are too many: {} at most", config.services.size(), kMostServices));
    std::vector<Terms> terms;
    const auto services = services_of(config, terms);
    for (std::size_t i = 0; i < services.size(); ++i) {
        const auto& own = config.services[i].own;
        if (!services[i].counted && std::find(own.begin(), own.end(), "defence.dwell") != own.end())
            out.push_back(fmt::format("dwell of {} is nobody's: give it a mark of its own (service_...)",
                                      in_quotes(services[i].name)));
    }
    for (const auto& service : services)
        if (service.defence.service_low > service.defence.service_high)
            out.push_back(
                fmt::format("service_low of {} is above its service_high", in_quotes(service.name)));
    if (!assign_terms({config.policy.mode, config.policy.timeouts}, services, terms, nullptr))
        out.push_back(
            fmt::format("services may differ from [policy] and [timeouts] in {} ways at most, and "
                        "these do in more: give some of them the same mode and timers",
                        kMostTerms - 1));
    return out;
}

void resolve_services(Config& config, const std::shared_ptr<const Services>& running) {
    config.policy.sources =
        config.trusted.empty() && config.blocked.empty()
            ? nullptr
            : std::make_shared<const SourceLists>(prefixes_of(config.trusted), prefixes_of(config.blocked));
    if (config.services.empty()) {
        config.policy.services = nullptr;
        return;
    }
    std::vector<Terms> terms;
    auto services = services_of(config, terms);
    const Terms usual{config.policy.mode, config.policy.timeouts};
    auto table = assign_terms(usual, services, terms, running.get());
    if (!table) table = assign_terms(usual, services, terms, nullptr);
    for (std::size_t i = 0; i < services.size(); ++i) services[i].terms = table->of[i];
    const auto serial = running ? running->serial() + 1 : 1;
    auto next = std::make_shared<const Services>(std::move(services), table->terms, table->taken, serial);
    config.policy.services = running && running->same_as(*next) ? running : std::move(next);
}

std::string print_services(const Config& config) {
    auto out = fmt::format(
        "\n\n"
        "# Services: prefixes and ports for which something else holds. The longest prefix that has the "
        "port\n"
        "# counts. Only a connection's first packet is looked up. Each may say for itself:\n{}"
        "# Limits and marks (service_...) then count the connections of all its addresses and ports "
        "together.\n",
        keys_of_services());
    if (config.services.empty())
        return out +
               "# [[services]]\n# name = \"web\"\n# prefixes = [\"203.0.113.0/24\", \"2001:db8::/48\"]\n"
               "# ports = [80, 443, \"8000-8099\"]\n# service_high = 5000\n# established = \"1h\"\n";
    for (const auto& service : config.services) out += print_service(service);
    return out;
}

}  // namespace ajar::config
