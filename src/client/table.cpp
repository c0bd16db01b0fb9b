// Widths and quotes.
#include "client/table.hpp"

#include <algorithm>

namespace ajar::client {
namespace {

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\n\r") == std::string::npos) return cell;
    std::string out = "\"";
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

}  // namespace

Table::Table(std::vector<std::string_view> columns) {
    for (const auto name : columns) {
        const bool right = name.starts_with('>');
        const auto bare = right ? name.substr(1) : name;
        columns_.push_back({std::string(bare), right, bare.size()});
    }
}

void Table::row(std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
        columns_[i].width = std::max(columns_[i].width, cells[i].size());
    rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells) const {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string room(columns_[i].width - std::min(columns_[i].width, cells[i].size()), ' ');
        out += columns_[i].right ? room + cells[i] : cells[i] + room;
        if (i + 1 < cells.size()) out += "  ";
    }
    return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
}

std::string Table::text(bool names) {
    std::vector<std::string> heads;
    for (const auto& column : columns_) heads.push_back(column.name);
    std::string out = names ? line(heads) : "";
    for (const auto& cells : rows_) out += line(cells);
    return out;
}

std::string Table::csv(bool names) const {
    std::string out;
    const auto put = [&](const auto& cells, auto&& text) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i != 0) out += ',';
            out += quoted(text(cells[i]));
        }
        out += '\n';
    };
    if (names) put(columns_, [](const Column& c) { return c.name; });
    for (const auto& cells : rows_) put(cells, [](const std::string& cell) { return cell; });
    return out;
}

}  // namespace ajar::client
