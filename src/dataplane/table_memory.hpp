// Where a worker's tables live: on its NUMA node, and, for a worker that runs against the clock, touched
// before the first packet.
#pragma once

#include <memory>
#include <vector>

#include "ajar/flow/memory.hpp"

namespace ajar::dataplane {

/// DPDK's heap, in hugepages.
class DpdkMemory final : public Memory {
public:
    explicit DpdkMemory(int socket) : socket_(socket) {}
    ~DpdkMemory() override;
    DpdkMemory(const DpdkMemory&) = delete;
    DpdkMemory& operator=(const DpdkMemory&) = delete;

    void* take(std::size_t bytes, std::size_t align) override;

private:
    int socket_;
    std::vector<void*> blocks_;
};

/// Ordinary pages, touched as they are taken: no packet should wait for the kernel to find one. They come
/// from the node of the thread that takes them. Large pages on demand are no way out: finding room for one
/// can take the kernel ten milliseconds (measured: 600 MiB touched in 0.6 s as 4 KiB pages, in 0.1 to 6 s as
/// 2 MiB ones).
class TouchedMemory final : public Memory {
public:
    void* take(std::size_t bytes, std::size_t align) override;

private:
    PageMemory pages_;
};

/// For the worker on the calling lcore. Without hugepages, and with time to spare (`patient`: the packet
/// clock), pages come as they are needed, and a trial run stays small.
std::unique_ptr<Memory> table_memory(bool patient);

}  // namespace ajar::dataplane
