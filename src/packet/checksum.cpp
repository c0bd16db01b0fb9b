// How the Internet checksum is summed and verified.
#include "ajar/packet/checksum.hpp"

#include <bit>
#include <cstring>

namespace ajar::checksum {

namespace {

constexpr std::uint8_t kTcp = 6;

std::uint16_t fold(std::uint64_t total) {
    while ((total >> 16U) != 0) total = (total & 0xffffU) + (total >> 16U);
    return static_cast<std::uint16_t>(total);
}

/// The addresses as the endpoints know them: a routing header may have moved them within the packet.
Sum pseudo_header_of(const Packet& packet, std::uint32_t length) {
    const auto from = packet.side;
    const auto to = other(from);
    if (packet.family == Family::ipv4) {
        return pseudo_header(packet.v4.address[from].bytes, packet.v4.address[to].bytes, kTcp, length);
    }
    return pseudo_header(packet.v6.address[from], packet.v6.address[to], kTcp, length);
}

}  // namespace

/// In the machine's byte order, which the sum does not mind (RFC 1071 2 (B)): the loop becomes vector code.
Sum& Sum::add(std::span<const std::uint8_t> bytes) {
    static_assert(std::endian::native == std::endian::little);
    constexpr std::size_t kWord = sizeof(std::uint32_t);
    std::uint64_t swapped = 0;
    const auto words = bytes.size() / kWord;
    for (std::size_t i = 0; i < words; ++i)
        swapped += load_unaligned<std::uint32_t>(bytes.data() + i * kWord);
    std::uint32_t rest = 0;
    const auto tail = bytes.subspan(words * kWord);
    if (!tail.empty()) std::memcpy(&rest, tail.data(), tail.size());
    total_ += __builtin_bswap16(fold(swapped + rest));
    return *this;
}

std::uint16_t Sum::folded() const { return fold(total_); }

bool holds(std::span<const std::uint8_t> bytes) { return Sum().add(bytes).checksum() == 0; }

Sum pseudo_header(std::span<const std::uint8_t> source, std::span<const std::uint8_t> destination,
                  std::uint8_t protocol, std::uint32_t length) {
    return Sum().add(source).add(destination).add16(protocol).add32(length);
}

Checksum verify_tcp(const Packet& packet, std::span<const std::uint8_t> frame) {
    if (packet.kind != PacketKind::tcp || packet.pieces != 0) return Checksum::unknown;
    const auto header_bytes = static_cast<std::uint32_t>(packet.l4_offset - packet.l3_offset);
    const auto length = packet.ip_length - header_bytes;
    if (packet.l4_offset + std::size_t{length} > frame.size()) return Checksum::unknown;
    const auto segment = frame.subspan(packet.l4_offset, length);
    return verify_tcp(packet, Sum().add(segment), length);
}

Checksum verify_tcp(const Packet& packet, const Sum& segment, std::uint32_t length) {
    const auto sum = pseudo_header_of(packet, length).add16(segment.folded()).checksum();
    return sum == 0 ? Checksum::good : Checksum::bad;
}

std::optional<std::uint16_t> piece_sum(const Packet& fragment, std::span<const std::uint8_t> frame) {
    if (fragment.l4_offset + std::size_t{fragment.payload} > frame.size()) return std::nullopt;
    return Sum().add(frame.subspan(fragment.l4_offset, fragment.payload)).folded();
}

}  // namespace ajar::checksum
