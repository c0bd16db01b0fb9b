// Naming busy hosts, and judging what their services do not explain.
#include "ajar/defence/host_gates.hpp"

#include <algorithm>
#include <utility>

#include "ajar/tracker.hpp"
#include "defence/names.hpp"
#include "defence/spans.hpp"

namespace ajar {
namespace {

constexpr std::size_t kMostExplained = 1024;  // services

}  // namespace

bool HostGates::Services::answered(const CountKey& service, std::uint64_t hash) const {
    if (flooded.holds(hash) || (flooded_by_rate != nullptr && flooded_by_rate->holds(hash))) return true;
    const Service* const named = named_of(policy, service);
    return named != nullptr && named->counted;
}

struct HostGates::Scene {
    Time now;
    std::span<Tracker* const> shards;
    std::span<const std::uint32_t> pending;
    const Services& services;
    std::uint32_t mark, lines;

    [[nodiscard]] std::uint32_t of(std::uint64_t hash) const { return estimate_of(hash, pending, lines); }
    [[nodiscard]] std::uint64_t hash_of(const CountKey& name) const { return shards.front()->hash_of(name); }
    /// The heaviest first, whoever was seen first.
    template <typename Named>
    void rank(std::vector<Named>& named) const {
        std::sort(named.begin(), named.end(), [this](const Named& a, const Named& b) {
            return of(a.hash) != of(b.hash) ? of(a.hash) > of(b.hash) : a.name < b.name;
        });
        named.erase(std::unique(named.begin(), named.end(),
                                [](const Named& a, const Named& b) { return a.name == b.name; }),
                    named.end());
    }
};

bool HostGates::knows_host(std::uint64_t hash) const {
    return std::any_of(hosts_.begin(), hosts_.end(), [hash](const Host& h) { return h.hash == hash; });
}

bool HostGates::look_is_due(const Scene& s) {
    const std::size_t cells = busy_.open().size();
    soon_ |= cells > std::exchange(busy_cells_, cells);
    if (cells == 0 || s.shards.empty()) return false;
    const bool presses = std::any_of(hosts_.begin(), hosts_.end(),
                                     [&](const Host& h) { return !h.open && h.pending >= s.mark; });
    return s.now - looked_ >= (soon_ || presses ? kLookSoon : kLookAgain);
}

void HostGates::look_for_hosts(const Scene& s, std::span<const AskPart> parts) {
    std::vector<Host> found;
    Sieve sieve;
    for (const AskPart& part : parts) {
        for (const Ask& ask : part.sample) {
            const CountKey name = name_of(ask, CountKind::destination);
            const std::uint64_t hash = s.hash_of(name);
            if (sieve.passes(hash) && s.of(hash) >= s.mark && !knows_host(hash))
                found.push_back({.name = name, .hash = hash});
        }
    }
    s.rank(found);
    found.resize(std::min(found.size(), FewNames::kMost - hosts_.size()));
    hosts_.insert(hosts_.end(), found.begin(), found.end());
    std::sort(hosts_.begin(), hosts_.end(), [](const Host& a, const Host& b) { return a.name < b.name; });
}

void HostGates::look_for_services(const Scene& s, std::span<const AskPart> parts) {
    Sieve sieve;
    for (const AskPart& part : parts) {
        for (const Ask& ask : part.sample) {
            const std::uint64_t hash = s.hash_of(ask.service);
            if (!sieve.passes(hash)) continue;
            const std::uint64_t host = s.hash_of(name_of(ask, CountKind::destination));
            if (knows_host(host) && s.services.answered(ask.service, hash))
                services_.push_back({ask.service, hash, host});
        }
    }
    s.rank(services_);
    services_.resize(std::min(services_.size(), kMostExplained));
}

void HostGates::judge(Host& host, const CountMarks& marks, Time now, bool looked) {
    if (looked && host.pending >= marks.enter) opened_ |= !std::exchange(host.open, true);
    if (host.pending >= marks.leave) host.busy = now;
    if (!host.open || now - host.busy < marks.dwell) return;
    host.open = false;
    host.closed = now;
}

/// Returns whether something has changed.
bool HostGates::publish(const CountMarks& marks, Time now) {
    FewNames open, lately;
    for (const Host& host : hosts_) {
        if (host.open) open.add(host.hash);
        if (host.open || (host.closed != Time{} && now - host.closed < marks.linger)) lately.add(host.hash);
    }
    const bool changed = !(open == open_) || !(lately == lately_);
    open_ = open;
    lately_ = lately;
    return changed;
}

bool HostGates::update(Time now, std::span<Tracker* const> shards, std::span<const std::uint32_t> pending,
                       const Services& services, const CountMarks& marks) {
    const Scene scene{now, shards, pending, services, marks.enter, lines_};
    opened_ = false;
    busy_.update(pending, {marks.enter, marks.enter, {}, {}}, tick_of(now));
    const bool looks = look_is_due(scene);
    std::erase_if(services_, [&](const Known& k) { return !services.answered(k.name, k.hash); });
    if (looks) {
        looked_ = now;
        soon_ = false;
        const auto parts = asked_lately(shards, now);
        look_for_hosts(scene, parts);
        look_for_services(scene, parts);
    }
    for (Host& host : hosts_) {
        host.pending = scene.of(host.hash);
        for (const Known& k : services_)
            if (k.host == host.hash) host.pending -= std::min<std::uint64_t>(host.pending, scene.of(k.hash));
        judge(host, marks, now, looks);
    }
    const bool changed = publish(marks, now);
    std::erase_if(hosts_, [&](const Host& host) {
        return !lately_.has(host.hash) && scene.of(host.hash) < marks.enter;
    });
    return changed;
}

}  // namespace ajar
