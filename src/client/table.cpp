// Widths and quotes.
#include "client/table.hpp"

#include <algorithm>
#include <charconv>

namespace ajar::client {
namespace {

bool is_number(const std::string& cell) {
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return error == std::errc{} && end == cell.data() + cell.size();
}

/// What a spreadsheet would reckon with, though it is a text.
bool looks_like_formula(const std::string& cell) {
    return !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos &&
           !is_number(cell);
}

std::string quoted(const std::string& cell) {
    if (looks_like_formula(cell)) return quoted("'" + cell);
    if (cell.find_first_of(",\"\n\r") == std::string::npos) return cell;
    std::string out = "\"";
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

}  // namespace

// UTF-8 has further ones (U+0080 to U+009F), which some terminals obey.
std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        const bool high = c == 0xc2 && next >= 0x80 && next < 0xa0;
        out += is_control(c) || high ? '?' : text[i];
        i += high ? 1 : 0;
    }
    return out;
}

Table::Table(std::vector<std::string_view> columns) {
    for (const auto name : columns) {
        const bool right = name.starts_with('>');
        const auto bare = right ? name.substr(1) : name;
        columns_.push_back({std::string(bare), right, bare.size()});
    }
}

void Table::row(std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
        columns_[i].width = std::max(columns_[i].width, plain(cells[i]).size());
    rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells) const {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto cell = plain(cells[i]);
        const std::string room(columns_[i].width - std::min(columns_[i].width, cell.size()), ' ');
        out += columns_[i].right ? room + cell : cell + room;
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
