// libFuzzer target: no bytes make the parser read beyond them or contradict itself.
#include <cstring>

#include "ajar/packet/build.hpp"
#include "ajar/packet/checksum.hpp"
#include "fuzz/parse_input.hpp"
#include "fuzz/parse_invariants.hpp"
#include "packet/link_walk.hpp"

namespace ajar::fuzz {

namespace {

Packet fresh(const Frame& frame) {
    Packet p;
    parse(frame.head, frame.wire_length, frame.options, p);
    return p;
}

/// What a packet left behind must not show in the next one.
void require_no_memory(const Frame& frame, const Packet& expected) {
    Packet p;
    std::memset(static_cast<void*>(&p), 0xa5, sizeof p);
    parse(frame.head, frame.wire_length, frame.options, p);
    AJAR_REQUIRE(p.kind == expected.kind && p.reason == expected.reason && p.family == expected.family);
    AJAR_REQUIRE(p.side == expected.side && p.v6 == expected.v6 && p.flags == expected.flags);
    AJAR_REQUIRE(p.seq == expected.seq && p.ack == expected.ack && p.payload == expected.payload);
    AJAR_REQUIRE(p.options.present == expected.options.present && p.options.mss == expected.options.mss);
    AJAR_REQUIRE(p.tunnelled == expected.tunnelled && p.link_length == expected.link_length);
    AJAR_REQUIRE(p.more_fragments == expected.more_fragments && p.fragment_id == expected.fragment_id);
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
    require_no_memory(frame, p);
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
