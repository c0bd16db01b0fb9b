// Will the NIC give both directions of a flow to the worker that owns it? What a start alone can show is said
// so.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

enum class Hashes : std::uint8_t { yes, no, perhaps };

struct Kind {
    std::string_view id;  ///< PCI vendor, or beginning of a vdev's name
    Hashes hashes;
    std::string_view why;
};

/// By the features that drivers of DPDK 22.11 declare: a key of 40 bytes and more, and a table, of our own.
constexpr std::array kCards = {
    Kind{"0x8086", Hashes::yes, "Intel's take key and table (the 1G ones before 82575 have one queue)"},
    Kind{"0x15b3", Hashes::yes, "Mellanox' take key and table"},
    Kind{"0x14e4", Hashes::yes, "Broadcom's take key and table"},
    Kind{"0x1425", Hashes::yes, "Chelsio's take key and table"},
    Kind{"0x1077", Hashes::yes, "QLogic's take key and table"},
    Kind{"0x1af4", Hashes::perhaps, "virtio does if its host offers VIRTIO_NET_F_RSS"},
    Kind{"0x1d0f", Hashes::perhaps, "ENA does from its third generation on"},
};
constexpr std::array kVirtual = {
    Kind{"net_af_packet", Hashes::no, "no hash comes from the kernel"},
    Kind{"net_af_xdp", Hashes::no, "the interface's own hash spreads, and tells no number"},
    Kind{"net_pcap", Hashes::no, "no hash is in a capture"},
    Kind{"net_tap", Hashes::no, "its key is its own"},
    Kind{"net_vhost", Hashes::no, "the guest spreads"},
    Kind{"virtio_user", Hashes::no, "the other end spreads"},
    Kind{"net_null", Hashes::no, "nothing comes in"},
    Kind{"net_ring", Hashes::no, "rings hash nothing"},
};

template <typename Kinds>
const Kind* kind_of(const Kinds& kinds, std::string_view name) {
    const auto it =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return name.starts_with(k.id); });
    return it == kinds.end() ? nullptr : &*it;
}

constexpr std::string_view kTold = "`ajar stats`: handed_over, of a worker";

Finding hashes_of(const Device& device) {
    if (device.pci && device.nic == nullptr) return {Grade::ok, device.name + ": not there"};
    const auto* kind = device.pci ? kind_of(kCards, device.nic->vendor) : kind_of(kVirtual, device.name);
    if (kind == nullptr)
        return {Grade::ok, fmt::format("{}: not known before it is started; {} tells", device.name, kTold)};
    if (kind->hashes == Hashes::yes) return {Grade::ok, fmt::format("{}: {}", device.name, kind->why)};
    if (kind->hashes == Hashes::perhaps)
        return {Grade::ok, fmt::format("{}: {}; {} tells", device.name, kind->why, kTold)};
    return {Grade::advice,
            fmt::format("{}: {}: packets that come to the wrong worker are handed over by a ring",
                        device.name, kind->why),
            "workers = 1   # [appliance]; more where one is too slow"};
}

}  // namespace

Findings look_at_rss(const Patient& patient) {
    if (!patient.config) return {};
    const auto& config = *patient.config;
    if (config.workers == 1) return {{Grade::ok, "one worker has all flows"}};
    if (config.clock == ClockSource::packet)
        return {{Grade::ok, "clock = \"packet\": one lane reads for all workers"}};
    if (config.steer == Steer::hash)
        return {{Grade::ok, "steer = \"hash\": Ajar's own hash decides, and most packets are handed over"}};
    Findings out;
    for (const auto& device : patient.devices) out.push_back(hashes_of(device));
    return out;
}

}  // namespace ajar::doctor
