// How a crafted frame is written.
#include "ajar/packet/build.hpp"

#include <algorithm>
#include <array>

#include "packet/link_walk.hpp"
#include "packet/write.hpp"

namespace ajar {

namespace {

constexpr std::size_t kLeastEthernet = 60;  // without the check sequence
constexpr std::uint8_t kTcp = 6;

struct Ends {
    std::span<const std::uint8_t> source, destination;
};

Ends ends_of(const Craft& craft) {
    const std::size_t n = craft.family == Family::ipv4 ? sizeof(Ipv4Address) : sizeof(Ipv6Address);
    return {{craft.key.address[craft.from].data(), n}, {craft.key.address[other(craft.from)].data(), n}};
}

/// PPPoE counts the two bytes of PPP's protocol that follow its header.
void write_link(std::uint8_t* out, const LinkHeader& link, std::size_t ip_length) {
    std::copy_n(link.bytes.begin(), link.length, out);
    if (const auto at = pppoe_length_offset({out, link.length})) {
        store_be16(out + *at, static_cast<std::uint16_t>(ip_length + 2));
    }
}

/// An IPv4 identification of 0 with "don't fragment" is right for a datagram that nobody fragments (RFC
/// 6864).
void write_ip(std::uint8_t* out, const Craft& craft, const Ends& ends, std::size_t ip_length) {
    if (craft.family == Family::ipv4) {
        write::ipv4(out, {.source = ends.source,
                          .destination = ends.destination,
                          .options = {},
                          .tos = craft.tos,
                          .ttl = craft.ttl,
                          .protocol = kTcp,
                          .id = 0,
                          .place = write::kDontFragment,
                          .total_length = static_cast<std::uint16_t>(ip_length)});
    } else {
        write::ipv6(out, {.source = ends.source,
                          .destination = ends.destination,
                          .tos = craft.tos,
                          .ttl = craft.ttl,
                          .next = kTcp,
                          .flow_label = craft.flow_label,
                          .payload_length = static_cast<std::uint16_t>(ip_length - write::kIpv6Header)});
    }
}

void write_tcp(std::uint8_t* out, const Craft& craft, const Ends& ends,
               std::span<const std::uint8_t> options) {
    const std::size_t header = write::kTcpHeader + options.size();
    write::tcp(out, craft.key.port[craft.from].value(), craft.key.port[other(craft.from)].value(), craft.seq,
               craft.ack, craft.flags, craft.window, header);
    std::copy(options.begin(), options.end(), out + write::kTcpHeader);
    const std::size_t length = header + (craft.garbage ? 1 : 0);
    if (craft.garbage) out[header] = 0;
    auto sum =
        checksum::pseudo_header(ends.source, ends.destination, kTcp, static_cast<std::uint32_t>(length));
    store_be16(out + 16, sum.add({out, length}).checksum());
}

}  // namespace

std::size_t build(const Craft& craft, std::span<std::uint8_t> out) {
    const std::size_t ip_header = craft.family == Family::ipv4 ? write::kIpv4Header : write::kIpv6Header;
    std::array<std::uint8_t, 20> room;
    const auto options = std::span(room).first(write::tcp_options(room.data(), craft.options));
    const std::size_t ip_length = ip_header + write::kTcpHeader + options.size() + (craft.garbage ? 1 : 0);
    const std::size_t length = craft.link.length + ip_length;
    const std::size_t padded = std::max(length, kLeastEthernet);
    if (craft.link.length == 0 || out.size() < padded) return 0;

    const auto ends = ends_of(craft);
    auto* ip = out.data() + craft.link.length;
    write_link(out.data(), craft.link, ip_length);
    write_ip(ip, craft, ends, ip_length);
    write_tcp(ip + ip_header, craft, ends, options);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(length),
              out.begin() + static_cast<std::ptrdiff_t>(padded), std::uint8_t{0});
    return padded;
}

}  // namespace ajar
