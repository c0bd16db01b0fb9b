// Sealing and opening SYN cookies.
#include "ajar/tcp/cookie.hpp"

#include <algorithm>

#include "ajar/flow/siphash.hpp"

namespace ajar::tcp::cookie {
namespace {

constexpr unsigned kTagAt = 8, kScaleAt = 5, kMssAt = 2, kSackAt = 1;
constexpr std::uint32_t kCodes = 0xffU, kCode = 7U, kKeyBit = 1U;

// Codes of both tables: 0 is "not said", so entry 0 is never chosen. What is between two entries is rounded
// down, for a peer may always send less than it was told.
constexpr std::array<std::uint16_t, 8> kMssV4 = {0, 536, 1024, 1300, 1360, 1400, 1440, 1460};
constexpr std::array<std::uint16_t, 8> kMssV6 = {0, 1220, 1280, 1340, 1360, 1380, 1400, 1440};
constexpr std::array<std::uint8_t, 8> kScales = {0, 0, 2, 4, 6, 7, 8, 10};

constexpr unsigned kStampBits = 6;
constexpr std::uint32_t kStampMask = (1U << kStampBits) - 1, kNoScale = 15, kStampSack = 0x10,
                        kStampEcn = 0x20;

const std::array<std::uint16_t, 8>& mss_table(const Packet& packet) {
    return packet.family == Family::ipv4 ? kMssV4 : kMssV6;
}

/// The last entry from 1 on that is not above `value`; 0 when the first one is.
template <typename T>
std::uint32_t code_of(const std::array<T, 8>& table, T value) {
    return static_cast<std::uint32_t>(std::upper_bound(table.begin() + 1, table.end(), value) -
                                      table.begin()) -
           1;
}

std::uint32_t codes_of(const Packet& syn) {
    const TcpOptions& o = syn.options;
    const std::uint32_t mss = o.has(TcpOptions::kMss) ? code_of(mss_table(syn), o.mss) : 0;
    const std::uint32_t scale = o.has(TcpOptions::kWindowScale) ? code_of(kScales, o.window_scale) : 0;
    const std::uint32_t sack = o.has(TcpOptions::kSackPermitted) ? 1 : 0;
    return scale << kScaleAt | mss << kMssAt | sack << kSackAt;
}

/// `packet` gives the endpoints; the client sent `seq` with its SYN, and the cookie's lower bits are `codes`.
/// Bit 41 of the last word is a challenge's (tcp/challenge.cpp).
std::uint32_t tag_of(const Keys& keys, const Packet& packet, std::uint32_t seq, std::uint32_t codes,
                     std::uint8_t promise) {
    const Mac& mac = keys.key(codes & kKeyBit, packet.family);
    const auto last = std::uint64_t{seq} | std::uint64_t{codes} << 32U | std::uint64_t{packet.side} << 40U |
                      std::uint64_t{promise} << 42U;
    const auto sum = packet.family == Family::ipv4 ? mac.of(packet.v4, last) : mac.of(packet.v6, last);
    return static_cast<std::uint32_t>(sum) >> kTagAt;
}

/// The key of one period and family.
Mac derive(const Secret& master, std::uint64_t period, std::uint64_t family) {
    const auto half = [&](std::uint64_t which) {
        return siphash<2, 4>(master, std::array{period, 2 * family + which}, 0, 16);
    };
    return Mac({half(0), half(1)});
}

void take_stamp(std::uint32_t echoed, Offer& offer) {
    offer.timestamps = true;
    const std::uint32_t scale = echoed & 0xfU;
    offer.window_scale.reset();
    if (scale != kNoScale) offer.window_scale = static_cast<std::uint8_t>(scale);
    offer.sack_permitted = (echoed & kStampSack) != 0;
    offer.ecn = (echoed & kStampEcn) != 0;
}

}  // namespace

Keys::Keys(const Secret& master, Time now) {
    const Duration age = now.time_since_epoch();
    const auto period = static_cast<std::uint64_t>(age / kPeriod);
    const bool near_the_end = age % kPeriod >= kPeriod - kSkew;
    sealing_ = static_cast<std::uint32_t>(period & 1U);
    for (std::uint64_t family = 0; family < 2; ++family) {
        keys_[sealing_][family] = derive(master, period, family);
        keys_[sealing_ ^ 1U][family] = derive(master, near_the_end ? period + 1 : period - 1, family);
    }
}

std::uint32_t seal(const Keys& keys, const Packet& syn, std::uint8_t promise) {
    const std::uint32_t codes = codes_of(syn) | keys.sealing();
    return tag_of(keys, syn, syn.seq, codes, promise) << kTagAt | codes;
}

std::uint32_t seal_timestamp(std::uint32_t clock, const Packet& syn) {
    const TcpOptions& o = syn.options;
    std::uint32_t bits =
        o.has(TcpOptions::kWindowScale) ? std::min<std::uint32_t>(o.window_scale, 14) : kNoScale;
    if (o.has(TcpOptions::kSackPermitted)) bits |= kStampSack;
    if (syn.flags.has(TcpFlags::kEce) && syn.flags.has(TcpFlags::kCwr)) bits |= kStampEcn;
    const std::uint32_t sealed = (clock & ~kStampMask) | bits;
    return sealed - clock <= kStampMask && sealed != clock ? sealed - kStampMask - 1 : sealed;
}

std::optional<Offer> open(const Keys& keys, const Packet& ack, std::uint8_t promise) {
    const std::uint32_t cookie = ack.ack - 1, codes = cookie & kCodes;
    if (tag_of(keys, ack, ack.seq - 1, codes, promise) != cookie >> kTagAt) return std::nullopt;
    Offer offer;
    offer.mss = mss_table(ack)[codes >> kMssAt & kCode];
    if (const auto scale = codes >> kScaleAt & kCode; scale != 0) offer.window_scale = kScales[scale];
    offer.sack_permitted = (codes >> kSackAt & 1U) != 0;
    if (ack.options.has(TcpOptions::kTimestamps)) take_stamp(ack.options.ts_echo, offer);
    return offer;
}

}  // namespace ajar::tcp::cookie
