// IPv4 options, IPv6 extension headers (RFC 8200 4) and fragments: what may stand between IP and TCP.
#include "packet/extension.hpp"

#include "packet/endpoints.hpp"
#include "packet/network.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

namespace {

constexpr std::size_t kAddress = sizeof(Ipv6Address);

/// Where segments are left, the address in the IP header is only the next stop; the endpoint is the last
/// segment, which types 0 and 2 list last (RFC 2460 4.4, RFC 6275 6.4) and type 4 first (RFC 8754 2).
void follow_route(Parser& p, const std::uint8_t* h, std::size_t length) {
    constexpr std::uint8_t kSource = 0, kMobile = 2, kSegment = 4;
    constexpr std::size_t kAddresses = 8;
    const auto type = h[2];
    if (length < kAddresses + kAddress) return;
    if (type == kSegment) p.destination = h + kAddresses;
    if (type == kSource || type == kMobile) {
        p.destination = h + kAddresses + ((length - kAddresses) / kAddress - 1) * kAddress;
    }
}

/// The option of that type, nullptr where there is none. `fits` becomes false where an option runs beyond
/// the header.
const std::uint8_t* find_option(std::uint8_t type, const std::uint8_t* options, std::size_t length,
                                bool& fits) {
    constexpr std::uint8_t kPad1 = 0;
    const std::uint8_t* found = nullptr;
    std::size_t i = 0;
    while (i < length) {
        if (options[i] == kPad1) {
            ++i;
            continue;
        }
        fits = i + 2 <= length && i + 2U + options[i + 1] <= length;
        if (!fits) return nullptr;
        if (options[i] == type) found = options + i;
        i += 2U + options[i + 1];
    }
    return found;
}

/// A mobile node away from home sends from a care-of address and names its own in this option (RFC 6275 6.3).
const std::uint8_t* find_home_address(const std::uint8_t* h, std::size_t length, bool& fits) {
    constexpr std::uint8_t kHomeAddress = 0xc9;
    return find_option(kHomeAddress, h + 2, length - 2, fits);
}

bool carries_options(std::uint8_t type) {
    return type == ip_protocol::kDestination || type == ip_protocol::kHopByHop;
}

/// Zeek believes the packet: its endpoints are those that its extension headers name.
void believe(Parser& p, std::uint8_t type, const std::uint8_t* h, std::size_t length) {
    if (type == ip_protocol::kRouting && h[3] != 0) follow_route(p, h, length);
    if (type != ip_protocol::kDestination) return;
    bool fits = true;
    const auto* home = find_home_address(h, length, fits);
    if (home != nullptr && home[1] == kAddress) p.source = home + 2;
}

Reason fragment_header(Parser& p) {
    constexpr std::size_t kHeader = 8;
    if (!p.has(kHeader)) return Reason::truncated_extension;
    if (++p.extensions > kMaxExtensions) return Reason::too_many_extensions;
    const auto* h = p.here();
    const auto place = load_be16(h + 2);
    const auto offset = static_cast<std::uint16_t>(place & 0xfff8U);
    const bool more = (place & 1U) != 0;
    p.at += kHeader;
    // An atomic fragment is a whole packet (RFC 6946).
    if (offset == 0 && !more) return extensions(p, h[0]);
    if (may_carry_tcp(h[0]) && p.doubt != Reason::none) return p.doubt;
    return fragment(p, load_be32(h + 4), offset, more, h[0]);
}

/// Steps over one extension header and sets `next` to what follows it.
Reason read(Parser& p, std::uint8_t& next) {
    if (!p.has(kLeastExtension)) return Reason::truncated_extension;
    const auto* h = p.here();
    const auto length = extension_length(next, h);
    if (!p.has(length)) return Reason::truncated_extension;
    const auto doubt = doubt_of(next, h, length);
    if (doubt == Reason::ip_options_malformed) return doubt;
    if (p.options.lenient) {
        believe(p, next, h, length);
    } else if (doubt != Reason::none) {
        p.doubt = doubt;
    }
    next = h[0];
    p.at += length;
    return Reason::none;
}

}  // namespace

bool ipv4_options_fit(const std::uint8_t* options, std::size_t length) {
    constexpr std::uint8_t kEnd = 0, kNop = 1;
    std::size_t i = 0;
    while (i < length && options[i] != kEnd) {
        if (options[i] == kNop) {
            ++i;
            continue;
        }
        if (i + 1 == length || options[i + 1] < 2 || i + options[i + 1] > length) return false;
        i += options[i + 1];
    }
    return true;
}

// Hosts drop the first kind unless they know of the binding (RFC 6275 9.3.1), and the second wherever it
// arrives first but at a router of its domain (RFC 5095; RFC 8200 4.4; RFC 8754 5).
Reason doubt_of(std::uint8_t type, const std::uint8_t* h, std::size_t length) {
    if (type == ip_protocol::kRouting) return h[3] != 0 ? Reason::source_routed : Reason::none;
    if (!carries_options(type)) return Reason::none;
    bool fits = true;
    const bool home = find_home_address(h, length, fits) != nullptr;
    if (!fits) return Reason::ip_options_malformed;
    return home ? Reason::home_address : Reason::none;
}

Reason extensions(Parser& p, std::uint8_t next) {
    for (; is_extension(next); ++p.extensions) {
        if (p.extensions == kMaxExtensions) return Reason::too_many_extensions;
        if (const auto reason = read(p, next); reason != Reason::none) return reason;
    }
    if (next == ip_protocol::kFragment) return fragment_header(p);
    if (next == ip_protocol::kTcp && p.doubt != Reason::none) return p.doubt;
    return transport(p, next);
}

Reason fragment(Parser& p, std::uint32_t id, std::uint16_t offset, bool more, std::uint8_t protocol) {
    constexpr std::size_t kLongestDatagram = 0xffff, kUnit = 8;
    const std::size_t length = p.end - p.at;
    const bool partial_unit = more && length % kUnit != 0;
    if (length == 0 || partial_unit || offset + length > kLongestDatagram) return Reason::fragment_malformed;
    auto& out = p.out;
    out.kind = PacketKind::fragment;
    out.l4_offset = static_cast<std::uint16_t>(p.at);
    out.payload = static_cast<std::uint32_t>(length);
    out.fragment_id = id;
    out.fragment_offset = offset;
    out.more_fragments = more;
    out.fragment_protocol = protocol;
    set_key(p, 0, 0);
    return Reason::none;
}

}  // namespace ajar::parser
