// Learning what servers do.
#include "ajar/defence/server_profiles.hpp"

#include <algorithm>

namespace ajar {

ServerProfile profile_of(const Packet& syn_ack, std::uint8_t asked) {
    const TcpOptions& o = syn_ack.options;
    ServerProfile profile;
    if (o.has(TcpOptions::kMss)) profile.mss = o.mss;
    profile.scale = o.window_scale;
    profile.asked = asked;
    if (o.has(TcpOptions::kWindowScale)) profile.has |= ServerProfile::kScale;
    if (o.has(TcpOptions::kSackPermitted)) profile.has |= ServerProfile::kSack;
    if (o.has(TcpOptions::kTimestamps)) profile.has |= ServerProfile::kTimestamps;
    // Only a SYN that asked for it is answered so (RFC 3168 6.1.1).
    if (syn_ack.flags.has(TcpFlags::kEce)) {
        profile.asked |= ServerProfile::kEcn;
        profile.has |= ServerProfile::kEcn;
    }
    return profile;
}

namespace {

/// In what both were asked for.
bool agree(const ServerProfile& a, const ServerProfile& b) {
    constexpr unsigned kTold = ServerProfile::kScale | ServerProfile::kSack | ServerProfile::kTimestamps;
    const unsigned common = unsigned{a.asked} & b.asked & kTold;
    if (((unsigned{a.has} ^ b.has) & common) != 0) return false;
    return (common & a.has & ServerProfile::kScale) == 0 || a.scale == b.scale;
}

ServerProfile joined(const ServerProfile& known, const ServerProfile& seen) {
    ServerProfile out = seen;
    const unsigned kept = known.asked & ~unsigned{seen.asked};
    out.mss = std::min(known.mss, seen.mss);
    out.asked = static_cast<std::uint8_t>(known.asked | seen.asked);
    out.has = static_cast<std::uint8_t>((seen.has & seen.asked) | (known.has & kept));
    if ((kept & ServerProfile::kScale) != 0) out.scale = known.scale;
    return out;
}

ServerProfile doubted(ServerProfile known, const ServerProfile& last, std::uint8_t doubts) {
    known.refuses = false;
    known.doubts = doubts;
    known.last_scale = last.scale;
    known.last_asked = last.asked;
    known.last_has = last.has;
    return known;
}

}  // namespace

ServerProfile updated(const ServerProfile& known, const ServerProfile& seen) {
    if (known.doubts == 0)
        return agree(known, seen) ? joined(known, seen) : doubted(known, seen, ServerProfile::kDoubts);
    ServerProfile last = seen;
    last.scale = known.last_scale;
    last.asked = known.last_asked;
    last.has = known.last_has;
    if (!agree(last, seen)) return doubted(known, seen, ServerProfile::kDoubts);
    last = joined(last, seen);
    if (known.doubts == 1) return last;
    return doubted(known, last, static_cast<std::uint8_t>(known.doubts - 1));
}

ServerProfile refused(const ServerProfile& known) {
    ServerProfile out = known;
    out.refuses = true;
    return out;
}

ServerProfiles::Place& ServerProfiles::place_of(std::uint64_t service) {
    std::size_t i = service & (places_.size() - 1);
    while (places_[i].used && places_[i].service != service) i = (i + 1) & (places_.size() - 1);
    return places_[i];
}

void ServerProfiles::rebuild() {
    std::vector<Place> old(std::max(kLeastPlaces, places_.size() * (size_ * 4 > places_.size() ? 2 : 1)));
    old.swap(places_);
    used_ = size_;
    for (const Place& place : old) {
        if (place.used && !place.gone) place_of(place.service) = place;
    }
}

void ServerProfiles::put(std::uint64_t service, const ServerProfile& profile) {
    if (find(service) == nullptr && size_ == kMost) make_room(service);
    if ((used_ + 1) * 2 > places_.size()) rebuild();
    Place& place = place_of(service);
    used_ += place.used ? 0U : 1U;
    size_ += place.used && !place.gone ? 0U : 1U;
    place = {service, profile, true, false};
}

/// Whoever comes next in the table: as good as chance.
void ServerProfiles::make_room(std::uint64_t service) {
    std::size_t i = service & (places_.size() - 1);
    while (!places_[i].used || places_[i].gone) i = (i + 1) & (places_.size() - 1);
    places_[i].gone = true;
    --size_;
}

void ServerProfiles::remove(std::uint64_t service) {
    Place& place = place_of(service);
    if (!place.used || place.gone) return;
    place.gone = true;
    --size_;
}

}  // namespace ajar
