// A connection as a list of segments, played into a record: what the record's tests read like.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "ajar/flow/record.hpp"

namespace ajar::test {

/// Sequence numbers as Wireshark shows them: relative to each side's ISN, so that a SYN is 0 and the first
/// data 1.
struct Segment {
    char from;               ///< '>' the client, port 40000; '<' the server, port 80
    std::string_view flags;  ///< of "SFRPAU"
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    double at = 0;  ///< seconds
    std::uint16_t window = 1000;
    Checksum checksum = Checksum::unknown;
    bool truncated = false;
};
inline constexpr Segment kSyn{'>', "S", 0}, kSynAck{'<', "SA", 0, 1}, kAck{'>', "A", 1, 1};

struct Ports {
    std::uint16_t client = 40000, server = 80;
};

constexpr std::uint32_t kClientIsn = 0xffff'ff00U;  // wraps after 256 bytes
constexpr std::uint32_t kServerIsn = 5'000'000U;

inline std::uint8_t flag_bits(std::string_view letters) {
    std::uint8_t bits = 0;
    for (const char c : letters) {
        const auto at = std::string_view("FSRPAU").find(c);
        bits = static_cast<std::uint8_t>(bits | (1U << at));
    }
    return bits;
}

inline Packet packet_of(const Segment& s, Ports ports) {
    const bool client = s.from == '>';
    Packet p;
    p.kind = PacketKind::tcp;
    p.v4 = KeyV4{
        {be32::of(0x0a000001), be32::of(0x0a000002)}, {be16::of(ports.client), be16::of(ports.server)}, 0};
    p.side = client ? 0 : 1;
    p.flags.bits = flag_bits(s.flags);
    p.seq = s.seq + (client ? kClientIsn : kServerIsn);
    p.ack = p.flags.ack() ? s.ack + (client ? kServerIsn : kClientIsn) : 0;
    p.payload = s.length;
    p.ip_length = 40 + s.length;
    p.window = s.window;
    p.checksum = s.checksum;
    p.truncated = s.truncated;
    p.time = Time(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s.at)));
    return p;
}

class Recorded {
public:
    explicit Recorded(std::initializer_list<Segment> segments, Ports ports = {}) : ports_(ports) {
        for (const Segment& s : segments) add(s);
    }

    void add(const Segment& segment) {
        const Packet packet = packet_of(segment, ports_);
        if (!begun_) ajar::record::begin(flow(), packet);
        begun_ = true;
        if (packet.checksum != Checksum::bad) warm.sent[packet.side].count(packet.ip_length);
        ajar::record::update(flow(), packet);
    }

    [[nodiscard]] std::string history() const { return std::string(record.history_text()); }
    [[nodiscard]] std::string state() const { return std::string(ajar::record::conn_state(record)); }
    [[nodiscard]] TimerClass timer() { return ajar::record::zeek_timer(flow()); }
    [[nodiscard]] bool ended_by(const Segment& segment) {
        return ajar::record::begins_another(flow(), packet_of(segment, ports_));
    }
    [[nodiscard]] double duration() const {
        return static_cast<double>(record.last_ns - record.first_ns) / 1e9;
    }

    Conn conn{};
    Warm warm{};
    ajar::Record record{};

private:
    ajar::record::Flow flow() { return {conn, warm, record}; }

    Ports ports_;
    bool begun_ = false;
};

}  // namespace ajar::test
