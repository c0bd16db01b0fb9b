// From a file to a Config: every fault of it at once, each with its place.
#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "config/assign.hpp"
#include "config/clash.hpp"
#include "config/document.hpp"
#include "config/domain.hpp"
#include "config/nearest.hpp"
#include "config/services.hpp"

namespace ajar::config {
namespace {

const Option* find_option(std::string_view section, std::string_view key) {
    for (const auto& option : options())
        if (option.section == section && option.key == key) return &option;
    return nullptr;
}

bool is_section(std::string_view name) {
    const auto all = sections();
    return std::any_of(all.begin(), all.end(), [&](const Section& s) { return s.name == name; });
}

std::string meant(std::string_view word) {
    return word.empty() ? std::string() : fmt::format("; did you mean {}?", word);
}

/// " ; did you mean ...": a near key of the section, else the same key of another one.
std::string near_key(const std::string& section, const std::string& key) {
    std::vector<std::string_view> keys;
    for (const auto& option : options()) {
        if (option.section == section) keys.push_back(option.key);
    }
    if (const auto near = nearest(key, keys); !near.empty()) return meant(near);
    for (const auto& option : options())
        if (option.key == key) return fmt::format("; {} belongs in [{}]", key, option.section);
    return {};
}

std::string near_section(std::string_view name) {
    std::vector<std::string_view> names = {"ports"};
    for (const auto& section : sections()) names.push_back(section.name);
    const auto near = nearest(name, names);
    return near == "ports" ? meant("[[ports]]") : meant(near.empty() ? "" : fmt::format("[{}]", near));
}

/// Reads one document into one Config and gathers what is wrong on the way.
class Loader {
public:
    Loader(const Document& document, std::string_view name, std::string_view profile)
        : document_(document), name_(name), profile_(profile) {}

    Result<Config> load() {
        read_profile();
        for (const auto& setting : document_.settings) read(setting);
        for (const auto& block : document_.ports) read_ports(block);
        for (const auto& block : document_.services) read_block(block);
        config_.policy.flow_end_events = config_.wants_flow_ends();
        for (const auto& clash : clashes(config_)) blame(place_of(clash.path), clash.path, clash.text);
        if (faults_.empty()) resolve_services(config_);
        if (faults_.empty()) return config_;
        return Error{text_of_faults()};
    }

private:
    struct Fault {
        Place place;
        std::string text;
    };

    /// Before all else, so that single values override it wherever they stand.
    void read_profile() {
        if (!profile_.empty()) {
            config_ = profile_config(profile_named(profile_).value_or(Profile::ajar));
            return;
        }
        for (const auto& s : document_.settings) {
            Config named = default_config();
            if (s.section != "policy" || s.key != "profile") continue;
            if (assign(*find_option("policy", "profile"), s.value, named)) continue;  // read() reports it
            config_ = profile_config(*profile_named(named.profile));
        }
    }

    void read(const Setting& s) {
        if (s.section.empty()) return read_top_level(s);
        if (!is_section(s.section)) return unknown_section(s.section, s.key_place);
        const auto* option = find_option(s.section, s.key);
        if (option == nullptr)
            return blame(s.key_place, "",
                         fmt::format("unknown key {} in [{}]{}", in_quotes(s.key), s.section,
                                     near_key(s.section, s.key)));
        places_[path_of(*option)] = s.key_place;
        if (!profile_.empty() && s.section == "policy" && s.key == "profile") return;
        if (const auto fault = assign(*option, s.value, config_))
            blame(s.value_place, path_of(*option), *fault);
    }

    void read_top_level(const Setting& s) {
        if (s.key == "ports")
            return blame(s.key_place, "",
                         "ports are blocks: write [[ports]] with a = \"...\" and b = \"...\"");
        if (s.key == "services")
            return blame(s.key_place, "",
                         "services are blocks: write [[services]] with name = \"...\" and prefixes = [...]");
        if (is_section(s.key))
            return blame(s.key_place, "", fmt::format("{} is a section: write [{}]", s.key, s.key));
        for (const auto& option : options())
            if (option.key == s.key)
                return blame(s.key_place, "", fmt::format("{} belongs in [{}]", s.key, option.section));
        blame(s.key_place, "", fmt::format("unknown key {} outside any section", in_quotes(s.key)));
    }

