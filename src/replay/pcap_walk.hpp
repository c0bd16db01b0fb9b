// How the records of an ordinary pcap file are walked without a call and a copy for each.
//
// libpcap takes two fread() and a copy for a record: 415 of the 718 instructions that reading a frame cost,
// and of the 2925 that replaying it did (callgrind, small payloads). So it opens the file, judges it and
// reads all that is unusual; in between the records are read here, where they stand in one buffer that fits
// the cache.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>

#include "replay/record.hpp"

namespace ajar::replay {

class PcapWalk {
public:
    /// Of a file that libpcap has opened and that keeps at most `snap_length` bytes of a frame. Nothing where
    /// it is no regular file in pcap's present version and this machine's byte order.
    static std::optional<PcapWalk> begin(std::FILE* file, std::uint32_t snap_length);

    /// Fills all but the link type; the bytes are valid until the next call. False: the file ends here or
    /// within the record, or the record is longer than it may be: libpcap goes on from offset() and says why.
    bool next(Record& record);
    /// Of the next record in the file.
    [[nodiscard]] std::uint64_t offset() const { return read_ - (have_ - at_); }

private:
    PcapWalk(int fd, std::uint32_t snap_length, std::int64_t fraction);
    bool refill(std::size_t wanted);

    int fd_;
    std::uint32_t longest_;  ///< frame that is read here
    std::int64_t fraction_;  ///< nanoseconds of a timestamp's unit below the second
    std::unique_ptr<std::uint8_t[]> buffer_;
    std::size_t at_ = 0, have_ = 0;  ///< in the buffer: the next record, the end
    std::uint64_t read_;             ///< of the file, so far
};

}  // namespace ajar::replay
