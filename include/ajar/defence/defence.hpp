// Control's side of the defence: adds up what the shards count, and says what is to be done.
//
//   shards, at any moment          control, every epoch                     shards, every call
//   half-open sketch   (+1, -1) -> sum -> gates of services and sources --.
//   answer sketch      (+1, -1) -> sum less that of 5 to 10 s ago --------+-> Posture
//   birth sketch           (+1) -> sum less that of a second ago ---------+
//   counts of named services    -> their own gates ----------------------'
//   counters (fill)             -> pressure ladder ------------------------'
//   observations of servers     -> profiles -------------------------------|
//   coverage sketches      (+1) -> sums less those of 2 to 4 min ago ------|
//   what others have told (defence/fleet.hpp), on top of the first two sums -'
//
// All of it is a sum over shards or sorted by the packets' ordinals, so a posture does not depend on how many
// shards there are. With the packet clock, and in a replay, every shard has judged all packets before the
// epoch, and none of it, when update() is called; on the TSC the sums are those of some moment.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ajar/defence/cell_gates.hpp"
#include "ajar/defence/coverage.hpp"
#include "ajar/defence/fleet.hpp"
#include "ajar/defence/heaviest.hpp"
#include "ajar/defence/herald.hpp"
#include "ajar/defence/host_gates.hpp"
#include "ajar/defence/named_gates.hpp"
#include "ajar/defence/posture.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/sketch_sums.hpp"
#include "ajar/flow/table_sizes.hpp"
#include "ajar/policy/services.hpp"

namespace ajar {

class Tracker;

/// Of a sketch of half-open flows: a full embryonic store makes an estimate too high by 64, expected.
std::uint32_t sketch_lines(const TableSizes& sizes);

/// The secret of cookies where the operator gives none.
tcp::cookie::Secret cookie_secret(const HashKey& key);

/// Is there anything that a posture could bring about? In observe it is only counted, on the TSC, what it
/// would have: where shards wait for each posture, that is not worth the time.
inline bool defends(const Policy& policy) {
    return enforces(policy) && policy.boundaries == Boundaries::conntrack;
}

/// One thread's own.
class Defence {
public:
    Defence(const TableSizes& sizes, const tcp::cookie::Secret& secret);

    /// What holds from `now` on, which does not run backwards. `wall` is the same instant by the clock that a
    /// fleet shares, and may be set. Another posture than last time only where something has changed; whoever
    /// still uses an older one keeps it.
    std::shared_ptr<const Posture> update(Time now, Time wall, std::span<Tracker* const> shards,
                                          const Policy& policy);
    /// With the packets' clock, which is the wall's too.
    std::shared_ptr<const Posture> update(Time now, std::span<Tracker* const> shards, const Policy& policy) {
        return update(now, now, shards, policy);
    }

    /// From now on: as Fleet::hear().
    void hear(bool tells, std::shared_ptr<const Pending> others) { fleet_.hear(tells, std::move(others)); }
    /// What is to be told to others, of the latest second.
    [[nodiscard]] const Pending& pending() const { return fleet_.own(); }

    [[nodiscard]] const Posture& posture() const { return *posture_; }
    /// By the latest update.
    [[nodiscard]] std::span<const Change> changes() const { return changes_; }

private:
    struct Totals {
        std::array<std::uint64_t, 2> embryonic{}, confirmed{};  ///< places taken, by family
        std::uint64_t half_open = 0;
        std::uint64_t cookies = 0;  ///< and challenges: sent less those that came back, modulo 2^64
        std::uint64_t asked = 0;    ///< flows that began, and answers sent
    };
    static Totals totals_of(std::span<Tracker* const> shards);
    void learn(std::span<Tracker* const> shards);
    bool tell_profiles(Time now);
    [[nodiscard]] bool active() const;
    bool weigh(std::span<Tracker* const> shards, const Policy& policy, const Totals& totals, Time now);
    void sum_up(std::span<Tracker* const> shards, bool begins);
    void sum_rates(std::span<Tracker* const> shards, bool steps);
    bool weigh_rates(const DefencePolicy& policy, Time now);
    [[nodiscard]] bool none_open() const;
    [[nodiscard]] bool all_quiet(const DefencePolicy& policy, const Totals& totals, Time now) const;
    bool begin_generation(const Totals& totals, Time now);
    [[nodiscard]] std::uint32_t fullest(const std::array<std::uint64_t, 2>& used, std::uint64_t places,
                                        std::uint64_t more) const;
    bool weigh_hosts(std::span<Tracker* const> shards, const Policy& policy, const CountMarks& marks,
                     Time now);
    [[nodiscard]] bool nearly_full(const Totals& totals) const;
    bool weigh_networks(std::span<Tracker* const> shards, Time now);
    std::uint32_t next_share(std::uint32_t embryonic, Time now);
    bool climb(const Totals& totals, const Policy& policy, Time now);
    bool rotate(Time now, Time wall);
    bool purge(Time now);
    void publish(Time now);
    [[nodiscard]] Evidence evidence() const;

    TableSizes sizes_;
    tcp::cookie::Secret secret_;
    PageMemory memory_;
    SketchSums half_open_, cookies_;
    std::vector<std::uint32_t> base_, next_base_;  // sums of cookies, 5 to 10 s ago and up to 5 s ago
    std::vector<std::uint32_t> in_flight_;
    Fleet fleet_;
    std::span<const std::uint32_t> pending_;              // in_flight_, with what others tell
    std::uint64_t total_base_ = 0, next_total_base_ = 0;  // likewise, of all services
    Time generation_{};
    CellGates services_, sources_, full_;  // by half-open flows
    HostGates hosts_;
    struct Rates {  // and by what begins in a second: only where the policy names a rate
        Rates(Memory& memory, std::uint32_t lines);
        SketchSums sums;
        bool begun = false;
        std::vector<std::uint32_t> base, next_base, grown;              // of connections that began
        std::vector<std::uint32_t> asked_base, asked_next_base, asked;  // and with cookies sent
        CellGates services, sources, full;
    };
    std::unique_ptr<Rates> rates_;
    CoverageWatch coverage_;
    RateWindow window_;
    std::uint64_t asked_base_ = 0, asked_next_base_ = 0;
    NamedGates named_;
    Ladder ladder_;
    Heaviest heaviest_;
    Fill fill_{};
    std::uint32_t share_ = kWholeShare;
    Time share_risen_{};  // or last lowered
    bool every_ = false;
    bool opened_ = false;  // a gate, at this update
    Time purge_at_ = Time::max();
    std::uint32_t purge_ = 0;
    Time every_until_{};
    ServerProfiles known_;
    bool news_ = false;
    Time told_{};
    std::shared_ptr<const ServerProfiles> profiles_;
    std::shared_ptr<const tcp::cookie::Keys> keys_;
    std::uint64_t key_phase_ = 0;
    Duration ahead_{};
    bool first_ = true;
    std::shared_ptr<const Posture> posture_;
    Herald herald_;
    std::span<const Change> changes_;
};

}  // namespace ajar
