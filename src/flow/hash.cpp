// Where the secret of the keyed hash comes from: a seed, or the kernel.
#include "ajar/flow/hash.hpp"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <system_error>

namespace ajar {
namespace {

/// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t next(std::uint64_t& state) {
    auto z = state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

/// Flips a bit where the number of ones is even: see flow/steer.hpp.
std::uint16_t with_odd_parity(std::uint16_t word) {
    return std::popcount(word) % 2 != 0 ? word : static_cast<std::uint16_t>(word ^ 1U);
}

}  // namespace

HashKey hash_key_from_seed(std::uint64_t seed) {
    HashKey key;
    key.secret = {next(seed), next(seed)};
    key.rss_word = with_odd_parity(static_cast<std::uint16_t>(next(seed)));
    return key;
}

HashKey random_hash_key() {
    HashKey key;
    if (::getrandom(&key.secret, sizeof key.secret, 0) != static_cast<ssize_t>(sizeof key.secret) ||
        ::getrandom(&key.rss_word, sizeof key.rss_word, 0) != static_cast<ssize_t>(sizeof key.rss_word)) {
        throw std::system_error(errno, std::generic_category(), "no random key from the kernel");
    }
    key.rss_word = with_odd_parity(key.rss_word);
    return key;
}

}  // namespace ajar
