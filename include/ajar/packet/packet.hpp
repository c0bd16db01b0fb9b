// One parsed frame: everything the tracker needs, so that nothing after the parser reads the frame again.
#pragma once

#include <cstdint>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/reason.hpp"

namespace ajar {

/// TCP flag bits as on the wire (RFC 9293 3.1).
struct TcpFlags {
    static constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10,
                                  kUrg = 0x20, kEce = 0x40, kCwr = 0x80;
    std::uint8_t bits = 0;
    [[nodiscard]] constexpr bool has(std::uint8_t mask) const { return (bits & mask) != 0; }
    [[nodiscard]] constexpr bool fin() const { return has(kFin); }
    [[nodiscard]] constexpr bool syn() const { return has(kSyn); }
    [[nodiscard]] constexpr bool rst() const { return has(kRst); }
    [[nodiscard]] constexpr bool ack() const { return has(kAck); }
    friend constexpr bool operator==(TcpFlags, TcpFlags) = default;
};

/// Options of the segment that matter to tracking. Absent values are 0 unless said otherwise.
struct TcpOptions {
    static constexpr std::uint8_t kMss = 1, kWindowScale = 2, kSackPermitted = 4, kSack = 8, kTimestamps = 16,
                                  kFastOpen = 32,
                                  kEndToEnd = 64,  ///< MD5, TCP-AO, MP_JOIN: the server's to answer
        kSigned = 128;                             ///< of these, MD5 and TCP-AO
    std::uint8_t present = 0;                      ///< bits above
    std::uint8_t window_scale = 0;                 ///< clamped to 14 (RFC 7323 2.3)
    std::uint16_t mss = 0;
    std::uint32_t ts_value = 0;
    std::uint32_t ts_echo = 0;
    std::uint32_t sack_right = 0;  ///< highest right edge of the SACK blocks (serial maximum)
    [[nodiscard]] constexpr bool has(std::uint8_t mask) const { return (present & mask) != 0; }
};

enum class PacketKind : std::uint8_t {
    tcp,         ///< a whole TCP segment (or a completed datagram): to be tracked
    icmp_error,  ///< an ICMP error; key, side, seq are those of the quoted TCP packet
    fragment,    ///< a fragment: to be held (see flow/fragments.hpp)
    pass,        ///< not ours: passes under `reason`
    refused,     ///< the parser would not read it: `reason` says why
};

/// Value of Packet::checksum: what is known of the TCP (and IPv4 header) checksum.
enum class Checksum : std::uint8_t { unknown, good, bad };

/// Lengths are bytes, numbers host order. Filled by parse(), completed by the caller (time, ordinal,
/// checksum).
struct Packet {
    Time time{};                ///< not before the previous packet's of this shard
    std::uint64_t ordinal = 0;  ///< position in the input, over all ports and shards
    std::uint64_t hash =
        0;  ///< keyed hash of the key (flow/hash.hpp); low bits pick the bucket, high bits the tag

    PacketKind kind = PacketKind::pass;
    Family family = Family::ipv4;
    Reason reason = Reason::none;  ///< for kinds pass and refused
    Side side = 0;  ///< the key's endpoint that sent this packet (icmp_error: that sent the quoted one)
    TcpFlags flags{};
    Checksum checksum = Checksum::unknown;
    std::uint8_t ttl = 0;        ///< TTL or hop limit, of the innermost tracked IP header
    std::uint8_t tos = 0;        ///< DSCP and ECN
    std::uint8_t partition = 0;  ///< 0..127 (flow/steer.hpp)
    std::uint8_t port = 0;       ///< receiving port within its pair: 0 or 1
    bool tunnelled = false;      ///< inner packet of a decapsulated tunnel: no frame can be crafted for it
    bool lenient = false;        ///< was parsed with ParseOptions::lenient
    bool headless = false;  ///< a TCP header of wrong length, under `reason`: only with ParseOptions::lenient
    bool truncated = false;  ///< the capture cut the payload off (snap length); set by the reader of captures

    std::uint16_t window = 0;       ///< as on the wire, unscaled
    std::uint16_t l3_offset = 0;    ///< of the tracked IP header; what stands before is the link header
    std::uint16_t l4_offset = 0;    ///< of the TCP header (fragment: of its piece of the datagram)
    std::uint16_t link_length = 0;  ///< bytes of Ethernet, tags, labels, PPPoE before the outermost IP header
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t payload = 0;      ///< TCP payload by the IP length, or of the whole datagram
                                    ///< (fragment: bytes of its piece)
    std::uint32_t ip_length = 0;    ///< IP total length (IPv6: payload length + 40)
    std::uint32_t wire_length = 0;  ///< frame length
    std::uint32_t flow_label = 0;   ///< IPv6 flow label, 20 bits
    TcpOptions options{};

    // kind == fragment
    std::uint32_t fragment_id = 0;
    std::uint16_t fragment_offset = 0;  ///< bytes
    bool more_fragments = false;
    std::uint8_t fragment_protocol = 0;  ///< IP protocol or next header of the datagram
    // kind == tcp
    std::uint16_t pieces = 0;  ///< of a reassembled datagram: the frames that its payload stands in
    // kind == icmp_error
    std::uint16_t quote_offset = 0;  ///< of the quoted TCP header, of which 8 bytes are there or more

    const std::uint8_t* frame = nullptr;  ///< first byte of the frame (headers contiguous)

    union {
        KeyV4 v4;
        KeyV6 v6;
    };

    Packet() : v6{} {}

    /// Sequence space that the segment takes: payload plus one for SYN and one for FIN.
    [[nodiscard]] std::uint32_t seq_length() const {
        return payload + (flags.syn() ? 1U : 0U) + (flags.fin() ? 1U : 0U);
    }
    [[nodiscard]] std::uint32_t seq_end() const { return seq + seq_length(); }
};

}  // namespace ajar
