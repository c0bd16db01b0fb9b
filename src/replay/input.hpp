// The captures of a replay as one sequence of chunks: files merged by time, which never runs backwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replay/chunk.hpp"
#include "replay/merge.hpp"

namespace ajar::replay {

/// What was read.
struct InputTotals {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;      ///< of the frames on the wire
    std::uint64_t cut = 0;        ///< frames that a snap length shortened
    std::uint64_t backwards = 0;  ///< timestamps before their predecessor's: taken as equal to the maximum
    Time first{}, last{};
};

/// Bytes of all files; nothing where one is a pipe.
std::optional<std::uint64_t> total_bytes(const std::vector<std::string>& files);

/// Of a frame's bytes: `headers` leaves out what nobody looks at while checksums are not verified.
enum class Keep : std::uint8_t { whole, headers };

class Input {
public:
    explicit Input(const std::vector<std::string>& files, Keep keep = Keep::whole)
        : files_(files), keep_(keep) {}

    /// Fills a cleared chunk. The last one is marked, and may be empty.
    void fill(Chunk& chunk);
    [[nodiscard]] const InputTotals& totals() const { return totals_; }
    [[nodiscard]] const Complaints& complaints() const { return files_.complaints(); }
    /// Bytes of all files that were consumed, for a progress bar.
    [[nodiscard]] std::uint64_t position() const { return files_.position(); }

private:
    void take(const Record& record, Chunk& chunk);

    Merge files_;
    Keep keep_;
    std::int64_t epoch_ = -1;
    InputTotals totals_;
};

}  // namespace ajar::replay
