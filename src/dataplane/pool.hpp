// How many packet buffers a pair of ports needs, and where they come from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ajar/result.hpp"
#include "dataplane/port.hpp"

struct rte_mempool;

namespace ajar::dataplane {

struct PoolDeleter {
    void operator()(rte_mempool* pool) const;
};
using Pool = std::unique_ptr<rte_mempool, PoolDeleter>;

/// A pool of `buffers` buffers of `room` bytes beside the headroom.
Result<Pool> make_pool(const std::string& name, std::uint32_t buffers, std::uint16_t room, int socket);

/// Buffers that are out of the pool now. Exact only while nobody uses it.
std::uint32_t buffers_in_use(const rte_mempool* pool);

}  // namespace ajar::dataplane
