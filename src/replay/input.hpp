// The captures of a replay as one sequence of chunks: files in the order given, time never running backwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replay/capture_reader.hpp"
#include "replay/chunk.hpp"

namespace ajar::replay {

/// What was read; `warnings` are sentences for the summary.
struct InputTotals {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;      ///< of the frames on the wire
    std::uint64_t cut = 0;        ///< frames that a snap length shortened
    std::uint64_t backwards = 0;  ///< timestamps before their predecessor's: taken as equal to the maximum
    Time first{}, last{};
    std::vector<std::string> warnings;
    bool failed = false;  ///< a file could not be opened or read on: exit code 1
};

/// Bytes of all files; nothing where one is a pipe.
std::optional<std::uint64_t> total_bytes(const std::vector<std::string>& files);

class Input {
public:
    explicit Input(std::vector<std::string> files) : files_(std::move(files)) {}

    /// Fills a cleared chunk. The last one is marked, and may be empty.
    void fill(Chunk& chunk);
    [[nodiscard]] const InputTotals& totals() const { return totals_; }
    /// Bytes of all files that were consumed, for a progress bar.
    [[nodiscard]] std::uint64_t position() const { return passed_ + (reader_ ? reader_->position() : 0); }

private:
    bool open_next();
    void close(CaptureReader::Status status);
    void take(const Record& record, Chunk& chunk);

    std::vector<std::string> files_;
    std::size_t next_file_ = 0;
    std::optional<CaptureReader> reader_;
    std::uint64_t passed_ = 0;
    std::int64_t epoch_ = -1;
    InputTotals totals_;
};

}  // namespace ajar::replay
