// Options in words: which values a field takes, and the value it has, as TOML writes it.
#include "config/domain.hpp"

#include <fmt/format.h>

#include "config/units.hpp"

namespace ajar::config {
namespace {

std::string number_text(const Number& n, std::uint64_t value) {
    if (n.unit == Number::Unit::percent) return fmt::format("{}%", value);
    return n.unit == Number::Unit::bytes ? format_bytes(value) : format_count(value);
}

/// TOML takes bare digits as a number; anything with a unit is a string.
std::string number_value(const std::string& text) {
    return text.find_first_not_of("0123456789") == std::string::npos ? text : in_quotes(text);
}

std::string array_of(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const auto& text : texts) out += (out.size() > 1 ? ", " : "") + in_quotes(text);
    return out + "]";
}

std::vector<std::string> names_of(std::uint16_t bits, std::span<const std::string_view> names) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (((bits >> i) & 1U) != 0) out.emplace_back(names[i]);
    return out;
}

struct Describe {
    std::string operator()(const Flag&) const { return "true or false"; }
    std::string operator()(const Number& n) const { return describe(n); }
    std::string operator()(const Span& s) const { return describe(s); }
    std::string operator()(const Choice& c) const { return one_of(c.names); }
    std::string operator()(const Choices& c) const { return "any of " + one_of(c.names); }
    std::string operator()(const Text& t) const { return std::string(t.takes); }
    std::string operator()(const Texts& t) const { return std::string(t.takes); }
};

struct Print {
    const Config& config;
    std::string operator()(const Flag& f) const { return f.at.get(config) ? "true" : "false"; }
    std::string operator()(const Number& n) const { return number_value(number_text(n, n.at.get(config))); }
    std::string operator()(const Span& s) const { return in_quotes(format_duration(s.at.get(config))); }
    std::string operator()(const Choice& c) const { return in_quotes(c.names[c.at.get(config)]); }
    std::string operator()(const Choices& c) const { return array_of(names_of(c.at.get(config), c.names)); }
    std::string operator()(const Text& t) const { return in_quotes(t.at.get(config)); }
    std::string operator()(const Texts& t) const { return array_of(t.at.get(config)); }
};

void append_escaped(std::string& out, char c) {
    if (c == '"' || c == '\\')
        out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
        out += c;
}

}  // namespace

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) append_escaped(out, c);
    return out + "\"";
}

std::string one_of(std::span<const std::string_view> names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
        out += in_quotes(names[i]);
    }
    return out;
}

std::string describe(const Number& n) {
    return fmt::format("{} to {}{}", number_text(n, n.min), number_text(n, n.max),
                       n.power_of_two ? ", a power of two" : "");
}

std::string describe(const Span& s) {
    return fmt::format("{} to {}", format_duration(s.min), format_duration(s.max));
}

std::string describe(const Field& field) { return std::visit(Describe{}, field); }

std::string example(const Choices& c) { return array_of({std::string(c.names[0]), std::string(c.names[1])}); }

std::string toml_value(const Field& field, const Config& config) { return std::visit(Print{config}, field); }

}  // namespace ajar::config
