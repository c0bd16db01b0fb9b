// Finding what to tell, and adding what others told.
#include "ajar/defence/fleet.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ajar/defence/named_gates.hpp"
#include "ajar/tracker.hpp"
#include "defence/names.hpp"

namespace ajar {
namespace {

/// 0: that mark is none.
std::uint32_t floor_of(std::uint32_t mark) {
    return mark == 0 ? std::numeric_limits<std::uint32_t>::max() : std::max(1U, mark / Fleet::kPart);
}

std::uint32_t capped_sum(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max() - 1;  // below "never"
    return static_cast<std::uint32_t>(std::min(a + b, kMost));
}

}  // namespace

struct Fleet::Scene {
    Time now;
    std::span<Tracker* const> shards;
    std::span<const std::uint32_t> cells;
    std::uint32_t lines;
    std::uint32_t noise;  // what a cell holds of others
    std::uint32_t service, destination;

    [[nodiscard]] std::uint32_t floor(CountKind kind) const {
        return kind == CountKind::service ? service : destination;
    }
    [[nodiscard]] std::uint32_t count(std::uint64_t hash) const {
        const auto n = estimate_of(hash, cells, lines);
        return n - std::min(n, noise);
    }
};

void Fleet::hear(bool tells, std::shared_ptr<const Pending> others) {
    if (!tells) {
        known_.clear();
        own_ = {};
    }
    tells_ = tells;
    if (others != nullptr && others->empty()) others = nullptr;
    if (others == others_) return;
    others_ = std::move(others);
    most_ = 0;
    if (others_ == nullptr) return;
    for (const auto& [name, count] : others_->names) most_ = std::max(most_, count);
}

std::span<const std::uint32_t> Fleet::join(std::span<const std::uint32_t> own, std::uint32_t lines,
                                           std::span<Tracker* const> shards) {
    if (others_ == nullptr || others_->names.empty() || shards.empty()) return own;
    joined_.assign(own.begin(), own.end());
    for (const auto& [name, count] : others_->names)
        for (const auto cell : cells_of(shards.front()->hash_of(name), lines))
            joined_[cell] = capped_sum(joined_[cell], count);
    return joined_;
}

void Fleet::find(const Scene& s, std::span<const AskPart> parts) {
    Sieve sieve;
    for (const AskPart& part : parts) {
        for (const Ask& ask : part.sample) {
            for (const auto kind : {CountKind::service, CountKind::destination}) {
                const CountKey name = name_of(ask, kind);
                const std::uint64_t hash = s.shards.front()->hash_of(name);
                if (sieve.passes(hash) && s.count(hash) >= s.floor(kind)) known_.push_back({name, hash, 0});
            }
        }
    }
}

/// The heaviest of them, by counts of now.
void Fleet::weigh(const Scene& s) {
    const auto by_name = [](const Known& a, const Known& b) { return a.name < b.name; };
    const auto same = [](const Known& a, const Known& b) { return a.name == b.name; };
    std::sort(known_.begin(), known_.end(), by_name);
    known_.erase(std::unique(known_.begin(), known_.end(), same), known_.end());
    for (Known& k : known_) k.count = s.count(k.hash);
    std::erase_if(known_, [&](const Known& k) { return k.count < s.floor(k.name.kind); });
    std::stable_sort(known_.begin(), known_.end(),
                     [](const Known& a, const Known& b) { return a.count > b.count; });
    known_.resize(std::min(known_.size(), kMost));
}

void Fleet::tell(const NamedGates& named, const Policy& policy) {
    own_ = {};
    for (const Known& k : known_) own_.names.emplace(k.name, k.count);
    if (policy.services == nullptr) return;
    for (ServiceId id = 1; id <= policy.services->size() && own_.services.size() < kMost; ++id) {
        const auto* const r = named.reading(id);
        const Service& service = (*policy.services)[id];
        if (r == nullptr) continue;
        const auto pending = capped_sum(r->pending - r->elsewhere, 0);
        if (pending >= floor_of(service.defence.service_high)) own_.services.emplace(service.name, pending);
    }
}

void Fleet::look(Time now, std::span<Tracker* const> shards, std::span<const std::uint32_t> own,
                 std::uint32_t lines, const NamedGates& named, const Policy& policy) {
    looked_ = now;
    if (shards.empty()) return;
    const auto all = std::accumulate(own.begin(), own.end(), std::uint64_t{0});
    const DefencePolicy& marks = policy.defence;
    const Scene scene{now,
                      shards,
                      own,
                      lines,
                      static_cast<std::uint32_t>(all / own.size()),
                      floor_of(marks.service_high),
                      floor_of(marks.destination_high)};
    find(scene, asked_lately(shards, now));
    weigh(scene);
    tell(named, policy);
}

}  // namespace ajar
