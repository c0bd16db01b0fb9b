// A configuration file as a flat list of settings with their places, before anyone asks what they mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::config {

/// Line and column, from 1. 0: nowhere in particular.
struct Place {
    std::uint32_t line = 0, column = 0;
};

/// A value of a kind that no option takes (a date, a nested table); the text names it.
struct Foreign {
    std::string_view kind;
};

using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, Foreign>;

struct Setting {
    std::string section;  ///< empty at the top level
    std::string key;
    Value value;
    Place key_place, value_place;
};

/// One [[ports]] or [[services]] block.
struct Block {
    Place place;
    std::vector<Setting> settings;
};

struct Document {
    std::vector<Setting> settings;
    std::vector<Block> ports, services;
};

/// Reads TOML 1.0. The error is the first fault of the syntax, as "name:line:column: text".
Result<Document> parse_document(std::string_view text, std::string_view name);

}  // namespace ajar::config
