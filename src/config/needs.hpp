// What a configuration needs of the machine: cores, queues, buffers, memory. Computed before anything is
// touched.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/config.hpp"

namespace ajar::config {

/// Threads that look after frames: the workers, and with the packet clock one that receives and sends for
/// them.
std::uint32_t lanes_of(const Config& config);

/// Upper bounds: what a device offers less of (queues) needs less. Bytes.
struct Needs {
    std::uint32_t lcores = 0;             ///< lanes and one for control
    std::uint32_t queues = 0;             ///< of each port, in each direction
    std::uint64_t buffers = 0;            ///< of each pair of ports
    std::uint64_t least_buffers = 0;      ///< with fewer the pair could come to a halt
    std::uint64_t held_buffers = 0;       ///< of them, what fragments of all lanes may hold
    std::uint64_t buffer_bytes = 0;       ///< of all pairs
    std::uint64_t buffer_page_bytes = 0;  ///< the same in ordinary pages, where each begins a page
    std::uint64_t table_bytes = 0;        ///< of all workers
    std::uint64_t ring_bytes = 0;         ///< between threads: packets and events
    std::uint64_t fragment_bytes = 0;     ///< what holds fragments, beside their frames
    /// `hugepages`: buffers lie in them.
    [[nodiscard]] std::uint64_t total(bool hugepages) const {
        return (hugepages ? buffer_bytes : buffer_page_bytes) + table_bytes + ring_bytes + fragment_bytes;
    }
    /// What DPDK allocates in hugepages where there are any, with room for devices and fragmentation.
    [[nodiscard]] std::uint64_t hugepage_bytes() const;
};

Needs needs_of(const Config& config);

/// The machine that a configuration meets.
struct Machine {
    std::vector<unsigned> cpus;             ///< that this process may use
    std::uint64_t free_hugepage_bytes = 0;  ///< 2 MiB and 1 GiB pages together
};
Machine this_machine();

/// Does the appliance take hugepages on that machine?
bool takes_hugepages(const Config& config, const Needs& needs, const Machine& machine);

/// Needs beside what there is, a line each, for `ajar run --check`. `enough` tells whether the machine has it
/// all.
struct Verdict {
    std::string text;
    bool enough = true;
};
Verdict compare(const Config& config, const Needs& needs, const Machine& machine);

}  // namespace ajar::config
