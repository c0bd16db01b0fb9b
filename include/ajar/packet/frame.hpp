// Frames from a description: what tests, benches and the traffic generator send. Not for a packet's way.
//
//   auto syn = FrameBuilder().ethernet().vlan(100).ipv4("10.0.0.1", "10.0.0.2")
//                  .tcp(40000, 443).seq(1000).flags(TcpFlags::kSyn).mss(1460).timestamps(7, 0).bytes();
//
// Calls may come in any order except that tags, labels, IPv6 extension headers and TCP options stand in the
// order in which they were called. All lengths and checksums are filled; Ethernet frames are padded to 60
// bytes. A builder is a value: keep one as a template, copy it, change what differs.
//
// Tunnels: the inner frame is the outer one's payload,
//   outer.udp(50000, 4789).payload(vxlan_header).append(inner.bytes())
// Fragments: whole.pieces(1480, id) cuts the datagram at multiples of 8 bytes; whole.piece(offset, length,
// id) is one fragment of it, for overlaps and holes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ajar/flow/key.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

using Mac = std::array<std::uint8_t, 6>;
using Bytes = std::vector<std::uint8_t>;

/// From text; throws std::invalid_argument.
Ipv4Address ipv4_address(std::string_view text);
Ipv6Address ipv6_address(std::string_view text);

class FrameBuilder {
public:
    static constexpr Mac kClientMac = {0x02, 0, 0, 0, 0, 0x01};
    static constexpr Mac kServerMac = {0x02, 0, 0, 0, 0, 0x02};
    static constexpr std::size_t kLeastEthernet = 60;  ///< without the check sequence

    // Link. Without ethernet() the frame begins at the IP header, or with what link() gave.
    FrameBuilder& ethernet(Mac source = kClientMac, Mac destination = kServerMac);
    FrameBuilder& link(std::span<const std::uint8_t> bytes);  ///< any link header, as it stands
    FrameBuilder& vlan(std::uint16_t id, std::uint16_t type = 0x8100, std::uint8_t priority = 0);
    FrameBuilder& etag(std::uint16_t id);
    FrameBuilder& mpls(std::uint32_t label);
    FrameBuilder& pppoe(std::uint16_t session);
    FrameBuilder& unpadded();

    // Network.
    FrameBuilder& ipv4(Ipv4Address source, Ipv4Address destination);
    FrameBuilder& ipv4(std::string_view source, std::string_view destination);
    FrameBuilder& ipv6(const Ipv6Address& source, const Ipv6Address& destination);
    FrameBuilder& ipv6(std::string_view source, std::string_view destination);
    FrameBuilder& ttl(std::uint8_t value);
    FrameBuilder& tos(std::uint8_t value);
    FrameBuilder& ip_id(std::uint16_t value);
    FrameBuilder& flow_label(std::uint32_t value);
    FrameBuilder& ip_options(std::span<const std::uint8_t> bytes);  ///< IPv4, a multiple of 4 bytes
    /// IPv6: `rest` is what follows the header's first two bytes (next header, length). AH counts in 4 bytes,
    /// all others in 8; `rest` must fill them.
    FrameBuilder& extension(std::uint8_t type, std::span<const std::uint8_t> rest);
    FrameBuilder& total_length(std::uint16_t value);  ///< the field says so, the frame does not (0: TSO)

    // Transport: the last of these calls counts.
    FrameBuilder& tcp(std::uint16_t source_port, std::uint16_t destination_port);
    FrameBuilder& udp(std::uint16_t source_port, std::uint16_t destination_port);
    FrameBuilder& icmp(std::uint8_t type, std::uint8_t code);  ///< of the network header's family
    FrameBuilder& protocol(std::uint8_t number);               ///< nothing but the payload
    FrameBuilder& payload(std::span<const std::uint8_t> bytes);
    FrameBuilder& payload(std::size_t length);  ///< a fixed pattern
    FrameBuilder& append(std::span<const std::uint8_t> bytes);
    FrameBuilder& bad_checksum();  ///< of the transport header

