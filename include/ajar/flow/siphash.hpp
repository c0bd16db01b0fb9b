// SipHash-c-d of whole 64-bit words (Aumasson, Bernstein 2012): the keyed hash where there are no AES
// instructions.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ajar {

struct SipState {
    std::array<std::uint64_t, 4> v;

    explicit SipState(const std::array<std::uint64_t, 2>& key)
        : v{0x736f6d6570736575U ^ key[0], 0x646f72616e646f6dU ^ key[1], 0x6c7967656e657261U ^ key[0],
            0x7465646279746573U ^ key[1]} {}

    void round() {
        v[0] += v[1], v[1] = std::rotl(v[1], 13) ^ v[0], v[0] = std::rotl(v[0], 32);
        v[2] += v[3], v[3] = std::rotl(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = std::rotl(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = std::rotl(v[1], 17) ^ v[2], v[2] = std::rotl(v[2], 32);
    }
    void rounds(int n) {
        for (int i = 0; i < n; ++i) round();
    }
};

/// `words` little endian; `tail` holds the last bytes of a message of `bytes` bytes in its low end.
template <int Compress, int Finish>
std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::uint64_t> words,
                      std::uint64_t tail, std::size_t bytes) {
    SipState s(key);
    const auto absorb = [&s](std::uint64_t w) { s.v[3] ^= w, s.rounds(Compress), s.v[0] ^= w; };
    for (const auto w : words) absorb(w);
    absorb(tail | (static_cast<std::uint64_t>(bytes) << 56U));
    s.v[2] ^= 0xffU;
    s.rounds(Finish);
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

}  // namespace ajar