    /// Once per section, whatever it holds.
    void unknown_section(const std::string& section, Place place) {
        if (!places_.emplace("[" + section, place).second) return;
        if (section == "ports")
            return blame(place, "",
                         "[ports] takes double brackets: write [[ports]], one block for each pair");
        if (section == "services")
            return blame(place, "",
                         "[services] takes double brackets: write [[services]], one block for each");
        blame(place, "", fmt::format("unknown section [{}]{}", section, near_section(section)));
    }

    void read_block(const Block& block) {
        std::vector<BlockFault> faults;
        config_.services.push_back(read_service(block, faults));
        places_.emplace("services", block.place);
        for (const auto& fault : faults) blame(fault.place, fault.path, fault.text);
    }

    void read_ports(const Block& block) {
        places_.emplace("ports", block.place);
        PortPair pair;
        const auto faults = faults_.size();
        for (const auto& s : block.settings) read_port(s, pair);
        if (faults_.size() == faults) config_.ports.push_back(std::move(pair));
    }

    void read_port(const Setting& s, PortPair& pair) {
        if (s.key != "a" && s.key != "b")
            return blame(s.key_place, "",
                         fmt::format("unknown key {} in [[ports]]; it takes a and b", in_quotes(s.key)));
        const auto* text = std::get_if<std::string>(&s.value);
        if (text == nullptr)
            return blame(s.value_place, "ports." + s.key, "give a PCI address or a vdev, in quotes");
        (s.key == "a" ? pair.a : pair.b) = *text;
    }

    Place place_of(const std::string& path) const {
        const auto it = places_.find(path);
        return it == places_.end() ? Place{} : it->second;
    }

    void blame(Place place, std::string_view path, std::string_view text) {
        faults_.push_back({place, fmt::format("{}{}{}", path, path.empty() ? "" : ": ", text)});
    }

    std::string text_of_faults() {
        std::stable_sort(faults_.begin(), faults_.end(), [](const Fault& x, const Fault& y) {
            return std::pair(x.place.line, x.place.column) < std::pair(y.place.line, y.place.column);
        });
        std::string out;
        for (const auto& [place, text] : faults_) {
            const auto at = place.line == 0 ? std::string() : fmt::format("{}:{}:", place.line, place.column);
            out += fmt::format("{}{}:{} {}", out.empty() ? "" : "\n", name_, at, text);
        }
        return out;
    }

    const Document& document_;
    std::string_view name_;
    std::string_view profile_;  // instead of the document's
    Config config_ = default_config();
    std::map<std::string, Place> places_;
    std::vector<Fault> faults_;
};

}  // namespace

Config default_config() { return profile_config(Profile::ajar); }

Config profile_config(Profile profile) {
    Config config;
    config.profile = name(profile);
    config.policy = policy_of(profile);
    if (profile != Profile::zeek) config.policy.binding = Binding::port;
    if (profile == Profile::zeek) config.decapsulate.bits = Tunnels::kAll;
    return config;
}

namespace {

Result<Config> load_as(std::string_view text, std::string_view name, std::string_view profile) {
    const auto document = parse_document(text, name);
    if (!document) return Error{document.error()};
    return Loader(*document, name, profile).load();
}

}  // namespace

Result<Config> load_text(std::string_view text, std::string_view name) { return load_as(text, name, {}); }

Result<Config> load_file(const std::string& path, std::string_view profile) {
    std::ifstream file(path);
    std::ostringstream text;
    if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    if (!file.is_open() || file.bad())
        return Error{fmt::format("{}: {}; `ajar run --print-config` prints a file to start from", path,
                                 std::strerror(errno))};
    return load_as(text.str(), path, profile);
}

std::string refuse_run(const Config& config, std::string_view name) {
    std::string out;
    for (const auto& clash : run_clashes(config)) out += fmt::format("{}: {}\n", name, clash.text);
    for (const auto& clash : clashes(config))
        out += fmt::format("{} and the command line: {}: {}\n", name, clash.path, clash.text);
    return out;
}

}  // namespace ajar::config
