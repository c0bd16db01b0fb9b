// The same job on DPDK's rte_hash with its lock-free readers, in bulk where it has bulk calls. Its hash is
// the unkeyed CRC, its fastest.
//
// It is made for 5/4 of the flows, as its manual advises, and rounds that up: buckets at a load of 0.5. The
// flows stand in an array, by the position that it gives. A deleted key's place is given back at once, as a
// sole thread may.
#pragma once

#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_lcore.h>

#include <array>
#include <new>
#include <string>

#include "peer.hpp"

namespace ajar::bench {

class RteTable {
public:
    static constexpr const char* kName = "rte_hash";

    explicit RteTable(std::uint32_t flows)
        : memory_(setup().pages), flows_(take_array<Flow>(memory_, flows / 4 * 5 + 64)) {
        start_eal();
        const auto before = eal_bytes();
        static int number = 0;
        const auto name = "bench" + std::to_string(number++);
        rte_hash_parameters parameters{};
        parameters.name = name.c_str();
        parameters.entries = flows / 4 * 5;
        parameters.key_len = sizeof(KeyV4);
        parameters.hash_func = rte_hash_crc;
        parameters.socket_id = static_cast<int>(rte_socket_id());
        parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF;
        hash_ = rte_hash_create(&parameters);
        if (hash_ == nullptr) throw std::bad_alloc();
        bytes_ = eal_bytes() - before + flows / 4 * 5 * sizeof(Flow);
    }
    ~RteTable() { rte_hash_free(hash_); }
    RteTable(const RteTable&) = delete;
    RteTable& operator=(const RteTable&) = delete;

    std::size_t touch(Keys keys, std::uint32_t now) {
        std::array<const void*, kBurstKeys> pointers;
        std::array<std::int32_t, kBurstKeys> positions;
        for (std::size_t i = 0; i < keys.size(); ++i) pointers[i] = &keys[i];
        rte_hash_lookup_bulk(hash_, pointers.data(), static_cast<std::uint32_t>(keys.size()),
                             positions.data());
        for (const auto p : positions) __builtin_prefetch(&flows_[static_cast<std::uint32_t>(p < 0 ? 0 : p)]);
        std::size_t found = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (positions[i] >= 0) found += bench::touch(at(positions[i]), now);
        }
        return found;
    }
    void insert(Keys keys) {
        for (const auto& k : keys) add(k);
    }
    void turn(Keys dead, Keys born) {
        for (std::size_t i = 0; i < dead.size(); ++i) {
            const auto position = rte_hash_del_key(hash_, &dead[i]);
            if (position >= 0) rte_hash_free_key_with_position(hash_, position);
            add(born[i]);
        }
    }
    void clear() { rte_hash_reset(hash_); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    struct alignas(64) Flow {
        PeerState state;
    };
    PeerState& at(std::int32_t position) { return flows_[static_cast<std::uint32_t>(position)].state; }
    /// A new flow's state is written, as in any tracker.
    void add(const KeyV4& key) {
        const auto position = rte_hash_add_key(hash_, &key);
        if (position >= 0) at(position) = PeerState{};
    }

    PageMemory memory_;
    std::span<Flow> flows_;
    rte_hash* hash_ = nullptr;
    std::size_t bytes_ = 0;
};

}  // namespace ajar::bench
