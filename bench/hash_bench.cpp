// What do the keyed hash, the software RSS and the cookies' MAC cost, beside other hashes of the same bytes?
//
// Throughput over independent keys, as a burst has them. The unkeyed ones are no alternative: anybody can
// make their collisions.
#include <array>
#include <vector>

#include "ajar/flow/siphash.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/tcp/cookie_mac.hpp"
#include "harness.hpp"
#if defined(AJAR_BENCH_DPDK)
#include <rte_hash_crc.h>
#include <rte_jhash.h>
#include <rte_thash.h>
#endif

namespace ajar::bench {
namespace {

constexpr std::uint32_t kKeys = 1024;

template <typename Key>
std::vector<Key> random_keys() {
    std::vector<Key> keys(kKeys);
    std::uint64_t n = 0;
    for (auto& k : keys) {
        std::array<std::uint8_t, sizeof(Key)> bytes;
        for (auto& b : bytes) b = static_cast<std::uint8_t>(mixed(n++));
        k = std::bit_cast<Key>(bytes);
    }
    return keys;
}

template <typename Key, class Hash>
void time_hash(const std::string& what, const std::string& who, Hash hash) {
    run(what, kKeys, who, [hash](::benchmark::State& state) {
        const auto keys = random_keys<Key>();
        for (auto _ : state) {
            const auto start = stopwatch();
            for (int round = 0; round < 64; ++round) {
                for (const auto& k : keys) ::benchmark::DoNotOptimize(hash(k));
            }
            state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        }
        state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 64 * kKeys);
    });
}

template <typename Key>
void register_family(const std::string& family) {
    static const auto secret = hash_key_from_seed(1);
    time_hash<Key>("hash " + family, "ajar", [](const Key& k) { return keyed_hash(k, secret); });
    time_hash<Key>("hash " + family, "siphash-1-3", [](const Key& k) { return siphash_key(k, secret); });
    time_hash<Key>("rss " + family, "ajar", [](const Key& k) { return partition_rss(k, secret.rss_word); });
    static const tcp::cookie::Mac mac(secret.secret);
    time_hash<Key>("mac " + family, "ajar", [](const Key& k) { return mac.of(k, 1); });
    time_hash<Key>("mac " + family, "siphash-2-4", [](const Key& k) {
        std::array<std::uint64_t, sizeof k / 8> words;
        std::memcpy(words.data(), &k, sizeof k);
        return siphash<2, 4>(secret.secret, words, 1, sizeof k + 6);
    });
#if defined(AJAR_BENCH_DPDK)
    time_hash<Key>("hash " + family, "rte_hash_crc",
                   [](const Key& k) { return rte_hash_crc(&k, sizeof k, 1); });
    time_hash<Key>("hash " + family, "rte_jhash", [](const Key& k) { return rte_jhash(&k, sizeof k, 1); });
    time_hash<Key>("rss " + family, "rte_softrss", [](const Key& k) {
        static const auto rss = rss_key(secret.rss_word);
        std::array<std::uint32_t, (sizeof k - sizeof k.zone) / 4> words;
        std::memcpy(words.data(), &k, sizeof words);
        for (auto& w : words) w = __builtin_bswap32(w);
        return rte_softrss(words.data(), words.size(), rss.data());
    });
#endif
}

}  // namespace

void register_runs() {
    register_family<KeyV4>("v4");
    register_family<KeyV6>("v6");
}

}  // namespace ajar::bench
