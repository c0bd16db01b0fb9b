// Filling chunks: the running maximum of time, the marks of epochs, and files that end before they should.
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
    if (!reader_ && !open_next()) {
        chunk.last = true;
        chunk.end = totals_.last;
        return;
    }
    chunk.link = reader_->link();
    Record record;
    while (!chunk.full()) {
        const auto status = reader_->next(record);
        if (status != CaptureReader::Status::record) return close(status);  // the next file: the next chunk
        take(record, chunk);
    }
}

bool Input::open_next() {
    while (next_file_ < files_.size()) {
        auto reader = CaptureReader::open(files_[next_file_++]);
        if (reader) {
            reader_.emplace(std::move(*reader));
            return true;
        }
        totals_.warnings.push_back(reader.error());
        totals_.failed = true;
    }
    return false;
}

void Input::close(CaptureReader::Status status) {
    if (status != CaptureReader::Status::end) totals_.warnings.push_back(reader_->error());
    if (status == CaptureReader::Status::broken) totals_.failed = true;
    passed_ += reader_->position();
    reader_.reset();
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
    chunk.frames.push_back(
        {totals_.last, static_cast<std::uint32_t>(chunk.bytes.size()), captured, record.wire_length});
    chunk.bytes.insert(chunk.bytes.end(), record.bytes.begin(), record.bytes.end());
    ++totals_.frames;
    totals_.bytes += record.wire_length;
    totals_.cut += captured < record.wire_length ? 1 : 0;
}

}  // namespace ajar::replay
