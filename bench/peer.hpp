// What every table of the bench holds and does, Ajar's and its peers'.
//
// A peer's flow is one cache line: the key and 48 bytes of state. Ajar's is its real entry, twice that: the
// comparison favours the peers. "Touch" reads the state and writes the time last seen.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/key.hpp"
#include "harness.hpp"

namespace ajar::bench {

inline constexpr std::size_t kBurstKeys = 32;
using Keys = std::span<const KeyV4>;  // at most kBurstKeys

struct alignas(16) PeerState {
    std::uint32_t alive = 1;
    std::uint32_t last_seen = 0;
    std::array<std::uint32_t, 10> rest{};
};
static_assert(sizeof(KeyV4) + sizeof(PeerState) == 64);

inline std::uint32_t touch(PeerState& state, std::uint32_t now) {
    state.last_seen = now;
    return state.alive;
}

/// Ajar's keyed hash, for those that take one.
struct KeyHash {
    using is_avalanching = void;  // boost: spares a second mixing
    static std::size_t hash(const KeyV4& key) { return keyed_hash(key, HashKey{{1, 2}, 0x6d5a}); }
    static bool equal(const KeyV4& a, const KeyV4& b) { return a == b; }
    std::size_t operator()(const KeyV4& key) const { return hash(key); }
};

/// Bursts for a map of the standard's shape. Map has reserve(), find(), try_emplace(), erase(), clear().
template <class Map>
class MapTable {
public:
    explicit MapTable(std::uint32_t flows) : flows_(flows) { map_.reserve(flows); }

    std::size_t touch(Keys keys, std::uint32_t now) {
        if constexpr (requires { map_.prefetch(keys[0]); }) {
            for (const auto& k : keys) map_.prefetch(k);
        }
        std::size_t found = 0;
        for (const auto& k : keys) {
            const auto at = map_.find(k);
            if (at != map_.end()) found += bench::touch(at->second, now);
        }
        return found;
    }
    void insert(Keys keys) {
        for (const auto& k : keys) map_.try_emplace(k);
    }
    void turn(Keys dead, Keys born) {
        for (std::size_t i = 0; i < dead.size(); ++i) {
            map_.erase(dead[i]);
            map_.try_emplace(born[i]);
        }
    }
    void clear() {
        map_.clear();
        map_.reserve(flows_);
    }
    [[nodiscard]] std::size_t bytes() const { return map_.get_allocator().held(); }

private:
    Map map_;
    std::uint32_t flows_;
};

}  // namespace ajar::bench
