// Reading the headers of a capture.
#include "dataplane/capture_stamps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ajar/packet/capture_time.hpp"
#include "config/device.hpp"

namespace ajar::dataplane {

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

std::uint64_t count_packets(const std::string& device) {
    std::uint64_t n = 0;
    for (const auto& file : config::capture_files(device)) {
        auto stamps = CaptureStamps::open(file);
        if (!stamps) continue;
        while (stamps->next()) ++n;
    }
    return n;
}

}  // namespace ajar::dataplane
