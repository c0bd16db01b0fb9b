// What was a packet's service promised, where no flow says so?
#pragma once

#include "ajar/policy/services.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// 0: it has no name.
template <typename Key>
ServiceId service_at(const Shard& shard, const Key& key, Side server) {
    const Services* const services = shard.policy->services.get();
    return services == nullptr ? ServiceId{0} : services->find(key.address[server], key.port[server]);
}

/// Of the service that the packet asks for, or else of the one that it speaks for.
template <typename Key>
std::uint8_t terms_of(const Shard& shard, const Key& key, Side sender) {
    if (shard.policy->services == nullptr) [[likely]]
        return 0;
    ServiceId id = service_at(shard, key, other(sender));
    if (id == 0) id = service_at(shard, key, sender);
    return id == 0 ? std::uint8_t{0} : (*shard.policy->services)[id].terms;
}

/// Of whoever asks for a connection, by the configuration.
template <typename Key>
Standing standing_of(const Shard& shard, const Key& key, Side client) {
    const SourceLists* const sources = shard.policy->sources.get();
    return sources == nullptr ? Standing::usual : sources->of(key.address[client]);
}

inline Mode mode_for(const Shard& shard, const Packet& packet) {
    return shard.modes[packet.family == Family::ipv4 ? terms_of(shard, packet.v4, packet.side)
                                                     : terms_of(shard, packet.v6, packet.side)];
}

}  // namespace ajar::tracker
