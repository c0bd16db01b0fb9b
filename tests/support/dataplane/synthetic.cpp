// The frames of synthetic flows.
#include "support/dataplane/synthetic.hpp"

#include <algorithm>
#include <bit>

#include "ajar/flow/steer.hpp"
#include "ajar/packet/byte_order.hpp"
#include "ajar/packet/checksum.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint64_t kStepsOfAConnection = 3;
constexpr std::uint16_t kPayload = 6;  // fills the shortest Ethernet frame
constexpr std::size_t kIp = 14, kTcp = kIp + 20;
constexpr std::uint32_t kIsnOfClient = 1000, kIsnOfServer = 5000;

constexpr std::array<std::uint8_t, 14> kLink0 = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
constexpr std::array<std::uint8_t, 14> kLink1 = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};

}  // namespace

Synthetic::Synthetic(Pattern pattern, std::uint32_t flows, std::uint8_t lot)
    : pattern_(pattern), mask_(std::bit_ceil(std::max(flows, 1U)) - 1), lot_(lot) {}

void Synthetic::only_owned_by(std::uint32_t worker, std::uint32_t workers, std::uint16_t rss_word) {
    worker_ = worker;
    workers_ = workers;
    rss_word_ = rss_word;
}

bool Synthetic::write(std::uint8_t side, std::span<std::uint8_t, kFrameBytes> frame) {
    constexpr std::uint64_t kOdd = 0x9e3779b1;  // odd: a permutation of any power of two
    if (pattern_ == Pattern::flood && side == 1) return false;
    const std::uint64_t number = next_[side]++;
    const std::uint64_t slot = (number * kOdd) & mask_;
    const std::uint64_t step = number / (mask_ + 1);
    switch (pattern_) {
        case Pattern::established:
            put(admitted(slot), side, established(side, step), frame);
            break;
        case Pattern::connect:
            put(admitted(step / kStepsOfAConnection * (mask_ + 1) + slot), side,
                connect(side, step % kStepsOfAConnection), frame);
            break;
        case Pattern::flood:
            put(admitted(number), side, {.flags = TcpFlags::kSyn, .seq = kIsnOfClient}, frame);
            break;
    }
    return true;
}

Synthetic::Segment Synthetic::established(std::uint8_t side, std::uint64_t step) {
    // Data steps: what was sent before this one, modulo 2^32.
    const auto sent = static_cast<std::uint32_t>((step == 0 ? 0 : step - 1) * kPayload);
    if (side == 0) {
        if (step == 0) return {.flags = TcpFlags::kSyn, .seq = kIsnOfClient};
        return {TcpFlags::kAck, kIsnOfClient + 1 + sent, kIsnOfServer + 1 + sent, kPayload};
    }
    if (step == 0) return {TcpFlags::kSyn | TcpFlags::kAck, kIsnOfServer, kIsnOfClient + 1, 0};
    return {TcpFlags::kAck, kIsnOfServer + 1 + sent, kIsnOfClient + 1 + sent + kPayload, kPayload};
}

Synthetic::Segment Synthetic::connect(std::uint8_t side, std::uint64_t step) {
    constexpr std::uint8_t kFinAck = TcpFlags::kFin | TcpFlags::kAck;
    if (side == 0) {
        if (step == 0) return {.flags = TcpFlags::kSyn, .seq = kIsnOfClient};
        if (step == 1) return {TcpFlags::kAck, kIsnOfClient + 1, kIsnOfServer + 1, 0};
        return {kFinAck, kIsnOfClient + 1, kIsnOfServer + 1 + kPayload, 0};
    }
    if (step == 0) return {TcpFlags::kSyn | TcpFlags::kAck, kIsnOfServer, kIsnOfClient + 1, 0};
    if (step == 1) return {TcpFlags::kAck, kIsnOfServer + 1, kIsnOfClient + 1, kPayload};
    return {kFinAck, kIsnOfServer + 1 + kPayload, kIsnOfClient + 2, 0};
}

Synthetic::Tuple Synthetic::tuple_of(std::uint64_t flow) const {
    const auto low = static_cast<std::uint32_t>(flow);
    return {.client = (std::uint32_t{10} << 24U) | (std::uint32_t{lot_} << 16U) | (low & 0xffffU),
            .server = 0xc0a80000U + static_cast<std::uint32_t>((flow >> 30U) & 0xffffU),
            .client_port = static_cast<std::uint16_t>(1024U + ((low >> 16U) & 0x3fffU))};
}

// The server's port, out of 128 or more values, puts the tuple where it belongs.
Synthetic::Tuple Synthetic::admitted(std::uint64_t flow) const {
    Tuple tuple = tuple_of(flow);
    for (; workers_ > 1; ++tuple.server_port) {
        const FlowKey<Ipv4Address> key{{Ipv4Address::of(tuple.client), Ipv4Address::of(tuple.server)},
                                       {be16::of(tuple.client_port), be16::of(tuple.server_port)},
                                       0};
        if (partition_rss(key, rss_word_) % workers_ == worker_) break;
    }
    return tuple;
}

void Synthetic::put(const Tuple& tuple, std::uint8_t side, const Segment& segment,
                    std::span<std::uint8_t> frame) const {
    std::ranges::fill(frame, std::uint8_t{0});
    std::ranges::copy(side == 0 ? kLink0 : kLink1, frame.begin());
    std::uint8_t* const ip = frame.data() + kIp;
    std::uint8_t* const tcp = frame.data() + kTcp;
    const auto length = static_cast<std::uint16_t>(40 + segment.payload);
    ip[0] = 0x45;
    store_be16(ip + 2, length);
    ip[8] = 64;
    ip[9] = 6;
    store_be32(ip + 12, side == 0 ? tuple.client : tuple.server);
    store_be32(ip + 16, side == 0 ? tuple.server : tuple.client);
    store_be16(tcp, side == 0 ? tuple.client_port : tuple.server_port);
    store_be16(tcp + 2, side == 0 ? tuple.server_port : tuple.client_port);
    store_be32(tcp + 4, segment.seq);
    store_be32(tcp + 8, segment.ack);
    tcp[12] = 0x50;
    tcp[13] = segment.flags;
    store_be16(tcp + 14, 65535);
    if (!checksums_) return;
    store_be16(ip + 10, checksum::Sum().add({ip, 20}).checksum());
    const auto transport = static_cast<std::uint16_t>(length - 20);
    store_be16(
        tcp + 16,
        checksum::pseudo_header({ip + 12, 4}, {ip + 16, 4}, 6, transport).add({tcp, transport}).checksum());
}

}  // namespace ajar::dataplane
