// The history of a flow in brief: sixteen steps of five bits, beside its counters.
//
// Zeek's letters (flow/record.hpp writes them with all of Zeek's rules), each written once a side: what an
// operator has to see of a flow, at the price of one compare per packet. S h A d: the originator's SYN, the
// answer, its ACK, data of the responder. F, R; W: it offered no window; T: it sent data again; I, Q: a
// packet with two of SYN, FIN, RST; C: a bad checksum. A leading ^: the flow was seen from its responder on.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

inline constexpr std::size_t kHistoryLength = 16;

/// Letters as text. Any thread.
struct HistoryText {
    std::array<char, kHistoryLength> letters{};
    std::uint8_t length = 0;
    [[nodiscard]] std::string_view view() const { return {letters.data(), length}; }
};

namespace history {

/// Bits of Sent::letters.
struct Letter {
    static constexpr std::uint8_t kSyn = 0x01, kAck = 0x02, kData = 0x04, kFin = 0x08, kRst = 0x10,
                                  kWindow = 0x20, kRepeat = 0x40, kOdd = 0x80;
};

/// Empties the history. `flipped`: the first packet came from the responder.
void begin(Warm& warm, bool flipped);

/// Letters that the packet's side lacks. The machine has judged the packet.
void note(const Conn& conn, Warm& warm, const Packet& packet);

HistoryText text(const Warm& warm);

namespace detail {
/// What its flags and payload call for.
inline std::uint8_t letter_of(const Packet& packet) {
    return packet.payload != 0 ? Letter::kData : Letter::kAck;
}
}  // namespace detail

/// An ACK or data like those before: nothing to write.
inline bool plain(const Conn& conn, const Warm& warm, const Packet& packet) {
    constexpr std::uint8_t kControls = TcpFlags::kSyn | TcpFlags::kFin | TcpFlags::kRst;
    const bool told = (warm.sent[packet.side].letters & detail::letter_of(packet)) != 0;
    return told && !packet.flags.has(kControls) && packet.window != 0 && conn.repeats == 0 &&
           packet.checksum != Checksum::bad;
}

inline void update(const Conn& conn, Warm& warm, const Packet& packet) {
    if (!plain(conn, warm, packet)) [[unlikely]]
        note(conn, warm, packet);
}

}  // namespace history
}  // namespace ajar
