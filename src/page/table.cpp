// Rows and cells.
#include "page/table.hpp"

#include <fmt/format.h>

#include "export/human.hpp"

namespace ajar::page {
namespace {

void put_head(Markup& out, const Table& table) {
    out.open("thead").open("tr");
    for (const Column& column : table.columns) {
        if (column.number)
            out.element("th", {{"scope", "col"}, {"class", "n"}}, column.title);
        else
            out.element("th", {{"scope", "col"}}, column.title);
    }
    out.close().close();
}

void put_cell(Markup& out, const Table& table, const Cell& cell, const Column& column) {
    out.open("td");
    if (column.number) out.attribute("class", "n");
    if (cell.sorts_by_value) out.attribute("data-v", fmt::format("{:.15g}", cell.sort_by));
    if (table.stacks) out.attribute("data-h", column.title);
    out.text(cell.text).close();
}

void put_body(Markup& out, const Table& table) {
    out.open("tbody");
    for (const auto& row : table.rows) {
        out.open("tr");
        for (std::size_t c = 0; c < row.size(); ++c) put_cell(out, table, row[c], table.columns[c]);
        out.close();
    }
    out.close();
}

}  // namespace

Cell::Cell(std::uint64_t count)
    : text(exporting::human_count(count)), sort_by(static_cast<double>(count)), sorts_by_value(true) {}

Markup markup_of(const Table& table) {
    Markup out;
    out.open("div", {{"class", "scroll"}, {"tabindex", "0"}}).open("table");
    if (table.stacks) out.attribute("class", "stacks");
    if (!table.caption.empty()) out.element("caption", table.caption);
    put_head(out, table);
    put_body(out, table);
    out.close().close();
    if (table.left_out != 0)
        out.element("p", {{"class", "left-out"}},
                    fmt::format("and {} {}", exporting::human_count(table.left_out), table.left_out_are));
    return out;
}

}  // namespace ajar::page
