// Writing a capture file by libpcap.
#pragma once

#include <memory>
#include <string>

#include "ajar/result.hpp"
#include "generate/source.hpp"

namespace ajar::gen {

class PcapFile {
public:
    /// `path` "-" is standard output.
    static Result<PcapFile> open(const std::string& path, bool microseconds);
    void write(const TimedFrame& frame);
    /// Flushes; false when anything could not be written.
    bool close();

private:
    struct Closer {
        void operator()(void* dumper) const;
    };
    PcapFile(void* dumper, bool microseconds) : dumper_(dumper), microseconds_(microseconds) {}

    std::unique_ptr<void, Closer> dumper_;  ///< pcap_dumper_t
    bool microseconds_;
};

}  // namespace ajar::gen
