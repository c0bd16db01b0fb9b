// libFuzzer target: no bytes make the parser read beyond them or contradict itself.
#include <cstring>

#include "ajar/packet/build.hpp"
#include "ajar/packet/checksum.hpp"
#include "fuzz/parse_input.hpp"
#include "fuzz/parse_invariants.hpp"
#include "packet/link_walk.hpp"
#include "unit/packet/both_ways.hpp"

namespace ajar::fuzz {

namespace {

Packet fresh(const Frame& frame) {
    Packet p;
    parse(frame.head, frame.wire_length, frame.options, p);
    return p;
}

/// A frame crafted with this one's link header parses, unless the header itself is foreign.
void require_craftable(const Packet& p) {
    if (p.kind != PacketKind::tcp || p.tunnelled || p.link_length == 0) return;
    if (p.link_length > LinkHeader::kCapacity) return;
    Craft craft;
    craft.family = p.family;
    craft.from = p.side;
    craft.link.length = static_cast<std::uint8_t>(p.link_length);
    std::memcpy(craft.link.bytes.data(), p.frame, p.link_length);
    std::array<std::uint8_t, kMaxCrafted> out;
    const auto length = build(craft, out);
    AJAR_REQUIRE(length >= 60 && length <= out.size());
}

void one(const Frame& frame) {
    const auto p = fresh(frame);
    const auto wire_length = std::max<std::size_t>(frame.wire_length, frame.head.size());
    require_reason_fits_kind(p);
    require_offsets(p, frame.head.size(), wire_length);
    if (p.reason == Reason::none) require_key(p);
    AJAR_REQUIRE(agree_both_ways(frame.head, wire_length, frame.options));
    require_craftable(p);
    checksum::verify_tcp(p, frame.head);
}

}  // namespace
}  // namespace ajar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> input(data, size);
    while (input.size() >= ajar::fuzz::kHeader) {
        const auto frame = ajar::fuzz::take_frame(input);
        // On its own, so that the sanitizer sees every byte beyond it.
        const std::vector<std::uint8_t> alone(frame.head.begin(), frame.head.end());
        ajar::fuzz::one({frame.options, alone, frame.wire_length});
    }
    return 0;
}
