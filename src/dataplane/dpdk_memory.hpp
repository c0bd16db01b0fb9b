// Where a worker's tables live: DPDK's heap on the worker's NUMA node, in hugepages.
#pragma once

#include <vector>

#include "ajar/flow/memory.hpp"

namespace ajar::dataplane {

/// For runs with hugepages. Without them PageMemory serves, so that the EAL's own heap stays small.
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

}  // namespace ajar::dataplane
