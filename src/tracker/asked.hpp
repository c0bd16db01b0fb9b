// What is to be done with whoever asks for a service, by policy and posture?
#pragma once

#include "tracker/accounts.hpp"

namespace ajar::tracker {

/// The service that a packet asks for.
struct Asked {
    std::uint64_t hash;     ///< of its CountKey
    std::uint64_t host;     ///< and of its address's
    const Service* named;   ///< null: it has no name
    ServiceId counted = 0;  ///< not 0: its marks are its own
};

template <typename Key>
Asked asked_for(const Shard& shard, const Key& key, Side server) {
    Asked asked{service_hash(shard, key, server), destination_hash(shard, key, server), nullptr, 0};
    const ServiceId id = service_at(shard, key, server);
    if (id == 0) return asked;
    asked.named = &(*shard.policy->services)[id];
    if (asked.named->counted) asked.counted = id;
    return asked;
}

inline bool enforced(const Shard& shard, const Asked& asked) {
    return shard.modes[asked.named == nullptr ? 0 : asked.named->terms] == Mode::enforce;
}

inline bool says(const Shard& shard, const Asked& asked, std::uint8_t what) {
    const auto& states = shard.posture->named;
    return states && states->says(shard.policy->services->serial(), asked.counted, what);
}

inline const DefencePolicy& defence_of(const Shard& shard, const Asked& asked) {
    return asked.named == nullptr ? shard.policy->defence : asked.named->defence;
}

/// By what do its clients prove themselves?
inline SynProof proof_for(const Shard& shard, const Asked& asked) {
    return proof_by(*shard.policy, defence_of(shard, asked));
}

/// Are its SYNs to be answered? In observe that is only said.
inline bool is_flooded(const Shard& shard, const Asked& asked) {
    if (defence_of(shard, asked).answer == Answering::off) return false;
    if (asked.counted != 0)
        return shard.posture->every_service || says(shard, asked, ServiceStates::kAnswers);
    return shard.posture->answers_for(asked.hash, asked.host);
}

inline bool answers(const Shard& shard, const Asked& asked) {
    return enforced(shard, asked) && is_flooded(shard, asked);
}

/// Are the cookies of such answers accepted at `now`?
inline bool accepts(const Shard& shard, const Asked& asked, Time now) {
    const DefencePolicy& defence = defence_of(shard, asked);
    if (defence.answer == Answering::off || defence.method == SynProof::challenge) return false;
    if (!enforced(shard, asked) || now >= last_cookies(*shard.policy)) return false;
    if (asked.counted != 0) return shard.posture->lately_every || says(shard, asked, ServiceStates::kAccepts);
    return shard.posture->accepts_for(asked.hash, asked.host);
}

/// Is there no room for what is not answered?
inline bool is_full(const Shard& shard, const Asked& asked) {
    if (asked.counted != 0) return says(shard, asked, ServiceStates::kFull);
    return shard.posture->full.holds(asked.hash);
}

/// An answer is on its way, or has proven its client (`change` -1): cookies and challenges alike.
inline void count_answer(Shard& shard, const Asked& asked, std::int32_t change) {
    shard.cookies.shift(asked.hash, change);
    shard.cookies.shift(asked.host, change);
    if (asked.counted != 0) shard.service_counts.shift_cookies(asked.counted, change);
}

}  // namespace ajar::tracker
