// The RSS key, the redirection table, and the check of both against the software.
#include "dataplane/rss.hpp"

#include <fmt/format.h>
#include <rte_ethdev.h>
#include <rte_thash.h>

#include <array>
#include <random>
#include <vector>

#include "ajar/flow/steer.hpp"

namespace ajar::dataplane {

const std::uint64_t kRssTypes = RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV6_TCP;

namespace {

constexpr std::uint8_t kKeyBytes = 40;

/// A key of `Address`es and ports from random words, and the input that a NIC would hash for it.
template <typename Address, std::size_t Words>
bool one_agrees(std::mt19937& random, std::span<const std::uint8_t> rss, std::uint16_t word) {
    std::array<std::uint32_t, Words> input{};
    for (auto& v : input) v = static_cast<std::uint32_t>(random());
    FlowKey<Address> key{};
    constexpr std::size_t kAddress = sizeof(Address) / 4;
    for (std::size_t i = 0; i < kAddress; ++i) {
        store_be32(reinterpret_cast<std::uint8_t*>(&key.address[0]) + 4 * i, input[i]);
        store_be32(reinterpret_cast<std::uint8_t*>(&key.address[1]) + 4 * i, input[kAddress + i]);
    }
    const std::uint32_t ports = input[2 * kAddress];
    key.port = {be16::of(static_cast<std::uint16_t>(ports >> 16U)),
                be16::of(static_cast<std::uint16_t>(ports))};
    const auto there = rte_softrss(input.data(), Words, rss.data());
    std::swap_ranges(input.begin(), input.begin() + kAddress, input.begin() + kAddress);
    input[2 * kAddress] = (ports << 16U) | (ports >> 16U);
    const auto back = rte_softrss(input.data(), Words, rss.data());
    return there == back && (there & kPartitionMask) == partition_rss(key, word);
}

}  // namespace

bool rss_capable(const PortFacts& facts) {
    return (facts.rss_types & kRssTypes) == kRssTypes && facts.reta_size > 0 &&
           facts.hash_key_size >= kKeyBytes && facts.hash_key_size <= rss_key(0).size();
}

Result<bool> set_reta(std::uint16_t port, const PortFacts& facts, std::uint32_t workers) {
    std::vector<rte_eth_rss_reta_entry64> reta((facts.reta_size + 63U) / 64U);
    for (std::uint32_t i = 0; i < facts.reta_size; ++i) {
        auto& group = reta[i / 64];
        group.mask |= std::uint64_t{1} << (i % 64);
        group.reta[i % 64] =
            static_cast<std::uint16_t>(owner_of(static_cast<std::uint8_t>(i & kPartitionMask), workers));
    }
    if (const int rc = rte_eth_dev_rss_reta_update(port, reta.data(), facts.reta_size); rc != 0) {
        return Error{fmt::format("port {}: refuses the RSS redirection table: {}", port, rte_strerror(-rc))};
    }
    return true;
}

bool rss_agrees_with_software(std::uint16_t word) {
    constexpr int kTuples = 256;
    const auto key = rss_key(word);
    std::mt19937 random(1);
    for (int i = 0; i < kTuples; ++i) {
        if (!one_agrees<Ipv4Address, 3>(random, key, word) || !one_agrees<Ipv6Address, 9>(random, key, word))
            return false;
    }
    return true;
}

}  // namespace ajar::dataplane
