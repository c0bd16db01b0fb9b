// What made frames have in common.
#include "dataplane/bench/frames.hpp"

#include <algorithm>

namespace ajar::dataplane {
namespace {

using Template = std::array<std::uint8_t, FrameWriter::kHeaderBytes>;

void write_link(Template& t, std::uint8_t side, Family family) {
    t[0] = t[6] = 2;  // locally administered
    t[5] = side == 0 ? 2 : 1;
    t[11] = side == 0 ? 1 : 2;
    store_be16(&t[12], family == Family::ipv4 ? 0x0800 : 0x86dd);
}

void write_ipv4(Template& t) {
    t[14] = 0x45;
    t[22] = 64;
    t[23] = 6;
}

void write_ipv6(Template& t, std::uint8_t side) {
    t[14] = 0x60;
    t[20] = 6;
    t[21] = 64;
    std::ranges::copy(side == 0 ? kClientPrefix : kServerPrefix, &t[22]);
    std::ranges::copy(side == 0 ? kServerPrefix : kClientPrefix, &t[38]);
}

}  // namespace

FrameWriter::FrameWriter(Family family, std::uint16_t frame_bytes, std::span<const std::uint8_t> options)
    : family_(family),
      tcp_at_(family == Family::ipv4 ? 34 : 54),
      tcp_bytes_(static_cast<std::uint16_t>(kTcpBytes + options.size())),
      payload_(static_cast<std::uint16_t>(frame_bytes - kFcs - tcp_at_ - tcp_bytes_)),
      least_(static_cast<std::uint16_t>(shortest(family) - kFcs)) {
    for (std::uint8_t side = 0; side < 2; ++side) {
        Template& t = templates_[side];
        write_link(t, side, family);
        if (family == Family::ipv4) {
            write_ipv4(t);
        } else {
            write_ipv6(t, side);
        }
        t[tcp_at_ + 12U] = static_cast<std::uint8_t>(tcp_bytes_ / 4U << 4U);
        store_be16(&t[tcp_at_ + 14U], UINT16_MAX);
        std::ranges::copy(options, &t[tcp_at_ + kTcpBytes]);
    }
}

}  // namespace ajar::dataplane
