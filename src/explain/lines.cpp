// Lines that lie within a block are not copied.
#include "explain/lines.hpp"

namespace ajar::explain {

bool Lines::fill() {
    const auto n = std::fread(block_.data(), 1, block_.size(), stream_);
    rest_ = std::string_view(block_).substr(0, n);
    return n != 0;
}

/// The rest of a line that was too long.
void Lines::pass_over() {
    while (in_long_line_ && (!rest_.empty() || fill())) {
        const auto end = rest_.find('\n');
        in_long_line_ = end == std::string_view::npos;
        rest_.remove_prefix(in_long_line_ ? rest_.size() : end + 1);
    }
}

std::optional<Line> Lines::next() {
    pass_over();
    line_.clear();
    bool begun = false;
    while (!rest_.empty() || fill()) {
        const auto end = rest_.find('\n');
        const bool ends = end != std::string_view::npos;
        const std::string_view piece = rest_.substr(0, end);
        rest_.remove_prefix(ends ? end + 1 : rest_.size());
        if (line_.size() + piece.size() > kLongest) {
            in_long_line_ = !ends;
            line_ += piece.substr(0, kLongest - line_.size());
            return Line{line_, true, true};
        }
        if (ends && !begun) return Line{piece, true, false};
        line_ += piece;
        begun = true;
        if (ends) return Line{line_, true, false};
    }
    if (!begun) return std::nullopt;
    return Line{line_, false, false};
}

}  // namespace ajar::explain
