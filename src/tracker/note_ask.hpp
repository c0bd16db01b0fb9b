// Who asks for connections, and whom (flow/ask_sample.hpp): each SYN that finds no flow is one.
#pragma once

#include "tracker/tables.hpp"
#include "tracker/work.hpp"

namespace ajar::tracker {

inline std::array<std::uint8_t, 16> wide(const Ipv6Address& address) { return address; }
inline std::array<std::uint8_t, 16> wide(const Ipv4Address& address) {
    std::array<std::uint8_t, 16> out{};
    std::copy(address.bytes.begin(), address.bytes.end(), out.begin());
    return out;
}

template <typename Key>
void note_ask(Partition& partition, const Packet& syn) {
    partition.asked.add(syn.time, [&] {
        const Key& key = key_of<Key>(syn);
        const Side client = syn.side, server = other(client);
        return Ask{count_key(CountKind::service, key.address[server], key.zone, key.port[server]),
                   wide(key.address[client])};
    });
}

}  // namespace ajar::tracker
