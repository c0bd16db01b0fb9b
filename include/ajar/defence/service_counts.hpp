// What happens at the services that have a name and marks of their own: counted exactly, by service.
//
// Ids are those of one table of services. A flow that was born under an earlier one is not counted, neither
// when it enters nor when it leaves.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"
#include "ajar/flow/shared_word.hpp"
#include "ajar/policy/services.hpp"

namespace ajar {

struct ServiceCount {
    std::uint64_t half_open = 0;
    std::uint64_t births = 0;   ///< connections begun: handshakes, and cookies that were accepted
    std::uint64_t cookies = 0;  ///< and challenges: sent less those that came back, modulo 2^64
};

/// One writer. Readers may look at any moment.
class ServiceCounts {
public:
    static constexpr std::uint64_t bytes_for() { return kMostServices * sizeof(ServiceCount); }
    explicit ServiceCounts(Memory& memory) : counts_(take_array<ServiceCount>(memory, kMostServices)) {}

    /// All are 0, and of this table from now on.
    void begin(std::uint32_t serial) {
        serial_.store(0, std::memory_order_relaxed);
        for (ServiceCount& count : counts_) {
            store_shared(count.half_open, std::uint64_t{0});
            store_shared(count.births, std::uint64_t{0});
            store_shared(count.cookies, std::uint64_t{0});
        }
        // Partner: serial(). Who sees the number does not see older counts.
        serial_.store(serial, std::memory_order_release);
    }
    /// Of which table they are.
    [[nodiscard]] std::uint32_t serial() const { return serial_.load(std::memory_order_acquire); }

    // `id` is not 0.

    void shift_half_open(ServiceId id, std::int32_t change) { shift(counts_[id - 1U].half_open, change); }
    void shift_cookies(ServiceId id, std::int32_t change) { shift(counts_[id - 1U].cookies, change); }
    void count_birth(ServiceId id) { shift(counts_[id - 1U].births, 1); }

    [[nodiscard]] ServiceCount of(ServiceId id) const {
        const ServiceCount& count = counts_[id - 1U];
        return {load_shared(count.half_open), load_shared(count.births), load_shared(count.cookies)};
    }

private:
    static void shift(std::uint64_t& count, std::int32_t change) {
        store_shared(count, count + static_cast<std::uint64_t>(std::int64_t{change}));
    }

    std::span<ServiceCount> counts_;
    std::atomic<std::uint32_t> serial_{0};
};

}  // namespace ajar
