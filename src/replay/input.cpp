// Filling chunks: the running maximum of time, and the marks of epochs.
#include "replay/input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace ajar::replay {

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
    chunk.frames.push_back({totals_.last, static_cast<std::uint32_t>(chunk.bytes.size()), captured,
                            record.wire_length, record.link});
    chunk.bytes.insert(chunk.bytes.end(), record.bytes.begin(), record.bytes.end());
    ++totals_.frames;
    totals_.bytes += record.wire_length;
    totals_.cut += captured < record.wire_length ? 1 : 0;
}

}  // namespace ajar::replay
