// Where a link header keeps PPPoE's length: the only field in it that belongs to a single frame.
#pragma once

#include <optional>
#include <span>

#include "packet/link.hpp"

namespace ajar {

/// Offset of PPPoE's length in a link header of Ethernet and tags, if there is one.
inline std::optional<std::size_t> pppoe_length_offset(std::span<const std::uint8_t> link) {
    constexpr std::size_t kFirstType = 12, kVlanTag = 4, kEtag = 8, kLength = 6;
    std::size_t at = kFirstType;
    while (at + 2 <= link.size()) {
        const auto type = load_be16(link.data() + at);
        if (type == parser::ether_type::kPppoe) {
            return at + kLength + 2 <= link.size() ? std::optional(at + kLength) : std::nullopt;
        }
        if (!parser::is_vlan(type) && type != parser::ether_type::kEtag) return std::nullopt;
        at += type == parser::ether_type::kEtag ? kEtag : kVlanTag;
    }
    return std::nullopt;
}

}  // namespace ajar
