// How tuples are turned into the partitions of one worker.
#include "dataplane/bench/tuples.hpp"

namespace ajar::dataplane {
namespace {

/// The smallest XOR of a port that changes the partition by each difference. `never` would make a port 0.
std::array<std::uint16_t, kPartitionMask + 1U> smallest_turns(std::uint16_t rss_word, std::uint16_t never) {
    std::array<std::uint16_t, kPartitionMask + 1U> out{};
    for (std::uint16_t x = UINT16_MAX; x > 0; --x)
        if (x != never) out[toeplitz7(x, rss_word)] = x;
    out[0] = 0;
    return out;
}

std::uint32_t word_xor(const std::array<std::uint8_t, 12>& prefix) {
    std::uint32_t x = 0;
    for (std::size_t i = 0; i < prefix.size(); i += 2) x ^= load_be16(&prefix[i]);
    return x;
}

}  // namespace

Tuples::Tuples(const Lot& lot) : lot_(lot), clients_(0x0a000000U | (std::uint32_t{lot.number} << 16U)) {
    if (lot.family == Family::ipv6) prefixes_ = word_xor(kClientPrefix) ^ word_xor(kServerPrefix);
    const auto turns = smallest_turns(lot.rss_word, kServerPort);
    for (std::uint32_t next = 0; next < 2; ++next) {
        const auto worker = (lot.worker + next) % lot.workers;
        for (std::uint32_t p = 0; p <= kPartitionMask; ++p) {
            const auto wanted = p - p % lot.workers + worker;
            turns_[next][p] = turns[p ^ (wanted <= kPartitionMask ? wanted : worker)];
        }
    }
}

}  // namespace ajar::dataplane
