// The appliance as the control plane sees it. No word of DPDK: src/dataplane implements it over the real one,
// and tests over trackers of their own.
//
//     who            calls                         of what thread
//     server         order(), take_done(),         the server's alone
//                    events(), changes()
//     scans          trackers(), worker_of(),      any
//                    partition_of(), now(), policy()
//     server, scans  ask()                         any; `done` is called by main
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ajar/flow/hash.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tracker.hpp"
#include "control/facts.hpp"

namespace ajar::control {

/// What a worker is told to do between two bursts.
struct Order {
    std::uint64_t tag = 0;       ///< comes back
    std::uint8_t partition = 0;  ///< in which the flow is, and whose owner gets the order
    Family family = Family::ipv4;
    KeyV6 key{};              ///< IPv4 addresses in the first four bytes
    std::uint32_t birth = 0;  ///< Warm::birth_ordinal: no flow that has its tuple since
    std::optional<Action> action{};
};
struct Done {
    std::uint64_t tag = 0;
    bool found = false;  ///< and evicted
};

/// What only main may do.
struct Errand {
    enum class What : std::uint8_t { facts, posture, reload, block, unblock, profile, config };
    What what = What::facts;
    std::string word;                ///< of block, unblock: the prefix; of profile, config: a name, or empty
    std::optional<Duration> span{};  ///< of block
};

/// What has come of it.
struct Answer {
    bool good = true;
    std::string text;  ///< members of an answer with a comma before each; or why not
    std::shared_ptr<const Facts> facts{};
};

class Box {
public:
    virtual ~Box() = default;

    [[nodiscard]] virtual std::span<Tracker* const> trackers() const = 0;  ///< by worker; readers' calls only
    [[nodiscard]] virtual std::uint32_t worker_of(std::uint8_t partition) const = 0;
    /// Where flows between these ends are, whatever their zone; none where that depends on it.
    [[nodiscard]] virtual std::optional<std::uint8_t> partition_of(Family family, const KeyV6& key) const = 0;
    [[nodiscard]] virtual Time now() const = 0;
    [[nodiscard]] virtual std::shared_ptr<const Policy> policy() const = 0;

    /// Why no orders are taken, or nothing.
    [[nodiscard]] virtual std::string_view refuses_orders() const = 0;
    /// False: that worker has enough to do, try again.
    virtual bool order(const Order& order) = 0;
    /// What has been done since; returns how many.
    virtual std::size_t take_done(std::span<Done> out) = 0;

    /// Main does it soon and calls `done` with what came of it. False: too many errands wait.
    virtual bool ask(Errand errand, std::function<void(Answer)> done) = 0;

    /// What is told from now on, in the order in which main had it: the only reader is the server.
    virtual SpscRing<Event>& events() = 0;
    /// JSON lines about the defence, since the last call.
    virtual std::vector<std::string> changes() = 0;
    /// Wants flow starts and ends too.
    virtual void follow_all(bool wanted) = 0;
    /// Called by main when there are events or changes, after this was set. Once; before main begins.
    virtual void on_news(std::function<void()> wake) = 0;
};

}  // namespace ajar::control
