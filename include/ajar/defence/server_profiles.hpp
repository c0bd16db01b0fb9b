// What do servers say in their SYN-ACKs? What a cookie promises in their name must be what they will do.
//
// Learned from handshakes that Ajar only watches, never typed in. A service that was never seen to answer has
// no profile, and gets no cookies: a closed port must not look open. Nor does one that has just refused a
// connection, be it for one client's sake, or of which SYN-ACKs say now this, now that (several hosts behind
// one address): until it has done the same for a while, its clients are challenged. What cookies have
// promised stays known meanwhile, for those that are still out.
#pragma once

#include <cstdint>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

struct ServerProfile {
    // features: what was asked of the server, and what it does
    static constexpr std::uint8_t kScale = 1, kSack = 2, kTimestamps = 4, kEcn = 8;

    std::uint16_t mss = 536;
    std::uint8_t scale = 0;  ///< its own, where it has kScale
    std::uint8_t asked = 0;
    std::uint8_t has = 0;
    bool refuses = false;  ///< connections, lately
    // Where SYN-ACKs contradict each other: how many more must say what the last ones did before that is
    // believed, and what these said.
    std::uint8_t doubts = 0;
    std::uint8_t last_scale = 0, last_asked = 0, last_has = 0;

    static constexpr std::uint8_t kDoubts = 16;

    /// May cookies promise this?
    [[nodiscard]] bool reliable() const { return !refuses && doubts == 0; }
    /// What cannot be taken back once it was promised (6 bits): a cookie is good for that alone.
    [[nodiscard]] std::uint8_t promise() const {
        const unsigned scaled = does(kScale) ? 0x10U | (scale & 0xfU) : 0U;
        return static_cast<std::uint8_t>(scaled | (does(kTimestamps) ? 0x20U : 0U));
    }
    /// Both sides must want it.
    [[nodiscard]] bool does(std::uint8_t feature) const { return (has & feature) != 0; }
    friend bool operator==(const ServerProfile&, const ServerProfile&) = default;
};

/// One SYN-ACK, or a refusal, as a shard saw it.
struct Observation {
    Time time{};
    std::uint64_t ordinal = 0;  ///< of the packet
    std::uint64_t service = 0;  ///< hash of the service's CountKey
    ServerProfile profile{};
    bool closed = false;  ///< it has refused a connection
};

/// What a SYN-ACK says of its server; `asked` are the features that the SYN offered.
ServerProfile profile_of(const Packet& syn_ack, std::uint8_t asked);
/// With what a later SYN-ACK adds: a feature that it was not asked for stays as it was known, and of the MSS
/// the least. One that contradicts what is known, in a feature or the scale, raises doubts; kDoubts that say
/// the same are believed.
ServerProfile updated(const ServerProfile& known, const ServerProfile& seen);
/// After a refusal.
ServerProfile refused(const ServerProfile& known);

/// By hash of the service. Written by one thread, read by all only as part of a Posture.
class ServerProfiles {
public:
    static constexpr std::size_t kMost = 1U << 15U;

    ServerProfiles() : places_(kLeastPlaces) {}

    [[nodiscard]] const ServerProfile* find(std::uint64_t service) const {
        for (std::size_t i = service & (places_.size() - 1);; i = (i + 1) & (places_.size() - 1)) {
            if (!places_[i].used) return nullptr;
            if (places_[i].service == service) return places_[i].gone ? nullptr : &places_[i].profile;
        }
    }
    /// Where there are kMost, a new service takes the place of another.
    void put(std::uint64_t service, const ServerProfile& profile);
    void remove(std::uint64_t service);
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::size_t kLeastPlaces = 64;
    struct Place {
        std::uint64_t service = 0;
        ServerProfile profile{};
        bool used = false, gone = false;
    };
    void make_room(std::uint64_t service);
    Place& place_of(std::uint64_t service);
    void rebuild();

    std::vector<Place> places_;  // at most half of them used; a power of two
    std::size_t size_ = 0, used_ = 0;
};

}  // namespace ajar
