// A frame as an mbuf: its contiguous head, and the frames of one datagram strung together.
#pragma once

#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <array>
#include <cstdint>
#include <span>

namespace ajar::dataplane {

/// A first segment with fewer bytes than this does not surely hold all headers.
inline constexpr std::uint16_t kHeadBytes = 256;
using Scratch = std::array<std::uint8_t, kHeadBytes>;

/// The first bytes of a frame, contiguous: the first segment where that is enough, else a copy in `scratch`.
inline std::span<const std::uint8_t> head_of(const rte_mbuf* m, Scratch& scratch) {
    const std::uint16_t first = rte_pktmbuf_data_len(m);
    if (m->next == nullptr || first >= kHeadBytes) [[likely]] {
        return {rte_pktmbuf_mtod(m, const std::uint8_t*), first};
    }
    const auto length = std::min<std::uint32_t>(kHeadBytes, rte_pktmbuf_pkt_len(m));
    const void* head = rte_pktmbuf_read(m, 0, length, scratch.data());
    return {static_cast<const std::uint8_t*>(head), head == nullptr ? 0U : length};
}

/// The fragments of a completed datagram travel as one: each frame names the next in a dynamic mbuf field.
/// The field of any other frame holds garbage, so whoever carries a frame also carries whether it heads a
/// string.
class FrameString {
public:
    /// Once a process, after the EAL. False: no room left in the mbuf.
    static bool register_field();

    static rte_mbuf*& next(rte_mbuf* m) { return *RTE_MBUF_DYNFIELD(m, offset_, rte_mbuf**); }

private:
    static int offset_;
};

/// Calls f(mbuf) for a frame, or for each frame of its string; f may free it.
template <typename F>
void for_each_frame(rte_mbuf* m, bool strung, F&& f) {
    if (!strung) [[likely]] {
        f(m);
        return;
    }
    while (m != nullptr) {
        rte_mbuf* const next = FrameString::next(m);
        f(m);
        m = next;
    }
}

}  // namespace ajar::dataplane
