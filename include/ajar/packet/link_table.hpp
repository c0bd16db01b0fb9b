// Link headers as small numbers: a flow remembers two of them, and the frames crafted for it are made from
// them.
//
// A shard sees few different ones (port, MACs, tags), so its table is small and never forgets. Number 0 means
// unknown: a frame without a link header, one too long for LinkHeader, an inner packet of a tunnel, or, once
// the table is full, any header that is not in it; those are counted, and no frame can be crafted for them.
// One writer; nobody else reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

class Memory;

class LinkTable {
public:
    static constexpr std::uint16_t kUnknown = 0;
    static constexpr std::size_t kMaxHeaders = 0xffff;

    /// Room for `headers` of them (at most kMaxHeaders), taken from `memory` once. `seed` keys the hash.
    LinkTable(std::size_t headers, Memory& memory, std::uint64_t seed = 0);
    /// Bytes that such a table takes, but for alignment.
    static std::size_t memory_needed(std::size_t headers);

    /// The number of this packet's link header, interned if new. `hint` is the number that the flow's last
    /// packet of this direction had: nearly always right, and then nothing is looked up. Reads packet.frame.
    std::uint16_t intern(const Packet& packet, std::uint16_t hint = kUnknown);

    /// Number 0 gives a header of length 0.
    [[nodiscard]] const LinkHeader& operator[](std::uint16_t number) const { return headers_[number]; }
    [[nodiscard]] std::size_t size() const { return used_ - 1; }
    /// Packets whose link header found no room.
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    [[nodiscard]] std::size_t slot_of(const LinkHeader& header) const;
    std::uint16_t find_or_insert(const LinkHeader& header);

    std::span<LinkHeader> headers_;   // by number; the first stands for unknown
    std::span<std::uint16_t> slots_;  // open addressing, at most half full; 0 = empty
    std::size_t used_ = 1;            // of headers_
    std::uint64_t seed_;
    std::uint64_t refused_ = 0;
};

}  // namespace ajar
