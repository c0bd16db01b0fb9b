// A pcapng file as libpcap reads it.
#pragma once

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ajar::exporting {

struct ReadFrame {
    std::int64_t ns = 0;
    std::string bytes;
    std::uint32_t wire_length = 0;
};

inline std::vector<ReadFrame> frames_of(const std::string& path, int* link = nullptr) {
    char error[PCAP_ERRBUF_SIZE] = "";
    pcap_t* const file =
        pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
    EXPECT_NE(file, nullptr) << path << ": " << error;
    std::vector<ReadFrame> out;
    if (file == nullptr) return out;
    if (link != nullptr) *link = pcap_datalink(file);
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(file, &header, &data)) == 1)
        out.push_back({std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec,
                       std::string(reinterpret_cast<const char*>(data), header->caplen), header->len});
    EXPECT_EQ(status, PCAP_ERROR_BREAK) << pcap_geterr(file);
    pcap_close(file);
    return out;
}

}  // namespace ajar::exporting
