// Rows in columns, for a person: as wide as what stands in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ajar::client {

/// What somebody else has written, for a terminal: control characters become '?'.
std::string plain(std::string_view text);

class Table {
public:
    /// A name that begins with '>' heads a column of numbers, set to the right.
    explicit Table(std::vector<std::string_view> columns);

    void row(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// With a line of names, if wanted. The widths are those of all rows so far, and never shrink.
    std::string text(bool names);
    /// Comma-separated (RFC 4180), and no spreadsheet takes a text for a formula.
    [[nodiscard]] std::string csv(bool names) const;
    void clear() { rows_.clear(); }

private:
    struct Column {
        std::string name;
        bool right;
        std::size_t width;
    };
    [[nodiscard]] std::string line(const std::vector<std::string>& cells) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace ajar::client
