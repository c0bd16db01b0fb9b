// SYN cookies: what a SYN said, kept in the numbers of its answer instead of in memory.
//
// The answer's sequence number is 24 bits of a keyed MAC over both endpoints, the client's sequence number
// and the lower 8 bits, which are a code of the SYN's options:
//
//     31                      8 7     5 4   2  1    0
//    | tag                     | scale |  MSS |SACK| key |
//
// Where the SYN carried timestamps, the lowest 6 bits of the answer's TSval hold what comes back in the ACK's
// TSecr: window scale (4 bits, 15 = none), SACK, ECN (as Linux has it). A client that changes them harms
// itself alone.
//
// A cookie may be good for one promise alone: what was said in the server's name, which the MAC covers, too.
//
// Two keys: each seals for one period and is accepted for one more. The bit in the cookie says which of the
// two sealed it, so a guess is tried against one key only and succeeds once in 2^24. In the last second of a
// period the other one is the next: what an appliance with a clock ahead has sealed is accepted then. A
// period's key follows from the master key and the period's number, so appliances that share a master key
// and the time accept each other's cookies without a word between them.
//
// A guess costs the guesser a packet and us one MAC (tcp/cookie_mac.hpp), so nothing is asked before it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "ajar/clock.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/cookie_mac.hpp"

namespace ajar::tcp::cookie {

inline constexpr Duration kPeriod = std::chrono::seconds(15);
inline constexpr Duration kSkew = std::chrono::seconds(1);

/// What holds at an instant: which key seals, which are accepted. Shared by all workers, read only.
class Keys {
public:
    Keys(const Secret& master, Time now);

    /// Bit 0 of the cookies that are sealed now.
    [[nodiscard]] std::uint32_t sealing() const { return sealing_; }
    /// The key of cookies with bit 0 like `bit`. One for each family, whose messages differ in length.
    [[nodiscard]] const Mac& key(std::uint32_t bit, Family family) const {
        return keys_[bit & 1U][family == Family::ipv4 ? 0 : 1];
    }

private:
    std::array<std::array<Mac, 2>, 2> keys_;
    std::uint32_t sealing_;
};

/// What is remembered of a first SYN.
struct Offer {
    std::uint16_t mss = 0;  ///< not above what the SYN said; 0: it said nothing (536; 1220 with IPv6)
    std::optional<std::uint8_t> window_scale{};  ///< not above what it said
    bool sack_permitted = false;
    bool timestamps = false;
    bool ecn = false;  ///< known only with timestamps

    friend bool operator==(const Offer&, const Offer&) = default;
};

/// The sequence number of the answer to `syn`. `promise` has 6 bits.
std::uint32_t seal(const Keys& keys, const Packet& syn, std::uint8_t promise = 0);

/// The TSval of the answer, where `syn` has timestamps: the latest value not after `clock` with those lowest
/// bits, for what the server will say by that clock must not look older (RFC 7323 5).
std::uint32_t seal_timestamp(std::uint32_t clock, const Packet& syn);

/// What the SYN said, if `ack` acknowledges a cookie for its own endpoints and number: a segment whose SEQ is
/// the SYN's + 1 and whose ACK is the cookie + 1. For that promise.
std::optional<Offer> open(const Keys& keys, const Packet& ack, std::uint8_t promise = 0);

}  // namespace ajar::tcp::cookie
