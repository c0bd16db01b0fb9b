// How tables get zeroed, aligned blocks of DPDK's heap.
#include "dataplane/dpdk_memory.hpp"

#include <rte_malloc.h>

#include <new>

namespace ajar::dataplane {

DpdkMemory::~DpdkMemory() {
    for (void* block : blocks_) rte_free(block);
}

void* DpdkMemory::take(std::size_t bytes, std::size_t align) {
    blocks_.reserve(blocks_.size() + 1);
    void* block = rte_zmalloc_socket("ajar_table", bytes, static_cast<unsigned>(align), socket_);
    if (block == nullptr) throw std::bad_alloc();
    blocks_.push_back(block);
    return block;
}

}  // namespace ajar::dataplane
