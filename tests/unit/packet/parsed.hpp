// One frame parsed: what most tests of this folder look at.
#pragma once

#include <algorithm>
#include <memory>
#include <span>

#include "ajar/packet/parse.hpp"

namespace ajar {

/// Parses a copy that ends where its allocation ends, so that ASan sees any read beyond it. `frame` in the
/// result still points at `bytes`.
inline Packet parsed(std::span<const std::uint8_t> bytes, const ParseOptions& options,
                     std::uint32_t wire_length = 0) {
    const auto exact = std::make_unique<std::uint8_t[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), exact.get());
    Packet out;
    parse({exact.get(), bytes.size()}, std::max(wire_length, static_cast<std::uint32_t>(bytes.size())),
          options, out);
    out.frame = bytes.data();
    return out;
}

inline Packet parsed(std::span<const std::uint8_t> bytes, LinkType link = LinkType::ethernet,
                     std::uint32_t wire_length = 0) {
    return parsed(bytes, ParseOptions{.link = link}, wire_length);
}

}  // namespace ajar
