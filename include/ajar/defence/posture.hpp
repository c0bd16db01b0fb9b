// What is done about floods, and known of the net, at this moment: an immutable snapshot, passed into every
// call beside the policy.
//
// Control makes it at an epoch from sums over all shards (defence/defence.hpp), so what it says of a packet
// does not depend on how partitions are spread over shards.
#pragma once

#include <cstdint>
#include <memory>

#include "ajar/defence/cell_set.hpp"
#include "ajar/defence/coverage.hpp"
#include "ajar/defence/few_names.hpp"
#include "ajar/defence/server_profiles.hpp"
#include "ajar/defence/service_states.hpp"
#include "ajar/policy/pressure.hpp"
#include "ajar/tcp/cookie.hpp"

namespace ajar {

/// A handshake that takes longer was not finished at once: its server's backlog is needed for others.
inline constexpr Duration kPurgeAge = std::chrono::seconds(1);

struct Posture {
    Time since{};
    bool active = false;                ///< SYNs may be answered, or cookies that were sent be accepted
    bool every_service = false;         ///< each is answered for; with cookies, each of reliable profile
    bool lately_every = false;          ///< or was, until lately
    std::uint8_t rungs = 0;             ///< of the ladder, a bit each
    std::uint32_t share = kWholeShare;  ///< of the embryonic timeouts, in 32nds (policy/pressure.hpp)
    /// Grows when half-open flows of flooded services are to give way: those that have been for kPurgeAge.
    std::uint32_t purge = 0;
    FewNames heaviest{};      ///< whose handshakes give way first in a full store
    CellSet flooded{};        ///< services whose SYNs are answered
    CellSet lately{};         ///< and those whose were until lately: their cookies are accepted
    FewNames hosts{};         ///< addresses, SYNs to all services of which are answered
    FewNames hosts_lately{};  ///< and those where they were until lately
    CellSet full{};           ///< services above a limit
    CellSet crowded{};        ///< sources above a limit, or that were until lately
    CellSet eager{};          ///< of these, those that were above their rate: whoever they are, it is they
    std::shared_ptr<const ServiceStates> named{};      ///< of services with marks of their own; null: none
    std::shared_ptr<const ServerProfiles> profiles{};  ///< null: none
    std::shared_ptr<const Coverage> coverage{};        ///< null: no network's is low
    bool unheard_lately = false;  ///< words have passed elsewhere: connections are counted by network
    std::shared_ptr<const tcp::cookie::Keys> keys{};  ///< null: no answers
    Duration ahead{};  ///< by so much the wall clock, which a fleet shares, is ahead of the tracker's

    [[nodiscard]] bool on(Rung r) const { return (rungs >> static_cast<unsigned>(r) & 1U) != 0; }

    // By the hashes of CountKeys: a service's, and its host's.

    [[nodiscard]] bool answers_for(std::uint64_t service, std::uint64_t host) const {
        return every_service || flooded.holds(service) || hosts.has(host);
    }
    [[nodiscard]] bool accepts_for(std::uint64_t service, std::uint64_t host) const {
        return lately_every || lately.holds(service) || hosts_lately.has(host) || answers_for(service, host);
    }
    [[nodiscard]] const ServerProfile* profile(std::uint64_t service) const {
        return profiles ? profiles->find(service) : nullptr;
    }

    /// Nothing is done.
    static const Posture& calm();
};

inline const Posture& Posture::calm() {
    static const Posture none{};
    return none;
}

}  // namespace ajar
