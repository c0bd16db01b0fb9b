// Walking the records of a pcap file in one buffer.
#include "replay/pcap_walk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ajar/packet/capture_time.hpp"

namespace ajar::replay {
namespace {

constexpr std::size_t kBuffer = 256U << 10U;

struct FileHeader {
    std::uint32_t magic;
    std::uint16_t major, minor;
    std::uint32_t zone, accuracy, snap_length, link;
};
static_assert(sizeof(FileHeader) == 24);

/// Numbers in the writer's byte order.
struct RecordHeader {
    std::uint32_t seconds;
    std::int32_t fraction;  // libpcap, too, takes it with a sign
    std::uint32_t captured, length;
};
static_assert(sizeof(RecordHeader) == 16);

/// As read(), but for signals.
ssize_t read_at(int fd, void* to, std::size_t n, std::uint64_t offset) {
    ssize_t got = 0;
    do got = pread(fd, to, n, static_cast<off_t>(offset));
    while (got < 0 && errno == EINTR);
    return got;
}

/// Nanoseconds of a timestamp's second number, by the magic number in this machine's byte order.
std::optional<std::int64_t> fraction_of(std::uint32_t magic) {
    if (magic == 0xa1b2c3d4U) return 1000;
    if (magic == 0xa1b23c4dU) return 1;
    return std::nullopt;
}

bool is_regular(int fd) {
    struct stat status {};
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::optional<PcapWalk> PcapWalk::begin(std::FILE* file, std::uint32_t snap_length) {
    const int fd = fileno(file);
    FileHeader header{};
    if (!is_regular(fd) || read_at(fd, &header, sizeof header, 0) != sizeof header) return std::nullopt;
    const auto fraction = fraction_of(header.magic);
    if (!fraction || header.major != 2 || header.minor != 4) return std::nullopt;
    return PcapWalk(fd, snap_length, *fraction);
}

PcapWalk::PcapWalk(int fd, std::uint32_t snap_length, std::int64_t fraction)
    : fd_(fd),
      longest_(std::min<std::uint32_t>(snap_length, kBuffer - sizeof(RecordHeader))),
      fraction_(fraction),
      buffer_(std::make_unique<std::uint8_t[]>(kBuffer)),
      read_(sizeof(FileHeader)) {}

bool PcapWalk::next(Record& record) {
    RecordHeader header;
    if (have_ - at_ < sizeof header && !refill(sizeof header)) return false;
    std::memcpy(&header, &buffer_[at_], sizeof header);
    if (header.captured > longest_) return false;
    const std::size_t whole = sizeof header + header.captured;
    if (have_ - at_ < whole && !refill(whole)) return false;
    record.time = capture_time(header.seconds, header.fraction * fraction_);
    record.wire_length = std::max(header.length, header.captured);
    record.bytes = {&buffer_[at_ + sizeof header], header.captured};
    at_ += whole;
    return true;
}

/// False: the file has fewer bytes left.
bool PcapWalk::refill(std::size_t wanted) {
    have_ -= at_;
    std::memmove(buffer_.get(), &buffer_[at_], have_);
    at_ = 0;
    while (have_ < wanted) {
        const auto got = read_at(fd_, &buffer_[have_], kBuffer - have_, read_);
        if (got <= 0) return false;
        have_ += static_cast<std::size_t>(got);
        read_ += static_cast<std::uint64_t>(got);
    }
    return true;
}

}  // namespace ajar::replay
