// Link headers as small numbers: a flow remembers two of them, and the frames crafted for it are made from
// them.
//
// A shard sees few different ones (port, MACs, tags), so its table is small. It counts who refers to a
// header, and forgets one that nobody remembers: forged MACs fill it for as long as their flows live, no
// longer. Number 0 means unknown: a frame without a link header, one too long for LinkHeader, an inner packet
// of a tunnel, or, while the table is full, any header that is not in it; those are counted, and no frame can
// be crafted for them. One writer; nobody else reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

class Memory;

/// The header as all frames of its direction have it; of length 0 where none can be remembered.
LinkHeader link_header_of(const Packet& packet);

class LinkTable {
public:
    static constexpr std::uint16_t kUnknown = 0;
    static constexpr std::size_t kMaxHeaders = 0xffff;

    /// Room for `headers` of them (at most kMaxHeaders), taken from `memory` once. `seed` keys the hash.
    LinkTable(std::size_t headers, Memory& memory, std::uint64_t seed = 0);
    /// Bytes that such a table takes, but for alignment.
    static std::size_t memory_needed(std::size_t headers);

    /// The number of this packet's link header, interned if new. The caller's reference moves to it from
    /// `held`, the number that the flow's last packet of this direction had: nearly always the same, and then
    /// nothing is looked up. Reads packet.frame.
    std::uint16_t intern(const Packet& packet, std::uint16_t held = kUnknown) {
        return is(held, packet) ? held : exchange(packet, held);
    }
    /// Gives up a reference.
    void release(std::uint16_t number);

    /// Number 0 gives a header of length 0.
    [[nodiscard]] const LinkHeader& operator[](std::uint16_t number) const { return headers_[number]; }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Packets whose link header found no room.
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    /// Is this packet's link header the one of that number? Never true of PPPoE, whose length differs and is
    /// blanked in the table.
    [[nodiscard]] bool is(std::uint16_t number, const Packet& packet) const;
    std::uint16_t exchange(const Packet& packet, std::uint16_t held);
    [[nodiscard]] std::size_t slot_of(const LinkHeader& header) const;
    [[nodiscard]] std::size_t after(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
    [[nodiscard]] std::uint16_t find(const LinkHeader& header) const;
    std::uint16_t insert(const LinkHeader& header);
    std::uint16_t take_number();
    void erase(std::uint16_t number);

    std::span<LinkHeader> headers_;     // by number; the first stands for unknown
    std::span<std::uint32_t> holders_;  // by number: references, or the next one of the free numbers
    std::span<std::uint16_t> slots_;    // open addressing, at most half full; 0 = empty
    std::uint32_t fresh_ = 1;           // the lowest number never used
    std::uint32_t free_ = 0;            // the first of the free numbers, 0 = none
    std::size_t size_ = 0;
    std::array<std::uint16_t, 2> latest_{};  // by port: what new flows begin with, or unknown, or forgotten
    std::uint64_t seed_;
    std::uint64_t refused_ = 0;
};

inline bool LinkTable::is(std::uint16_t number, const Packet& packet) const {
    constexpr std::size_t kWord = 8;
    const LinkHeader& header = headers_[number];
    const std::size_t length = header.length;
    if (length != packet.link_length || header.in_port != packet.port || packet.tunnelled || length < kWord)
        return false;
    const auto* const a = header.bytes.data();
    const auto* const b = packet.frame;
    // By words, the last of which may overlap the one before.
    std::uint64_t differ =
        load_unaligned<std::uint64_t>(a + length - kWord) ^ load_unaligned<std::uint64_t>(b + length - kWord);
    for (std::size_t i = 0; i + kWord < length; i += kWord)
        differ |= load_unaligned<std::uint64_t>(a + i) ^ load_unaligned<std::uint64_t>(b + i);
    return differ == 0;
}

}  // namespace ajar
