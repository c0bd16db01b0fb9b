// How the peers' memory comes from the same pages as Ajar's, and how much of it they hold.
//
// Blocks are never given back to the kernel, but kept by size for the next one of that size. kSkew puts every
// block that many bytes behind a cache line.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "harness.hpp"

namespace ajar::bench {

class BlockPool {
public:
    BlockPool() : memory_(setup().pages) {}

    void* take(std::size_t bytes, std::size_t align) {
        held_ += bytes;
        auto& free = free_[bytes];
        if (free.empty()) return memory_.take(bytes, align);
        void* const block = free.back();
        free.pop_back();
        return block;
    }
    void give(void* block, std::size_t bytes) {
        held_ -= bytes;
        free_[bytes].push_back(block);
    }
    [[nodiscard]] std::size_t held() const { return held_; }

private:
    PageMemory memory_;
    std::map<std::size_t, std::vector<void*>> free_;
    std::size_t held_ = 0;
};

template <typename T, std::size_t kSkew = 0>
class PageAllocator {
public:
    using value_type = T;
    template <typename U>
    struct rebind {
        using other = PageAllocator<U, kSkew>;
    };

    PageAllocator() : pool_(std::make_shared<BlockPool>()) {}
    template <typename U>
    PageAllocator(const PageAllocator<U, kSkew>& from) : pool_(from.pool()) {}  // NOLINT: allocators convert

    T* allocate(std::size_t n) {
        // Arrays on lines of their own, nodes packed.
        const auto bytes = n * sizeof(T) + kSkew;
        void* const block = pool_->take(bytes, bytes > 4096 ? 64 : 16);
        return reinterpret_cast<T*>(static_cast<char*>(block) + kSkew);
    }
    void deallocate(T* p, std::size_t n) {
        pool_->give(reinterpret_cast<char*>(p) - kSkew, n * sizeof(T) + kSkew);
    }
    [[nodiscard]] const std::shared_ptr<BlockPool>& pool() const { return pool_; }
    [[nodiscard]] std::size_t held() const { return pool_->held(); }
    template <typename U>
    friend bool operator==(const PageAllocator& a, const PageAllocator<U, kSkew>& b) {
        return a.pool() == b.pool();
    }

private:
    std::shared_ptr<BlockPool> pool_;
};

}  // namespace ajar::bench
