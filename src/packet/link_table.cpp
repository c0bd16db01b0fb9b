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

/// PPPoE's length, which differs, is blanked.
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

}  // namespace

LinkHeader link_header_of(const Packet& packet) {
    return has_link_header(packet) ? header_of(packet) : LinkHeader{};
}

LinkTable::LinkTable(std::size_t headers, Memory& memory, std::uint64_t seed)
    : headers_(take_array<LinkHeader>(memory, clamped(headers) + 1)),
      holders_(take_array<std::uint32_t>(memory, clamped(headers) + 1)),
      slots_(take_array<std::uint16_t>(memory, slots_for(headers))),
      seed_(seed) {}

std::size_t LinkTable::memory_needed(std::size_t headers) {
    return (clamped(headers) + 1) * (sizeof(LinkHeader) + sizeof(std::uint32_t)) +
           slots_for(headers) * sizeof(std::uint16_t);
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

std::uint16_t LinkTable::find(const LinkHeader& header) const {
    auto slot = slot_of(header);
    while (slots_[slot] != 0 && headers_[slots_[slot]] != header) slot = after(slot);
    return slots_[slot];
}

std::uint16_t LinkTable::take_number() {
    if (free_ == 0) return static_cast<std::uint16_t>(fresh_ < headers_.size() ? fresh_++ : 0);
    const auto number = static_cast<std::uint16_t>(free_);
    free_ = holders_[number];
    return number;
}

std::uint16_t LinkTable::insert(const LinkHeader& header) {
    const std::uint16_t number = take_number();
    if (number == kUnknown) {
        ++refused_;
        return kUnknown;
    }
    auto slot = slot_of(header);
    while (slots_[slot] != 0) slot = after(slot);
    slots_[slot] = number;
    headers_[number] = header;
    holders_[number] = 1;
    ++size_;
    return number;
}

/// What stands behind the hole, up to the next one, moves up where its own search begins before the hole.
void LinkTable::erase(std::uint16_t number) {
    auto hole = slot_of(headers_[number]);
    while (slots_[hole] != number) hole = after(hole);
    const auto mask = slots_.size() - 1;
    for (auto slot = after(hole); slots_[slot] != 0; slot = after(slot)) {
        const auto from_home = (slot - slot_of(headers_[slots_[slot]])) & mask;
        if (from_home < ((slot - hole) & mask)) continue;
        slots_[hole] = slots_[slot];
        hole = slot;
    }
    slots_[hole] = 0;
    headers_[number] = LinkHeader{};
    holders_[number] = free_;
    free_ = number;
    --size_;
}

void LinkTable::release(std::uint16_t number) {
    if (number == kUnknown || --holders_[number] != 0) return;
    erase(number);
}

std::uint16_t LinkTable::exchange(const Packet& packet, std::uint16_t held) {
    std::uint16_t& latest = latest_[packet.port & 1U];
    if (is(latest, packet)) {
        ++holders_[latest];
        release(held);
        return latest;
    }
    const LinkHeader header = link_header_of(packet);
    const std::uint16_t known = header.length == 0 ? kUnknown : find(header);
    if (known != kUnknown) ++holders_[known];
    release(held);
    return latest = known != kUnknown || header.length == 0 ? known : insert(header);
}

}  // namespace ajar
