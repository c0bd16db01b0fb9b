// Filling chunks: the running maximum of time, and the marks of epochs.
#include "replay/input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace ajar::replay {
namespace {

/// All of a frame, but no payload of a whole TCP segment in plain Ethernet and IP: nearly all frames, and far
/// the most bytes. What remains are the headers at their longest, so that a parser sees no difference.
std::size_t without_payload(const Record& record) {
    constexpr std::size_t kEthernet = 14, kHeaders = kEthernet + 60 + 60;
    constexpr std::uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd, kFragment = 0x3fff;
    constexpr std::uint8_t kTcp = 6;
    if (record.bytes.size() <= kHeaders || record.link != LinkType::ethernet) return record.bytes.size();
    const auto type = load_be16(&record.bytes[kEthernet - 2]);
    const auto* const ip = &record.bytes[kEthernet];
    const bool v4 = type == kIpv4 && ip[9] == kTcp && (load_be16(ip + 6) & kFragment) == 0;
    const bool v6 = type == kIpv6 && ip[6] == kTcp;
    return v4 || v6 ? kHeaders : record.bytes.size();
}

}  // namespace

std::optional<std::uint64_t> total_bytes(const std::vector<std::string>& files) {
    std::uint64_t sum = 0;
    for (const auto& path : files) {
        struct stat status {};
        const int got = path == "-" ? fstat(STDIN_FILENO, &status) : stat(path.c_str(), &status);
        if (got != 0) continue;  // opening it will say why
        if (!S_ISREG(status.st_mode)) return std::nullopt;
        sum += static_cast<std::uint64_t>(status.st_size);
    }
    return sum;
}

void Input::fill(Chunk& chunk) {
    chunk.first_ordinal = totals_.frames;
    while (!chunk.full()) {
        const Record* const record = files_.next();
        if (record == nullptr) {
            chunk.last = true;
            chunk.end = totals_.last;
            return;
        }
        take(*record, chunk);
    }
}

void Input::take(const Record& record, Chunk& chunk) {
    if (totals_.frames == 0) totals_.first = totals_.last = record.time;
    if (record.time < totals_.last) ++totals_.backwards;
    totals_.last = std::max(totals_.last, record.time);
    if (const auto epoch = totals_.last.time_since_epoch() / kEpochLength; epoch != epoch_) {
        epoch_ = epoch;
        chunk.epochs.push_back({Time(epoch * kEpochLength), static_cast<std::uint32_t>(chunk.frames.size())});
    }
    const auto captured = static_cast<std::uint32_t>(record.bytes.size());
    const auto kept = record.bytes.first(keep_ == Keep::whole ? captured : without_payload(record));
    chunk.frames.push_back({totals_.last, static_cast<std::uint32_t>(chunk.bytes.size()),
                            static_cast<std::uint32_t>(kept.size()), captured, record.wire_length,
                            record.link});
    chunk.bytes.insert(chunk.bytes.end(), kept.begin(), kept.end());
    ++totals_.frames;
    totals_.bytes += record.wire_length;
    totals_.cut += captured < record.wire_length ? 1 : 0;
}

}  // namespace ajar::replay
