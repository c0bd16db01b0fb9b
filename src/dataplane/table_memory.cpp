// How tables get zeroed, aligned memory.
#include "dataplane/table_memory.hpp"

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include <algorithm>
#include <new>

namespace ajar::dataplane {

DpdkMemory::~DpdkMemory() {
    for (void* block : blocks_) rte_free(block);
}

void* DpdkMemory::take(std::size_t bytes, std::size_t align) {
    blocks_.reserve(blocks_.size() + 1);
    // Of no bytes DPDK gives none, as it does when there are none left.
    void* block = rte_zmalloc_socket("ajar_table", std::max<std::size_t>(bytes, 1),
                                     static_cast<unsigned>(align), socket_);
    if (block == nullptr) throw std::bad_alloc();
    blocks_.push_back(block);
    return block;
}

void* TouchedMemory::take(std::size_t bytes, std::size_t align) {
    constexpr std::size_t kPage = 4096;
    auto* const p = static_cast<volatile std::byte*>(pages_.take(bytes, align));
    for (std::size_t i = 0; i < bytes; i += kPage) p[i] = std::byte{0};
    return const_cast<std::byte*>(p);
}

std::unique_ptr<Memory> table_memory(bool patient) {
    if (rte_eal_has_hugepages() != 0) return std::make_unique<DpdkMemory>(static_cast<int>(rte_socket_id()));
    if (patient) return std::make_unique<PageMemory>();
    return std::make_unique<TouchedMemory>();
}

}  // namespace ajar::dataplane
