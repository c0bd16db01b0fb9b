// What a capture file says of its packets beyond what net_pcap delivers: nanoseconds, lengths on the wire,
// the end.
//
// net_pcap gives microseconds, a frame's captured length as if it were its own, and at the end of the file
// nothing at all, for ever. So with the packet clock the file is read a second time beside the device,
// headers only.
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ajar/clock.hpp"
#include "ajar/result.hpp"

namespace ajar::dataplane {

struct Stamp {
    Time time{};
    std::uint32_t captured = 0;
    std::uint32_t wire_length = 0;
};

class CaptureStamps {
public:
    static Result<CaptureStamps> open(const std::string& file);
    /// Of the next packet; empty at the end of the file, or where it is cut off.
    std::optional<Stamp> next();

private:
    struct Closer {
        void operator()(pcap_t* p) const { pcap_close(p); }
    };
    explicit CaptureStamps(pcap_t* p) : pcap_(p) {}
    std::unique_ptr<pcap_t, Closer> pcap_;
};

/// Packets in all files of the device; 0 where a file cannot be read (the device will say so).
std::uint64_t count_packets(const std::string& device);

}  // namespace ajar::dataplane
