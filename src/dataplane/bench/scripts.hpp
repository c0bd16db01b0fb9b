// The packets of each kind of traffic that `ajar bench` makes: handshakes, data, whole connections, floods.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/bench/frames.hpp"
#include "dataplane/bench/traffic.hpp"
#include "dataplane/bench/zipf.hpp"

namespace ajar::dataplane {

/// What a script's frames are like.
struct Shape {
    Lot lot;
    std::uint16_t frame_bytes = 64;  ///< of data segments, with FCS
};

/// SYN, SYN-ACK, ACK of connections 0 to n - 1 (n is a multiple of 64), then the end.
class Opening final : public Blocks {
public:
    Opening(const Shape& shape, std::uint64_t connections);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter writer_;
};

/// Data to and fro on connections that Opening has made, each packet with the number and the acknowledgment
/// that its flow has come to. In each pass every connection is heard once from each side, in an order that
/// jumps; the servers answer half a pass after the clients have asked. n is a power of two from 128 on.
class UniformData final : public Blocks {
public:
    UniformData(const Shape& shape, std::uint64_t connections);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter writer_;
    std::uint64_t mask_;
    unsigned bits_;
};

/// Likewise, but flows are drawn (ZipfDraws); how far each has come is remembered in 8 bytes a flow.
class ZipfData final : public Blocks {
public:
    ZipfData(const Shape& shape, std::uint64_t connections, double exponent);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    struct Sent {
        std::uint32_t by[2];  ///< segments
    };
    Tuples tuples_;
    FrameWriter writer_;
    ZipfDraws draws_;
    std::vector<Sent> sent_;
};

/// Ever new connections: handshake, and a RST of the server's when `alive` others have begun after it; which
/// goes first is shuffled. `alive` is a power of two from 64 on.
class Connect final : public Blocks {
public:
    Connect(const Shape& shape, std::uint64_t alive);

    static constexpr std::uint64_t kPacketsEach = 4;

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter writer_;
    std::uint64_t mask_;
};

/// SYNs on ever new tuples, from behind both ports.
class Flood final : public Traffic {
public:
    explicit Flood(const Shape& shape) : tuples_(shape.lot), writer_(shape.lot.family, kSmall) {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override { return kEither; }

private:
    static constexpr std::uint16_t kSmall = 84;  // a SYN has no payload: any size will do

    Tuples tuples_;
    FrameWriter writer_;
    std::uint64_t next_ = 0;
};

}  // namespace ajar::dataplane
