// Reading the headers of a capture, and the device strings that name captures.
#include "dataplane/capture_stamps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ajar/packet/capture_time.hpp"

namespace ajar::dataplane {
namespace {

/// Values of `key` among the comma-separated key=value parts of a device string.
std::vector<std::string> values_of(std::string_view device, std::string_view key) {
    std::vector<std::string> out;
    while (!device.empty()) {
        const auto part = device.substr(0, device.find(','));
        device.remove_prefix(std::min(device.size(), part.size() + 1));
        const auto equals = part.find('=');
        if (equals != std::string_view::npos && part.substr(0, equals) == key) {
            out.emplace_back(part.substr(equals + 1));
        }
    }
    return out;
}

}  // namespace

Result<CaptureStamps> CaptureStamps::open(const std::string& file) {
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    pcap_t* const p =
        pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data());
    if (p == nullptr) return Error{fmt::format("capture {}: {}", file, why.data())};
    CaptureStamps stamps(p);
    if (pcap_datalink(p) != DLT_EN10MB) {
        return Error{
            fmt::format("capture {}: its link type is {}, not Ethernet: `ajar replay` reads it, a port of "
                        "`ajar run` cannot",
                        file, pcap_datalink_val_to_name(pcap_datalink(p)))};
    }
    return stamps;
}

std::optional<Stamp> CaptureStamps::next() {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    if (pcap_next_ex(pcap_.get(), &header, &bytes) != 1) return std::nullopt;
    return Stamp{capture_time(header->ts.tv_sec, header->ts.tv_usec), header->caplen,
                 std::max(header->len, header->caplen)};
}

std::vector<std::string> capture_files(const std::string& device) {
    return device.starts_with("net_pcap") ? values_of(device, "rx_pcap") : std::vector<std::string>{};
}

bool repeats_capture(const std::string& device) {
    const auto values = values_of(device, "infinite_rx");
    return !values.empty() && values.front() != "0";
}

std::uint64_t count_packets(const std::string& device) {
    std::uint64_t n = 0;
    for (const auto& file : capture_files(device)) {
        auto stamps = CaptureStamps::open(file);
        if (!stamps) continue;
        while (stamps->next()) ++n;
    }
    return n;
}

}  // namespace ajar::dataplane
