// From bytes to a Packet: link, network and TCP headers, each length checked once, one exit with a Reason.
#pragma once

#include <cstdint>
#include <span>

#include "ajar/packet/packet.hpp"
#include "ajar/packet/tunnels.hpp"

namespace ajar {

/// Link types of captures (values are libpcap's DLT_ numbers as written in files, LINKTYPE_).
enum class LinkType : std::uint16_t {
    null = 0,
    ethernet = 1,
    ppp = 9,
    raw = 101,
    loop = 108,
    linux_sll = 113,
    ipv4 = 228,
    ipv6 = 229,
    nflog = 239,
    linux_sll2 = 276,
};

struct ParseOptions {
    LinkType link = LinkType::ethernet;
    std::uint8_t port_pair = 0;
    Tunnels decapsulate{};
    /// false: equal tuples of different VLANs or tunnels are one flow (Zeek's way)
    bool zone_from_vlan = true;
    /// Zeek's way too: a TCP header that does not add up still names its connection (Packet::headless),
    /// options may be malformed, and no address is impossible.
    bool lenient = false;
    /// Frames of a host's capture, which may stand before the card's segmentation: an IP length of 0 is then
    /// what the frame holds. On the wire it is no length.
    bool captured = false;
    bool verify_ip_checksum =
        false;  ///< refuse a wrong IPv4 header checksum; where hardware did not check it
};

/// Reads `head`, the first bytes of a frame of `wire_length` bytes (all of them, or at least its headers).
/// Fills everything but time, ordinal, hash, partition, port and checksum. Never reads beyond `head`; a frame
/// that cannot be read is `refused` under its Reason. A capture's snap length may cut the payload: lengths
/// come from the IP header, and only headers must be whole.
void parse(std::span<const std::uint8_t> head, std::uint32_t wire_length, const ParseOptions& options,
           Packet& out);

/// The same for the reassembled first bytes of a fragmented datagram, from its IP header on; `total` is the
/// TCP length (header and payload) of the whole datagram.
void parse_reassembled(const Packet& first, std::span<const std::uint8_t> transport, std::uint32_t total,
                       Packet& out);

}  // namespace ajar
