// The same job on the general flat maps, boost's and Abseil's, with Ajar's keyed hash.
#pragma once

#if defined(AJAR_BENCH_BOOST)
#include <boost/unordered/unordered_flat_map.hpp>
#endif
#if defined(AJAR_BENCH_ABSL)
#include <absl/container/flat_hash_map.h>
#endif

#include "page_allocator.hpp"
#include "peer.hpp"

namespace ajar::bench {

using PeerPair = std::pair<const KeyV4, PeerState>;

#if defined(AJAR_BENCH_BOOST)
/// Its elements come first in its block, so each has a line.
struct BoostTable
    : MapTable<
          boost::unordered_flat_map<KeyV4, PeerState, KeyHash, std::equal_to<>, PageAllocator<PeerPair>>> {
    static constexpr const char* kName = "boost";
    using MapTable::MapTable;
};
#endif

#if defined(AJAR_BENCH_ABSL)
/// Its slots begin 16 bytes behind a power of two of control bytes: the skew gives each a line.
struct AbslTable
    : MapTable<absl::flat_hash_map<KeyV4, PeerState, KeyHash, std::equal_to<>, PageAllocator<PeerPair, 48>>> {
    static constexpr const char* kName = "absl";
    using MapTable::MapTable;
};
#endif

}  // namespace ajar::bench
