// How a fuzzer's bytes become frames and options: shared by the targets and by the program that writes their
// seeds.
//
// A frame in the input: link type, options, a length in two bytes (big-endian), the frame, and so on to the
// end. A length beyond the end takes the rest.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ajar/packet/parse.hpp"

namespace ajar::fuzz {

inline constexpr std::array kLinkTypes = {
    LinkType::ethernet,  LinkType::raw,  LinkType::null,       LinkType::loop, LinkType::ppp,
    LinkType::linux_sll, LinkType::ipv4, LinkType::linux_sll2, LinkType::ipv6, LinkType::nflog};
inline constexpr std::uint8_t kDecapsulate = 1, kNoZone = 2, kVerify = 4, kCut = 8, kCaptured = 16;
inline constexpr std::size_t kHeader = 4;

struct Frame {
    ParseOptions options;
    std::span<const std::uint8_t> head;
    std::uint32_t wire_length;
};

/// Takes the first frame off `input`; the caller has checked that kHeader bytes are there.
inline Frame take_frame(std::span<const std::uint8_t>& input) {
    const auto flags = input[1];
    const std::size_t length = std::min<std::size_t>(load_be16(input.data() + 2), input.size() - kHeader);
    Frame frame;
    frame.options.link = kLinkTypes[input[0] % kLinkTypes.size()];
    frame.options.port_pair = static_cast<std::uint8_t>(flags >> 5U);
    frame.options.decapsulate.bits = (flags & kDecapsulate) != 0 ? Tunnels::kAll : std::uint16_t{0};
    frame.options.zone_from_vlan = (flags & kNoZone) == 0;
    frame.options.captured = (flags & kCaptured) != 0;
    frame.options.verify_ip_checksum = (flags & kVerify) != 0;
    frame.head = input.subspan(kHeader, length);
    frame.wire_length = static_cast<std::uint32_t>(length + ((flags & kCut) != 0 ? 1000 : 0));
    input = input.subspan(kHeader + length);
    return frame;
}

/// The reverse, for seeds.
inline void put_frame(std::vector<std::uint8_t>& out, std::uint8_t link, std::uint8_t flags,
                      std::span<const std::uint8_t> frame) {
    out.push_back(link);
    out.push_back(flags);
    out.push_back(static_cast<std::uint8_t>(frame.size() >> 8U));
    out.push_back(static_cast<std::uint8_t>(frame.size()));
    out.insert(out.end(), frame.begin(), frame.end());
}

}  // namespace ajar::fuzz
