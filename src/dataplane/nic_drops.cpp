// Rules of rte_flow: IPv4 or IPv6 source, SYN set and ACK not, drop.
#include "dataplane/nic_drops.hpp"

#include <fmt/format.h>
#include <rte_flow.h>

#include <algorithm>
#include <array>

#include "config/prefixes.hpp"

namespace ajar::dataplane {
namespace {

bool all_enforce(const Policy& policy) {
    if (policy.mode != Mode::enforce) return false;
    const Services* const services = policy.services.get();
    for (std::size_t id = 1; services != nullptr && id <= services->size(); ++id) {
        const auto terms = (*services)[static_cast<ServiceId>(id)].terms;
        if (terms != 0 && services->terms()[terms].mode != Mode::enforce) return false;
    }
    return true;
}

bool holds_trusted(const Config& config, const std::string& prefix) {
    return std::any_of(config.trusted.begin(), config.trusted.end(), [&](const auto& trusted) {
        return config::is_within(*config::parse_prefix(trusted), *config::parse_prefix(prefix));
    });
}

std::string prefix_of(const CountKey& source) {
    const auto bits = 8 * prefix_bytes(source.kind, source.family);
    return config::format_prefix({source.family, static_cast<std::uint8_t>(bits), source.address});
}

bool blocked_for_its_rate(const Change& c) {
    return info(c.kind).measure == Measure::block && c.subject == Subject::name && c.by_rate &&
           c.mode == Mode::enforce;
}

/// The items of a rule, which point into it.
struct Pattern {
    explicit Pattern(const Prefix& source) {
        const auto set = [&](std::uint8_t* spec, std::uint8_t* mask) {
            for (unsigned i = 0; i < source.bits; ++i)
                mask[i / 8] = static_cast<std::uint8_t>(mask[i / 8] | 0x80U >> i % 8);
            std::copy_n(source.address.begin(), source.family == Family::ipv4 ? 4 : 16, spec);
        };
        const bool v4 = source.family == Family::ipv4;
        if (v4) {
            set(reinterpret_cast<std::uint8_t*>(&v4_spec.hdr.src_addr),
                reinterpret_cast<std::uint8_t*>(&v4_mask.hdr.src_addr));
        } else {
            set(v6_spec.hdr.src_addr, v6_mask.hdr.src_addr);
        }
        tcp_spec.hdr.tcp_flags = RTE_TCP_SYN_FLAG;
        tcp_mask.hdr.tcp_flags = RTE_TCP_SYN_FLAG | RTE_TCP_ACK_FLAG;
        items[0].type = RTE_FLOW_ITEM_TYPE_ETH;
        items[1].type = v4 ? RTE_FLOW_ITEM_TYPE_IPV4 : RTE_FLOW_ITEM_TYPE_IPV6;
        items[1].spec = v4 ? static_cast<const void*>(&v4_spec) : &v6_spec;
        items[1].mask = v4 ? static_cast<const void*>(&v4_mask) : &v6_mask;
        items[2].type = RTE_FLOW_ITEM_TYPE_TCP;
        items[2].spec = &tcp_spec;
        items[2].mask = &tcp_mask;
        items[3].type = RTE_FLOW_ITEM_TYPE_END;
    }
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;

    rte_flow_item_ipv4 v4_spec{}, v4_mask{};
    rte_flow_item_ipv6 v6_spec{}, v6_mask{};
    rte_flow_item_tcp tcp_spec{}, tcp_mask{};
    std::array<rte_flow_item, 4> items{};
};

}  // namespace

NicDrops::~NicDrops() {
    for (const auto& [where, rule] : rules_) rte_flow_destroy(where.first, rule, nullptr);
}

void NicDrops::forget(std::uint16_t port) {
    for (auto rule = rules_.begin(); rule != rules_.end();)
        rule = rule->first.first == port ? rules_.erase(rule) : std::next(rule);
}

bool NicDrops::create(const Where& where) {
    const auto& [port, prefix] = where;
    const Pattern pattern(*config::parse_prefix(prefix));
    rte_flow_attr attr{};
    attr.ingress = 1;
    std::array<rte_flow_action, 2> actions{};
    actions[0].type = RTE_FLOW_ACTION_TYPE_DROP;
    actions[1].type = RTE_FLOW_ACTION_TYPE_END;
    if (rte_flow_validate(port, &attr, pattern.items.data(), actions.data(), nullptr) != 0) return false;
    rte_flow* const rule = rte_flow_create(port, &attr, pattern.items.data(), actions.data(), nullptr);
    if (rule != nullptr) rules_[where] = rule;
    return rule != nullptr;
}

std::set<NicDrops::Where> NicDrops::wanted(const Config& config) const {
    std::set<Where> out;
    if (!config.nic_drops || !all_enforce(config.policy)) return out;
    const auto add = [&](const Where& where) {
        if (!holds_trusted(config, where.second)) out.insert(where);
    };
    for (const auto& prefix : config.blocked)
        for (const std::uint16_t port : ports_) add({port, prefix});
    for (const Where& where : learned_) add(where);
    return out;
}

// The low 24 bits of a zone are a VLAN's or a tunnel's: no rule names those.
std::vector<std::string> NicDrops::follow(const Config& config, const Situation& now) {
    learned_.clear();
    for (const Change& c : now.now()) {
        if (!blocked_for_its_rate(c) || (c.name.zone & 0xffffffU) != 0) continue;
        if (standing_of(config.policy, c.name) == Standing::trusted) continue;
        const std::size_t first = 2 * std::size_t{c.name.zone >> 24U};
        for (std::size_t i = first; i < first + 2 && i < ports_.size(); ++i)
            learned_.insert({ports_[i], prefix_of(c.name)});
    }
    return follow_what_is_wanted(config);
}

std::vector<std::string> NicDrops::follow(const Config& config) {
    refused_.clear();
    return follow_what_is_wanted(config);
}

std::vector<std::string> NicDrops::follow_what_is_wanted(const Config& config) {
    const auto now_wanted = wanted(config);
    std::size_t changes = 0, refused = 0;
    for (auto rule = rules_.begin(); rule != rules_.end();) {
        if (now_wanted.count(rule->first) != 0) {
            ++rule;
            continue;
        }
        rte_flow_destroy(rule->first.first, rule->second, nullptr);
        rule = rules_.erase(rule);
        ++changes;
    }
    for (const Where& where : now_wanted) {
        if (rules_.count(where) != 0 || refused_.count(where) != 0) continue;
        if (create(where)) {
            ++changes;
        } else {
            refused_.insert(where);
            ++refused;
        }
    }
    if (changes + refused == 0) return {};
    return {fmt::format(
        "the ports drop SYNs of blocked sources by {} rules of their own{}", rules_.size(),
        refused == 0 ? "" : fmt::format("; {} that they do not offer are left to software", refused))};
}

}  // namespace ajar::dataplane
