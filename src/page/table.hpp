// Tables: readable without a script, sortable with one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "page/markup.hpp"

namespace ajar::page {

struct Cell {
    Cell(std::string words) : text(std::move(words)) {}  // NOLINT(google-explicit-constructor)
    Cell(const char* words) : text(words) {}             // NOLINT(google-explicit-constructor)
    Cell(std::uint64_t count);                           // NOLINT(google-explicit-constructor)
    Cell(std::string words, double value) : text(std::move(words)), sort_by(value), sorts_by_value(true) {}

    std::string text;
    double sort_by = 0;
    bool sorts_by_value = false;  ///< by `sort_by`, else by its text
};

struct Column {
    std::string title;
    bool number = false;  ///< set to the right
};

struct Table {
    std::string caption;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    bool stacks = false;         ///< long rows: on a phone each is a block, its cells below each other
    std::uint64_t left_out = 0;  ///< rows that there was no room for: said below it
    std::string left_out_are = "more";
};

/// A table in a box that scrolls where it is too wide; a sentence where there are no rows.
Markup markup_of(const Table& table);

}  // namespace ajar::page
