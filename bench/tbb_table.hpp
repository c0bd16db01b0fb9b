// The same job on tbb::concurrent_hash_map, with Ajar's keyed hash. It locks what it hands out.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include "page_allocator.hpp"
#include "peer.hpp"

namespace ajar::bench {

class TbbTable {
public:
    static constexpr const char* kName = "tbb";
    explicit TbbTable(std::uint32_t flows) : flows_(flows), map_(flows, allocator_) {}

    std::size_t touch(Keys keys, std::uint32_t now) {
        std::size_t found = 0;
        for (const auto& k : keys) {
            Map::accessor at;
            if (map_.find(at, k)) found += bench::touch(at->second, now);
        }
        return found;
    }
    void insert(Keys keys) {
        for (const auto& k : keys) map_.insert({k, PeerState{}});
    }
    void turn(Keys dead, Keys born) {
        for (std::size_t i = 0; i < dead.size(); ++i) {
            map_.erase(dead[i]);
            map_.insert({born[i], PeerState{}});
        }
    }
    void clear() {
        map_.clear();
        map_.rehash(flows_);
    }
    [[nodiscard]] std::size_t bytes() const { return allocator_.held(); }

private:
    using Allocator = PageAllocator<std::pair<const KeyV4, PeerState>>;
    using Map = tbb::concurrent_hash_map<KeyV4, PeerState, KeyHash, Allocator>;
    std::uint32_t flows_;
    Allocator allocator_;
    Map map_;
};

}  // namespace ajar::bench
