// The hosts of connections that say nothing of their own accord: what do they answer to who asks whether they
// live?
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/bench/tuples.hpp"
#include "dataplane/bench/wire.hpp"

namespace ajar::dataplane {

/// Of one lot. Of four connections in a row two live, one has lost its client, whose host is up and says so,
/// and one its server, of which nothing is left.
class IdleHosts final : public Peers {
public:
    static constexpr std::uint64_t kOfFour = 4, kAlive = 2, kRefused = 1, kSilent = 1;

    explicit IdleHosts(const Lot& lot) : lot_(lot) {}

    /// Frames of the lot, whose connections Opening has made, and none else: a living end answers an ACK
    /// below its window with a duplicate ACK (RFC 9293 3.10.7.4), a host without the socket with a RST of
    /// that ACK's number (3.10.7.1).
    Taken take(std::uint8_t side, std::span<std::uint8_t> frame) override;

private:
    Lot lot_;
};

}  // namespace ajar::dataplane
