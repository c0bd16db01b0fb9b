// The arithmetic of packet buffers.
#include "dataplane/pool.hpp"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

constexpr std::uint32_t kCache = 256;

}  // namespace

void PoolDeleter::operator()(rte_mempool* pool) const { rte_mempool_free(pool); }

Result<Pool> make_pool(const std::string& name, std::uint32_t buffers, std::uint16_t room, int socket) {
    const std::uint32_t cache = std::min(kCache, buffers / 2);  // DPDK wants 1.5 times the cache
    Pool pool(rte_pktmbuf_pool_create(name.c_str(), buffers, cache, 0,
                                      static_cast<std::uint16_t>(room + RTE_PKTMBUF_HEADROOM), socket));
    if (pool) return pool;
    return Error{
        fmt::format("no memory for {} packet buffers of {} bytes on NUMA node {}: {}. Give DPDK more "
                    "hugepages (or, with --no-huge, a larger -m), or set `mbufs` lower.",
                    buffers, room + RTE_PKTMBUF_HEADROOM, socket, rte_strerror(rte_errno))};
}

std::uint32_t buffers_in_use(const rte_mempool* pool) { return rte_mempool_in_use_count(pool); }

}  // namespace ajar::dataplane
