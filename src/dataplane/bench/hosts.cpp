// Answers, in the question's own buffer.
#include "dataplane/bench/hosts.hpp"

#include <algorithm>

#include "ajar/packet/byte_order.hpp"
#include "ajar/packet/packet.hpp"
#include "dataplane/bench/scripts.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::size_t kIp = 14, kTcpBytes = 20;

/// Where the headers of a frame of made traffic stand (frames.hpp), the addresses by their last 32 bits.
struct Places {
    std::size_t from, to, address_bytes, tcp;
};
constexpr Places kV4{26, 30, 4, 34}, kV6{22, 38, 16, 54};

std::uint32_t address(const std::uint8_t* frame, std::size_t at, const Places& places) {
    return load_be32(frame + at + places.address_bytes - 4);
}

void turn_round(std::uint8_t* frame, const Places& places) {
    std::swap_ranges(frame, frame + 6, frame + 6);
    std::swap_ranges(frame + places.from, frame + places.from + places.address_bytes, frame + places.to);
    std::uint8_t* const tcp = frame + places.tcp;
    std::swap_ranges(tcp, tcp + 2, tcp + 2);
}

/// A bare segment in the place of the one that asked.
std::uint16_t answer(std::uint8_t* frame, const Places& places, bool alive) {
    turn_round(frame, places);
    std::uint8_t* const tcp = frame + places.tcp;
    const std::uint32_t asked_seq = load_be32(tcp + 4), asked_ack = load_be32(tcp + 8);
    store_be32(tcp + 4, asked_ack);
    store_be32(tcp + 8, alive ? asked_seq + 1 : 0);
    tcp[12] = kTcpBytes / 4 << 4U;
    tcp[13] = alive ? TcpFlags::kAck : TcpFlags::kRst;
    if (places.tcp == kV4.tcp) {
        store_be16(frame + kIp + 2, static_cast<std::uint16_t>(kV4.tcp - kIp + kTcpBytes));
    } else {
        store_be16(frame + kIp + 4, kTcpBytes);
    }
    return static_cast<std::uint16_t>(places.tcp + kTcpBytes);
}

}  // namespace

Peers::Taken IdleHosts::take(std::uint8_t side, std::span<std::uint8_t> frame) {
    const Places& places = lot_.family == Family::ipv4 ? kV4 : kV6;
    if (frame.size() < places.tcp + kTcpBytes) return {};
    const bool to_client = side == 0;
    const auto client = address(frame.data(), to_client ? places.to : places.from, places);
    if ((client >> 16U & 0xffU) != lot_.number) return {};
    const auto below = to_client ? kServerIsn : kClientIsn;  // nobody has said anything since
    const bool asks =
        frame[places.tcp + 13] == TcpFlags::kAck && load_be32(frame.data() + places.tcp + 4) == below;
    const auto fate = client % kOfFour;
    if (!asks || (fate == kAlive + kRefused && !to_client)) return {.theirs = true};
    const bool refuses = fate == kAlive && to_client;
    return {.theirs = true, .answer = answer(frame.data(), places, !refuses)};
}

}  // namespace ajar::dataplane
