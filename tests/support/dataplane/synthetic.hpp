// Traffic from nothing: headers written into empty frames, for benches and device tests without a wire.
//
// Both ends of many flows, as two ports of a pair would see them: side 0 carries what the clients send, side
// 1 what the servers answer. The packets of a side are numbered; number c belongs to flow c mod F (shuffled)
// and is step c div F of it, so every packet is computed from its number alone. A consumer takes from side 0
// first: an answer never comes before its question.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ajar/packet/packet.hpp"

namespace ajar::dataplane {

enum class Pattern : std::uint8_t {
    established,  ///< handshakes first, then data to and fro for ever
    connect,      ///< handshake, close, and again on new tuples
    flood,        ///< SYNs on ever new tuples; side 1 is silent
};

class Synthetic {
public:
    static constexpr std::size_t kFrameBytes = 60;

    /// `flows` is rounded up to a power of two. Tuples of two instances with different `lot` differ.
    Synthetic(Pattern pattern, std::uint32_t flows, std::uint8_t lot);

    /// Only tuples whose partition p has p mod workers == worker: what the right RSS would deliver.
    void only_owned_by(std::uint32_t worker, std::uint32_t workers, std::uint16_t rss_word);

    /// Writes side's next frame of kFrameBytes. False: this side is silent.
    bool write(std::uint8_t side, std::span<std::uint8_t, kFrameBytes> frame);
    /// Fills the checksums too; without it the frames are for receivers that trust the hardware's word.
    void fill_checksums(bool yes) { checksums_ = yes; }

private:
    struct Segment {
        std::uint8_t flags = 0;
        std::uint32_t seq = 0, ack = 0;
        std::uint16_t payload = 0;
    };
    struct Tuple {
        std::uint32_t client = 0, server = 0;
        std::uint16_t client_port = 0, server_port = 443;
    };
    [[nodiscard]] Tuple tuple_of(std::uint64_t flow) const;
    [[nodiscard]] Tuple admitted(std::uint64_t flow) const;
    [[nodiscard]] static Segment established(std::uint8_t side, std::uint64_t step);
    [[nodiscard]] static Segment connect(std::uint8_t side, std::uint64_t step);
    void put(const Tuple& tuple, std::uint8_t side, const Segment& segment,
             std::span<std::uint8_t> frame) const;

    Pattern pattern_;
    std::uint64_t mask_;
    std::uint8_t lot_;
    std::uint32_t worker_ = 0, workers_ = 1;
    std::uint16_t rss_word_ = 0;
    bool checksums_ = false;
    std::array<std::uint64_t, 2> next_{};
};

}  // namespace ajar::dataplane
