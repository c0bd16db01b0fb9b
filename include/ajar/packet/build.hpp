// From a Craft to the bytes of a frame: the few frames that Ajar itself sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/packet/craft.hpp"

namespace ajar {

/// Bytes that every crafted frame fits into.
inline constexpr std::size_t kMaxCrafted = LinkHeader::kCapacity + 40 + 20 + 20 + 1;

/// Writes the frame and returns its length, checksums filled, padded to Ethernet's 60 bytes. The link header
/// is copied, tags and labels included; PPPoE's length is set anew. Returns 0 where the link header is
/// unknown or `out` is too small: then there is nothing to send.
std::size_t build(const Craft& craft, std::span<std::uint8_t> out);

}  // namespace ajar
