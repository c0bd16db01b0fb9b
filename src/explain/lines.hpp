// A stream cut into lines, within bounded memory whatever it holds.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace ajar::explain {

struct Line {
    std::string_view text{};  ///< valid until the next one; without its end
    bool whole = true;        ///< false: the stream ended before the line did
    bool too_long = false;    ///< `text` is its beginning; the rest is passed over
};

class Lines {
public:
    /// No event of ours is as long.
    static constexpr std::size_t kLongest = 1U << 16U;

    /// `stream` outlives this.
    explicit Lines(std::FILE* stream) : stream_(stream), block_(kBlock, '\0') {}

    /// Nothing at the end of the stream, or where reading failed (std::ferror).
    std::optional<Line> next();

private:
    static constexpr std::size_t kBlock = 1U << 18U;

    bool fill();
    void pass_over();

    std::FILE* stream_;
    std::string block_;
    std::string_view rest_{};  // of the block
    std::string line_;         // one that began in an earlier block
    bool in_long_line_ = false;
};

}  // namespace ajar::explain
