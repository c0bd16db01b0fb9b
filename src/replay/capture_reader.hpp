// How frames come out of a capture: pcap or pcapng, micro- or nanoseconds, from a file or standard input.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "ajar/result.hpp"
#include "replay/pcap_walk.hpp"
#include "replay/record.hpp"

struct pcap;

namespace ajar::replay {

class CaptureReader {
public:
    enum class Status : std::uint8_t {
        record,
        end,
        truncated,  ///< the file stops within a record: error() says where; what came before counts
        broken,     ///< the rest cannot be read: error() says why
    };

    /// `path` "-" is standard input. Errors say what the file is instead, and what to do.
    static Result<CaptureReader> open(const std::string& path);

    Status next(Record& record);
    [[nodiscard]] const std::string& error() const { return error_; }
    /// Bytes of the file that were read so far, as buffered; 0 where the input cannot tell.
    [[nodiscard]] std::uint64_t position() const;

private:
    struct Close {
        void operator()(pcap* handle) const;
    };
    CaptureReader(std::string path, LinkType link);
    Status next_by_libpcap(Record& record);
    Status stop();

    std::string path_;
    LinkType link_;
    std::unique_ptr<char[]> buffer_;  // the stream's: outlives it
    std::unique_ptr<pcap, Close> handle_;
    std::FILE* file_ = nullptr;     // handle_ closes it
    std::optional<PcapWalk> walk_;  // until it meets what libpcap must read
    std::uint64_t records_ = 0;
    std::string error_;
};

}  // namespace ajar::replay
