// A bounded ring from one writer to one reader, for events and for hand-off. Full: the writer is told, and
// goes on.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace ajar {

/// T is trivially copyable. push(), or reserve() and commit(), from one thread, pop() from one other.
/// Capacity is a power of two.
template <typename T>
class SpscRing {
public:
    explicit SpscRing(std::size_t capacity) : mask_(capacity - 1), slots_(std::make_unique<T[]>(capacity)) {}

    bool push(const T& value) {
        T* const slot = reserve();
        if (slot == nullptr) return false;
        *slot = value;
        commit();
        return true;
    }

    /// The next slot, to be written in place: it holds whatever it held when it was last read. Null when
    /// full. The reader gets it at commit().
    [[nodiscard]] T* reserve() {
        const auto head = head_.load(std::memory_order_relaxed);
        if (head - tail_seen_ > mask_) {
            tail_seen_ = tail_.load(std::memory_order_acquire);  // partner: pop's release
            if (head - tail_seen_ > mask_) return nullptr;
        }
        return &slots_[head & mask_];
    }
    /// The slot after the reserved one, whoever may still read it: where the next lines to be written are.
    [[nodiscard]] const T* following() const {
        return &slots_[(head_.load(std::memory_order_relaxed) + 1) & mask_];
    }
    void commit() {
        head_.store(head_.load(std::memory_order_relaxed) + 1,
                    std::memory_order_release);  // partner: pop's acquire
    }

    bool pop(T& value) {
        const auto tail = tail_.load(std::memory_order_relaxed);
        if (tail == head_seen_) {
            head_seen_ = head_.load(std::memory_order_acquire);  // partner: push's release
            if (tail == head_seen_) return false;
        }
        value = slots_[tail & mask_];
        tail_.store(tail + 1, std::memory_order_release);  // partner: push's acquire
        return true;
    }

    /// Slots that are free at this moment. To the writer a lower bound, for only pop() frees more; to the
    /// reader an upper one.
    [[nodiscard]] std::size_t space() const {
        return mask_ + 1 - (head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_acquire));
    }
    [[nodiscard]] std::size_t capacity() const { return mask_ + 1; }

private:
    std::size_t mask_;
    std::unique_ptr<T[]> slots_;
    alignas(64) std::atomic<std::size_t> head_{0};
    std::size_t tail_seen_ = 0;  // writer's
    alignas(64) std::atomic<std::size_t> tail_{0};
    std::size_t head_seen_ = 0;  // reader's
};

}  // namespace ajar
