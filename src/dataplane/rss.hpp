// How a NIC is made to deliver each flow to the worker that owns its partition.
#pragma once

#include <cstdint>

#include "ajar/result.hpp"
#include "dataplane/port.hpp"

namespace ajar::dataplane {

/// Packet types for which a NIC hashes addresses and TCP ports (values of RTE_ETH_RSS_*).
extern const std::uint64_t kRssTypes;

/// Can the device hash TCP over both address families with a key of ours into a table of ours?
bool rss_capable(const PortFacts& facts);

/// The worker that owns a partition.
constexpr std::uint32_t owner_of(std::uint8_t partition, std::uint32_t workers) {
    return partition % workers;
}

/// Entry i of the redirection table sends to the owner of partition i mod 128. A table below 128 entries
/// cannot tell all partitions apart: then hand-off mends what it gets wrong.
Result<bool> set_reta(std::uint16_t port, const PortFacts& facts, std::uint32_t workers);

/// Compares DPDK's own Toeplitz hash, under the key that repeats `word`, with the tracker's partition
/// function, over random tuples of both families and both directions. False: no NIC would agree with the
/// software, do not start.
bool rss_agrees_with_software(std::uint16_t word);

}  // namespace ajar::dataplane
