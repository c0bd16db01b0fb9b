// The segments of each kind of traffic.
#include "dataplane/bench/scripts.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace ajar::dataplane {
namespace {

constexpr std::uint64_t kOdd = 0x9e3779b1;  // odd: times it is a permutation of any power of two

constexpr Segment kSynAck{.seq = kServerIsn, .ack = kClientIsn + 1, .flags = TcpFlags::kSyn | TcpFlags::kAck};
constexpr Segment kAck{.seq = kClientIsn + 1, .ack = kServerIsn + 1, .flags = TcpFlags::kAck};
constexpr Segment kServerReset{
    .seq = kServerIsn + 1, .ack = kClientIsn + 1, .flags = TcpFlags::kRst | TcpFlags::kAck};

/// Of bytes that both ends have sent so far, since the server began at `isn`.
Segment data(std::uint8_t side, std::uint32_t by_client, std::uint32_t by_server, std::uint16_t payload,
             std::uint32_t isn = kServerIsn) {
    const auto client = kClientIsn + 1 + by_client, server = isn + 1 + by_server;
    if (side == 0) return {client, server, payload, TcpFlags::kAck | TcpFlags::kPsh};
    return {server, client, payload, TcpFlags::kAck | TcpFlags::kPsh};
}

/// Blocks between the steps of a handshake: its packets should not meet in the processor's cache, but the
/// whole of it should be short beside the connections that there are.
std::uint64_t handshake_lag(std::uint64_t connections) {
    return std::clamp<std::uint64_t>(connections / Blocks::kBlock / 8, 1, 256);
}

}  // namespace

Opening::Opening(const Shape& shape, std::uint64_t connections)
    : Blocks({{0, 0}, {1, handshake_lag(connections)}, {0, 2 * handshake_lag(connections)}},
             connections / kBlock),
      tuples_(shape.lot),
      syn_writer_(shape.syn_writer()),
      writer_(shape.writer()) {}

void Opening::put(std::size_t track, std::uint64_t first, Burst burst) {
    constexpr const Segment* kSteps[] = {&kSyn, &kSynAck, &kAck};
    const FrameWriter& writer = track == 2 ? writer_ : syn_writer_;
    for (std::size_t i = 0; i < burst.size(); ++i) {
        burst.lengths[i] =
            writer.write(tuples_.of(first + i), track == 1 ? 1 : 0, *kSteps[track], burst.frames[i]);
    }
}

CookieOpening::CookieOpening(const Shape& shape, const Beginnings& cookies)
    : Blocks({{0, 0}, {1, handshake_lag(cookies.size())}}, cookies.size() / kBlock),
      tuples_(shape.lot),
      syn_writer_(shape.syn_writer()),
      writer_(shape.writer()),
      cookies_(cookies) {}

void CookieOpening::put(std::size_t track, std::uint64_t first, Burst burst) {
    for (std::size_t i = 0; i < burst.size(); ++i) {
        const auto tuple = tuples_.of(first + i);
        Segment ack = kAck;
        ack.ack = cookies_[first + i] + 1;
        burst.lengths[i] = track == 0 ? writer_.write(tuple, 0, ack, burst.frames[i])
                                      : syn_writer_.write(tuple, 1, kSynAck, burst.frames[i]);
    }
}

UniformData::UniformData(const Shape& shape, Beginnings servers) : UniformData(shape, servers.size()) {
    servers_ = std::move(servers);
}

UniformData::UniformData(const Shape& shape, std::uint64_t connections)
    : Blocks({{0, 0}, {1, connections / kBlock / 2}}),
      tuples_(shape.lot),
      writer_(shape.writer()),
      mask_(connections - 1),
      bits_(static_cast<unsigned>(std::countr_zero(connections))) {}

void UniformData::put(std::size_t track, std::uint64_t first, Burst burst) {
    const auto side = static_cast<std::uint8_t>(track);
    const auto flow_of = [&](std::size_t i) { return ((first + i) * kOdd) & mask_; };
    if (!servers_.empty()) {
        for (std::size_t i = 0; i < burst.size(); ++i) __builtin_prefetch(&servers_[flow_of(i)]);
    }
    for (std::size_t i = 0; i < burst.size(); ++i) {
        const auto flow = flow_of(i);
        const auto sent = static_cast<std::uint32_t>((first + i) >> bits_) * writer_.payload();
        const auto isn = servers_.empty() || side == 1 ? kServerIsn : servers_[flow];
        const auto segment =
            data(side, side == 0 ? sent : sent + writer_.payload(), sent, writer_.payload(), isn);
        burst.lengths[i] = writer_.write(tuples_.of(flow), side, segment, burst.frames[i]);
    }
}

ZipfData::ZipfData(const Shape& shape, std::uint64_t connections, double exponent)
    : Blocks({{0, 0}, {1, 0}}),
      tuples_(shape.lot),
      writer_(shape.writer()),
      draws_(static_cast<std::uint32_t>(connections), exponent,
             std::clamp<std::size_t>(2 * connections, 1U << 16U, 1U << 24U), shape.lot.number + 1U),
      sent_(connections) {}

void ZipfData::put(std::size_t track, std::uint64_t, Burst burst) {
    const auto side = static_cast<std::uint8_t>(track);
    std::array<std::uint32_t, kBlock> flows;
    for (std::size_t i = 0; i < burst.size(); ++i) {
        flows[i] = draws_.next();
        __builtin_prefetch(&sent_[flows[i]], 1);
    }
    for (std::size_t i = 0; i < burst.size(); ++i) {
        Sent& sent = sent_[flows[i]];
        const auto bytes = [&](unsigned by) { return sent.by[by] * writer_.payload(); };
        const auto segment = data(side, bytes(0), bytes(1), writer_.payload());
        burst.lengths[i] = writer_.write(tuples_.of(flows[i]), side, segment, burst.frames[i]);
        ++sent.by[side];
    }
}

Connect::Connect(const Shape& shape, std::uint64_t alive)
    : Blocks({{0, 0},
              {1, handshake_lag(alive)},
              {0, 2 * handshake_lag(alive)},
              {1, 2 * handshake_lag(alive) + alive / kBlock}}),
      tuples_(shape.lot),
      writer_(shape.writer()),
      mask_(alive - 1) {}

void Connect::put(std::size_t track, std::uint64_t first, Burst burst) {
    constexpr const Segment* kSteps[] = {&kSyn, &kSynAck, &kAck, &kServerReset};
    for (std::size_t i = 0; i < burst.size(); ++i) {
        auto number = first + i;
        if (track == 3) number = (number & ~mask_) | ((number * kOdd) & mask_);
        burst.lengths[i] = writer_.write(tuples_.of(number), track & 1U, *kSteps[track], burst.frames[i]);
    }
}

std::size_t Flood::write(std::uint8_t side, Burst burst) {
    for (std::size_t i = 0; i < burst.size(); ++i)
        burst.lengths[i] = writer_.write(tuples_.of(next_++), side, kSyn, burst.frames[i]);
    return burst.size();
}

std::size_t Strangers::write(std::uint8_t, Burst burst) {
    for (std::size_t i = 0; i < burst.size(); ++i, ++next_) {
        const auto drawn = (next_ + 1) * 0x9e3779b97f4a7c15U;
        const Segment segment{.seq = static_cast<std::uint32_t>(drawn >> 32U),
                              .ack = static_cast<std::uint32_t>(drawn >> 16U),
                              .flags = flags_};
        burst.lengths[i] = writer_.write(tuples_.of(next_), 0, segment, burst.frames[i]);
    }
    return burst.size();
}

}  // namespace ajar::dataplane
