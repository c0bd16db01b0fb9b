// The same job on the general maps: absl::flat_hash_map and tbb::concurrent_hash_map, with Ajar's keyed hash.
#pragma once

#include <tbb/concurrent_hash_map.h>

#if defined(AJAR_BENCH_ABSL)
#include <absl/container/flat_hash_map.h>
#endif

#include "ajar_table.hpp"

namespace ajar::bench {

struct KeyHash {
    static std::size_t hash(const KeyV4& key) { return keyed_hash(key, HashKey{{1, 2}, 0x6d5a}); }
    static bool equal(const KeyV4& a, const KeyV4& b) { return a == b; }
    std::size_t operator()(const KeyV4& key) const { return hash(key); }
};

/// Who supplies find_one, insert_one, erase_one gets the bursts.
template <class Map>
class OneByOne {
public:
    std::size_t find(Keys keys, std::span<std::uint32_t> out) {
        std::size_t found = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) found += self().find_one(keys[i], out[i]) ? 1U : 0U;
        return found;
    }
    void insert(Keys keys) {
        for (const auto& k : keys) self().insert_one(k);
    }
    void erase(Keys keys) {
        for (const auto& k : keys) self().erase_one(k);
    }
    void turn(Keys dead, Keys born) {
        for (std::size_t i = 0; i < dead.size(); ++i) {
            self().erase_one(dead[i]);
            self().insert_one(born[i]);
        }
    }

private:
    Map& self() { return static_cast<Map&>(*this); }
};

class TbbTable : public OneByOne<TbbTable> {
public:
    static constexpr const char* kName = "tbb";
    explicit TbbTable(std::uint32_t flows) : map_(flows) {}

    bool find_one(const KeyV4& key, std::uint32_t& out) {
        Map::const_accessor at;
        if (!map_.find(at, key)) return false;
        out = at->second;
        return true;
    }
    void insert_one(const KeyV4& key) { map_.insert({key, ++next_}); }
    void erase_one(const KeyV4& key) { map_.erase(key); }

private:
    using Map = tbb::concurrent_hash_map<KeyV4, std::uint32_t, KeyHash>;
    Map map_;
    std::uint32_t next_ = 0;
};

#if defined(AJAR_BENCH_ABSL)
class AbslTable : public OneByOne<AbslTable> {
public:
    static constexpr const char* kName = "absl";
    explicit AbslTable(std::uint32_t flows) { map_.reserve(flows); }

    bool find_one(const KeyV4& key, std::uint32_t& out) {
        const auto at = map_.find(key);
        if (at == map_.end()) return false;
        out = at->second;
        return true;
    }
    void insert_one(const KeyV4& key) { map_.emplace(key, ++next_); }
    void erase_one(const KeyV4& key) { map_.erase(key); }

private:
    absl::flat_hash_map<KeyV4, std::uint32_t, KeyHash> map_;
    std::uint32_t next_ = 0;
};
#endif

}  // namespace ajar::bench
