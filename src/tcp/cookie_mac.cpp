// AES-128's key schedule (FIPS 197, 5.2).
#include "ajar/tcp/cookie_mac.hpp"

#if defined(__AES__)

namespace ajar::tcp::cookie {
namespace {

/// The next round key: each word is the one before it and the old one in its place; the first takes in the
/// last one, turned and substituted.
template <int Rcon>
__m128i next(__m128i key) {
    const auto turned = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key, Rcon), 0xff);
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
    return _mm_xor_si128(key, turned);
}

}  // namespace

Mac::Mac(const Secret& secret) {
    auto key = _mm_loadu_si128(reinterpret_cast<const __m128i*>(secret.data()));
    std::size_t r = 0;
    const auto keep = [&](__m128i k) {
        key = k;
        _mm_store_si128(reinterpret_cast<__m128i*>(round_.words[r++].data()), k);
    };
    keep(key);
    keep(next<0x01>(key)), keep(next<0x02>(key)), keep(next<0x04>(key)), keep(next<0x08>(key));
    keep(next<0x10>(key)), keep(next<0x20>(key)), keep(next<0x40>(key)), keep(next<0x80>(key));
    keep(next<0x1b>(key)), keep(next<0x36>(key));
}

}  // namespace ajar::tcp::cookie

#endif
