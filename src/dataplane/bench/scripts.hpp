// The packets of each kind of traffic that `ajar bench` makes: handshakes, data, whole connections, floods.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ajar/packet/packet.hpp"
#include "dataplane/bench/frames.hpp"
#include "dataplane/bench/traffic.hpp"
#include "dataplane/bench/zipf.hpp"

namespace ajar::dataplane {

/// What a script's frames are like. Options are whole words, as they stand behind the TCP header.
struct Shape {
    Lot lot;
    std::uint16_t frame_bytes = 64;               ///< of data segments, with FCS
    std::span<const std::uint8_t> syn_options{};  ///< of SYNs and SYN-ACKs
    std::span<const std::uint8_t> options{};      ///< of all other segments

    [[nodiscard]] FrameWriter syn_writer() const {
        return {lot.family, FrameWriter::kLongest, syn_options};  // a SYN has no payload: any size will do
    }
    [[nodiscard]] FrameWriter writer() const { return {lot.family, frame_bytes, options}; }
};

// Where the ends of every connection begin.
inline constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000;
inline constexpr Segment kSyn{.seq = kClientIsn, .flags = TcpFlags::kSyn};

/// By connection: the number with which its server began, as its client knows it.
using Beginnings = std::vector<std::uint32_t>;

/// SYN, SYN-ACK, ACK of connections 0 to n - 1 (n is a multiple of 64), then the end.
class Opening final : public Blocks {
public:
    Opening(const Shape& shape, std::uint64_t connections);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter syn_writer_, writer_;
};

/// The same connections where a cookie answers for the server, and nobody has to ask for it: the client's ACK
/// that brings it back, the server's SYN-ACK, then the end.
class CookieOpening final : public Blocks {
public:
    CookieOpening(const Shape& shape, const Beginnings& cookies);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter syn_writer_, writer_;
    Beginnings cookies_;
};

/// Data to and fro on connections that Opening has made, each packet with the number and the acknowledgment
/// that its flow has come to. In each pass every connection is heard once from each side, in an order that
/// jumps; the servers answer half a pass after the clients have asked. n is a power of two from 128 on.
class UniformData final : public Blocks {
public:
    UniformData(const Shape& shape, std::uint64_t connections);
    /// Of so many connections, for each of which is looked up where its server began: what that costs is
    /// equal for connections of all kinds.
    UniformData(const Shape& shape, Beginnings servers);

private:
    void put(std::size_t track, std::uint64_t first, Burst burst) override;

    Tuples tuples_;
    FrameWriter writer_;
    std::uint64_t mask_;
    unsigned bits_;
    Beginnings servers_{};  // empty: all at kServerIsn
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
    explicit Flood(const Shape& shape) : tuples_(shape.lot), writer_(shape.syn_writer()) {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override { return kEither; }

private:
    Tuples tuples_;
    FrameWriter writer_;
    std::uint64_t next_ = 0;
};

/// Segments with these flags and numbers drawn at random on ever new tuples, all to the servers, from behind
/// both ports.
class Strangers final : public Traffic {
public:
    Strangers(const Shape& shape, std::uint8_t flags)
        : tuples_(shape.lot),
          writer_((flags & TcpFlags::kSyn) != 0 ? shape.syn_writer() : shape.writer()),
          flags_(flags) {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override { return kEither; }

private:
    Tuples tuples_;
    FrameWriter writer_;
    std::uint8_t flags_;
    std::uint64_t next_ = 0;
};

}  // namespace ajar::dataplane
