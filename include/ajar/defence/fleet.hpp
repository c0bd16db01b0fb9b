// What is pending at the same services and addresses elsewhere, and what is to be told of one's own.
//
// Appliances behind one ECMP each see a part of a flood, and no part need pass a mark. Their sketches cannot
// be added up, for each hashes by a key of its own; names can. So once a second each tells, by name, whatever
// has a kPart of its mark pending here or more, kMost names of it at the most, the heaviest: a flood that is
// spread evenly over up to kPart appliances is told whole. What all others have told together is added to the
// cells of those names before gates compare them with their marks.
//
// Only gates that answer SYNs hear of others: service_high, destination_high, those of named services. What
// drops (limits) or evicts (the ladder) goes by one's own counts alone. So whoever lies in others' names can
// have clients prove themselves, and handshakes that take longer than a second make room as in any flood; he
// cannot keep a client out who is there, nor end what is established.
//
// A name holds its zone: the number of its port pair and its VLAN tags, which must mean the same everywhere.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/policy/policy.hpp"

namespace ajar {

class NamedGates;
class Tracker;

/// Half open, and answers that nobody has brought back.
struct Pending {
    std::map<CountKey, std::uint32_t> names{};  ///< of services and destinations
    /// Of services with marks of their own, by name.
    std::map<std::string, std::uint32_t, std::less<>> services{};

    [[nodiscard]] bool empty() const { return names.empty() && services.empty(); }
    [[nodiscard]] std::uint32_t of(const std::string& service) const {
        const auto at = services.find(service);
        return at == services.end() ? 0 : at->second;
    }
};

/// Control's, within its Defence.
class Fleet {
public:
    static constexpr std::size_t kMost = 256;    ///< names that are told
    static constexpr std::uint32_t kPart = 32;   ///< of a mark
    static constexpr std::size_t kHeard = 1024;  ///< names that are heard of; callers see to that
    static constexpr Duration kTellEvery = std::chrono::seconds(1);

    /// From now on. `tells`: own() is wanted. `others`: sums over all others, immutable; null: none.
    void hear(bool tells, std::shared_ptr<const Pending> others);
    /// Null: none tells of anything.
    [[nodiscard]] const Pending* others() const { return others_.get(); }
    /// Of one name, others' at the most.
    [[nodiscard]] std::uint32_t most() const { return most_; }

    /// `own` with others' on top; `own` itself where there are none.
    std::span<const std::uint32_t> join(std::span<const std::uint32_t> own, std::uint32_t lines,
                                        std::span<Tracker* const> shards);

    /// Is it time to look for what is to be told?
    [[nodiscard]] bool due(Time now) const { return tells_ && now - looked_ >= kTellEvery; }
    /// By the cells of what is pending here.
    void look(Time now, std::span<Tracker* const> shards, std::span<const std::uint32_t> own,
              std::uint32_t lines, const NamedGates& named, const Policy& policy);
    /// Of the latest look.
    [[nodiscard]] const Pending& own() const { return own_; }

private:
    struct Known {
        CountKey name{};
        std::uint64_t hash = 0;
        std::uint32_t count = 0;
    };
    struct Scene;
    void find(const Scene& s, std::span<const AskPart> parts);
    void weigh(const Scene& s);
    void tell(const NamedGates& named, const Policy& policy);

    bool tells_ = false;
    Time looked_{};
    std::shared_ptr<const Pending> others_;
    std::uint32_t most_ = 0;
    std::vector<std::uint32_t> joined_;
    std::vector<Known> known_;  // what was told last; found again as long as it weighs enough
    Pending own_;
};

}  // namespace ajar
