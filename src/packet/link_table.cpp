// How link headers are interned.
#include "ajar/packet/link_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ajar/flow/memory.hpp"
#include "packet/link_walk.hpp"

namespace ajar {

namespace {

std::size_t clamped(std::size_t headers) { return std::min(headers, LinkTable::kMaxHeaders); }
std::size_t slots_for(std::size_t headers) { return std::bit_ceil(2 * (clamped(headers) + 1)); }

/// The header as all frames of its direction have it: PPPoE's length, which differs, is blanked.
LinkHeader header_of(const Packet& packet) {
    LinkHeader header{.length = static_cast<std::uint8_t>(packet.link_length), .in_port = packet.port};
    std::memcpy(header.bytes.data(), packet.frame, packet.link_length);
    if (const auto at = pppoe_length_offset({header.bytes.data(), packet.link_length})) {
        store_be16(header.bytes.data() + *at, 0);
    }
    return header;
}

bool has_link_header(const Packet& packet) {
    return !packet.tunnelled && packet.link_length != 0 && packet.link_length <= LinkHeader::kCapacity;
}

/// Never true of PPPoE, whose length is blanked in the header.
bool same(const LinkHeader& header, const Packet& packet) {
    return header.length == packet.link_length && header.in_port == packet.port &&
           std::memcmp(header.bytes.data(), packet.frame, packet.link_length) == 0;
}

}  // namespace

LinkTable::LinkTable(std::size_t headers, Memory& memory, std::uint64_t seed)
    : headers_(take_array<LinkHeader>(memory, clamped(headers) + 1)),
      slots_(take_array<std::uint16_t>(memory, slots_for(headers))),
      seed_(seed) {}

std::size_t LinkTable::memory_needed(std::size_t headers) {
    return (clamped(headers) + 1) * sizeof(LinkHeader) + slots_for(headers) * sizeof(std::uint16_t);
}

std::size_t LinkTable::slot_of(const LinkHeader& header) const {
    std::array<std::uint64_t, sizeof(LinkHeader) / sizeof(std::uint64_t)> words{};
    std::memcpy(words.data(), &header, sizeof header);
    auto h = seed_;
    for (const auto word : words) {
        h = (h ^ word) * 0x9e3779b97f4a7c15U;
        h ^= h >> 32U;
    }
    return h & (slots_.size() - 1);
}

std::uint16_t LinkTable::find_or_insert(const LinkHeader& header) {
    auto slot = slot_of(header);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
        if (headers_[slots_[slot]] == header) return slots_[slot];
    }
    if (used_ == headers_.size()) {
        ++refused_;
        return kUnknown;
    }
    headers_[used_] = header;
    slots_[slot] = static_cast<std::uint16_t>(used_);
    return static_cast<std::uint16_t>(used_++);
}

std::uint16_t LinkTable::intern(const Packet& packet, std::uint16_t hint) {
    if (!has_link_header(packet)) return kUnknown;
    return hint != kUnknown && same(headers_[hint], packet) ? hint : find_or_insert(header_of(packet));
}

}  // namespace ajar
