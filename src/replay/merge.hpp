// Several captures as one: both taps of a line, or the pieces of a rotated capture, in the order of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replay/capture_reader.hpp"

namespace ajar::replay {

/// What could not be read, as sentences.
struct Complaints {
    std::vector<std::string> warnings;
    bool failed = false;  ///< a file could not be opened or read on; a truncated one only warns
};

/// The order is the data plane's under the packet clock: the earliest timestamp among the files' next frames
/// goes first, of equal ones that of the file named first. Within a file its own order stands, whatever its
/// timestamps say.
class Merge {
public:
    explicit Merge(const std::vector<std::string>& files);

    /// The next frame; its bytes are valid until the next call. Null: there are no more.
    const Record* next();
    [[nodiscard]] const Complaints& complaints() const { return complaints_; }
    /// Bytes of all files that were consumed, as buffered.
    [[nodiscard]] std::uint64_t position() const;

private:
    struct Source {
        std::size_t rank = 0;  ///< place in the order given
        std::string path;
        Time due{};  ///< of its next frame
        std::optional<CaptureReader> reader;
        Record head;
    };
    void peek(Source& source, bool alone);
    void open_due();
    bool open(Source& source);
    bool advance(Source& source);
    [[nodiscard]] Source* earliest();

    std::vector<Source> waiting_;  ///< not yet due, the earliest last; thousands may wait, closed
    std::vector<Source> open_;
    Source* taken_ = nullptr;  ///< in open_: gave the last frame
    std::uint64_t passed_ = 0;
    Complaints complaints_;
};

}  // namespace ajar::replay
