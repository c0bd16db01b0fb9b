// What one row of the option table says: the key, where its value lives, which values it takes, what it
// means.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ajar/config.hpp"

namespace ajar::config {

/// A typed way to one field of a Config.
template <typename T>
struct Access {
    T (*get)(const Config&);
    void (*set)(Config&, T);
};

struct Flag {
    Access<bool> at;
};

struct Number {
    enum class Unit : std::uint8_t { count, bytes, percent };
    Access<std::uint64_t> at;
    std::uint64_t min, max;
    Unit unit = Unit::count;
    bool power_of_two = false;
};

struct Span {
    Access<Duration> at;
    Duration min, max;
};

/// One of several names; the value is the name's index.
struct Choice {
    Access<std::size_t> at;
    std::span<const std::string_view> names;
};

/// Any of several names; the value is a bit set.
struct Choices {
    Access<std::uint16_t> at;
    std::span<const std::string_view> names;
};

struct Text {
    Access<std::string> at;
    const char* (*refuse)(std::string_view);  ///< what is wrong with a value, or null
    std::string_view takes;                   ///< "a path", for the documentation
};

struct Texts {
    Access<std::vector<std::string>> at;
    std::string_view takes, example;
    std::string (*refuse)(std::string_view) = nullptr;  ///< what is wrong with one of them, or nothing
};

using Field = std::variant<Flag, Number, Span, Choice, Choices, Text, Texts>;

struct Option {
    std::string_view section, key;
    Field field;
    bool reloadable;  ///< a running appliance takes it over on SIGHUP; else it needs a restart
    std::string_view help;
    bool by_service = false;  ///< a [[services]] block may set it for itself
};

struct Section {
    std::string_view name, help;
};

/// In the order of the printed file; options of a section stand together.
std::span<const Option> options();
std::span<const Section> sections();

/// The field's value.
void copy(const Field& field, const Config& from, Config& to);

/// "section.key"
std::string path_of(const Option& option);

}  // namespace ajar::config
