// What the text of a port says: a PCI address or a vdev, its name, its captures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::config {

/// Is this port a PCI address rather than a vdev?
bool is_pci(std::string_view port);

/// What names the device: the part before its arguments, a PCI address in full ("0000:3b:00.0").
std::string device_name(std::string_view port);

/// May DPDK know a device by this name? A kernel interface ("eth0") is none.
bool is_device_name(std::string_view name);

/// The files of a net_pcap device, one an rx queue, in order; empty for other devices.
std::vector<std::string> capture_files(std::string_view port);

/// Does a net_pcap device repeat its capture for ever? Then it keeps all packets of it in buffers.
bool repeats_capture(std::string_view port);

/// Packets that it keeps so, at most, by the size of its files.
std::uint64_t packets_kept(std::string_view port);

/// The kernel interface that a vdev sits on, both ways: net_af_packet, net_af_xdp, or net_pcap with `iface`.
/// Empty for other devices; what net_tap makes is gone with the process.
std::string interface_under(std::string_view port);

/// Does a PCI card keep its kernel interface beside DPDK, with this driver of the kernel's ("mlx5_core")?
bool is_bifurcated(std::string_view kernel_driver);

/// Is it a vdev of this driver, as "net_af_xdp0,iface=a" is one of "net_af_xdp"?
bool is_driven_by(std::string_view port, std::string_view driver);

/// Buffers that net_af_xdp of DPDK 22.11 keeps for each queue's reception, and as many again that are sent
/// and not yet given back, whatever number of descriptors one asks for.
inline constexpr std::uint64_t kAfXdpRing = 2048;
/// Bytes of a buffer that it leaves free before each frame.
inline constexpr std::uint64_t kAfXdpHeadroom = 256;

/// Does it deliver captures and nothing else, or nothing at all, so that its traffic comes to an end?
bool comes_to_an_end(std::string_view port);

}  // namespace ajar::config