    // TCP.
    FrameBuilder& seq(std::uint32_t value);
    FrameBuilder& ack(std::uint32_t value);  ///< sets the flag too
    FrameBuilder& flags(std::uint8_t bits);  ///< adds these
    FrameBuilder& window(std::uint16_t value);
    FrameBuilder& mss(std::uint16_t value);
    FrameBuilder& window_scale(std::uint8_t value);
    FrameBuilder& sack_permitted();
    FrameBuilder& sack(std::span<const std::pair<std::uint32_t, std::uint32_t>> blocks);  ///< left, right
    FrameBuilder& timestamps(std::uint32_t value, std::uint32_t echo);
    FrameBuilder& option(std::uint8_t kind, std::span<const std::uint8_t> value);
    FrameBuilder& raw_options(std::span<const std::uint8_t> bytes);  ///< also malformed ones

    /// The frame.
    [[nodiscard]] Bytes bytes() const;
    /// The frame, written over what `out` held; its memory is used again.
    void write(Bytes& out) const;
    /// The frame's bytes from the IP header on, and from the transport header on.
    [[nodiscard]] Bytes packet() const;
    [[nodiscard]] Bytes transport() const;
    /// The datagram cut after every `size` bytes of transport header and payload, rounded down to 8.
    [[nodiscard]] std::vector<Bytes> pieces(std::size_t size, std::uint32_t id) const;
    /// One fragment of it: `length` bytes at `offset`, both multiples of 8 unless it is the last.
    [[nodiscard]] Bytes piece(std::size_t offset, std::size_t length, std::uint32_t id) const;

private:
    enum class Transport : std::uint8_t { tcp, udp, icmp, raw };
    struct Extension {
        std::uint8_t type;
        Bytes rest;
    };
    struct Fragment {
        std::uint32_t id;
        std::uint16_t offset;
        bool more;
    };

    /// What the link header's last layer still wants to say of what follows it.
    enum class Next : std::uint8_t { nothing, ether_type, ppp, mpls_stack };

    void next_type(std::uint16_t type);
    void append_link(Bytes& out, std::size_t ip_length) const;
    void append_ipv4(Bytes& out, std::size_t transport_length, const Fragment* fragment) const;
    void append_ipv6(Bytes& out, std::size_t transport_length, const Fragment* fragment) const;
    void append_headers(Bytes& out, std::size_t transport_length, const Fragment* fragment) const;
    void append_transport(Bytes& out) const;
    void append_transport_header(Bytes& out) const;
    void fill_checksum(std::span<std::uint8_t> transport) const;
    void pad(Bytes& out) const;
    [[nodiscard]] std::span<const std::uint8_t> address(std::size_t i) const;
    [[nodiscard]] std::size_t network_length(const Fragment* fragment) const;
    [[nodiscard]] std::size_t transport_header_length() const;
    [[nodiscard]] std::uint8_t transport_protocol() const;

    Bytes link_;  // all but the EtherType of the network header
    Next next_ = Next::nothing;
    bool padded_ = false;
    std::size_t pppoe_length_ = 0;  // offset in link_ of PPPoE's length field, 0 = none
    Family family_ = Family::ipv4;
    std::array<Ipv6Address, 2> address_{};  // source, destination; IPv4 in the first four bytes
    std::uint8_t ttl_ = 64, tos_ = 0;
    std::uint16_t ip_id_ = 0;
    std::uint32_t flow_label_ = 0;
    Bytes ip_options_;
    std::vector<Extension> extensions_;
    int total_length_ = -1;
    Transport transport_ = Transport::raw;
    std::uint8_t protocol_ = 253;  // RFC 3692: for experiments
    std::array<std::uint16_t, 2> port_{};
    std::uint32_t seq_ = 0, ack_ = 0;
    TcpFlags flags_{};
    std::uint16_t window_ = 65535;
    Bytes options_;
    std::uint8_t icmp_type_ = 0, icmp_code_ = 0;
    Bytes payload_;
    bool bad_checksum_ = false;
};

}  // namespace ajar
