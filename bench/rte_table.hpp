// The same job on DPDK's rte_hash, in bulk where it has bulk calls. Its hash is the unkeyed CRC, its fastest.
//
// It is made for 5/4 of the flows, as its manual advises, and rounds that up: buckets at a load of 0.5.
#pragma once

#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_lcore.h>

#include <array>
#include <stdexcept>

#include "ajar_table.hpp"

namespace ajar::bench {

class RteTable {
public:
    static constexpr const char* kName = "rte_hash";

    explicit RteTable(std::uint32_t flows)
        : memory_(setup().pages), entries_(take_array<Entry<KeyV4>>(memory_, flows / 4 * 5 + 1)) {
        start_eal();
        static int number = 0;
        const auto name = "bench" + std::to_string(number++);
        rte_hash_parameters parameters{};
        parameters.name = name.c_str();
        parameters.entries = flows / 4 * 5;
        parameters.key_len = sizeof(KeyV4);
        parameters.hash_func = rte_hash_crc;
        parameters.socket_id = static_cast<int>(rte_socket_id());
        hash_ = rte_hash_create(&parameters);
        if (hash_ == nullptr) throw std::runtime_error("rte_hash_create failed: too little memory?");
    }
    ~RteTable() { rte_hash_free(hash_); }
    RteTable(const RteTable&) = delete;
    RteTable& operator=(const RteTable&) = delete;

    std::size_t find(Keys keys, std::span<std::uint32_t> out) {
        std::array<const void*, kBurstKeys> pointers;
        std::array<std::int32_t, kBurstKeys> positions;
        for (std::size_t i = 0; i < keys.size(); ++i) pointers[i] = &keys[i];
        rte_hash_lookup_bulk(hash_, pointers.data(), static_cast<std::uint32_t>(keys.size()),
                             positions.data());
        std::size_t found = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            found += positions[i] >= 0 ? 1U : 0U;
            out[i] = static_cast<std::uint32_t>(positions[i]);
        }
        return found;
    }
    /// Entries stand in an array, by the position that rte_hash gives.
    std::uint64_t read(Keys keys) {
        std::array<std::uint32_t, kBurstKeys> out;
        find(keys, out);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            __builtin_prefetch(&entries_[out[i]]);
            __builtin_prefetch(&entries_[out[i]].warm);
        }
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) sum += AjarTable::state_of(entries_[out[i]]);
        return sum;
    }
    void insert(Keys keys) {
        for (const auto& k : keys) add(k);
    }
    void erase(Keys keys) {
        for (const auto& k : keys) rte_hash_del_key(hash_, &k);
    }
    void turn(Keys dead, Keys born) {
        for (std::size_t i = 0; i < dead.size(); ++i) {
            rte_hash_del_key(hash_, &dead[i]);
            add(born[i]);
        }
    }

private:
    /// A new flow's entry is written, as in any tracker.
    void add(const KeyV4& key) {
        const auto position = rte_hash_add_key(hash_, &key);
        if (position >= 0) entries_[static_cast<std::uint32_t>(position)].key = key;
    }

    PageMemory memory_;
    std::span<Entry<KeyV4>> entries_;
    rte_hash* hash_ = nullptr;
};

}  // namespace ajar::bench
