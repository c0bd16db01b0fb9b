// One value of a file into the field that an option names, or what is wrong with it.
#include "config/assign.hpp"

#include <fmt/format.h>

#include <bit>

#include "config/domain.hpp"
#include "config/nearest.hpp"
#include "config/units.hpp"

namespace ajar::config {
namespace {

using Fault = std::optional<std::string>;

/// What a person sees when the value has the wrong type altogether.
std::string shown(const Value& value) {
    struct Show {
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(const std::string& v) const { return in_quotes(v); }
        std::string operator()(const std::vector<std::string>&) const { return "an array"; }
        std::string operator()(const Foreign& v) const { return std::string(v.kind); }
    };
    return std::visit(Show{}, value);
}

std::string wrong(const Value& value, std::string_view why) {
    return fmt::format("{} is {}", shown(value), why);
}

std::string unknown_name(const std::string& name, std::span<const std::string_view> names) {
    const auto meant = nearest(name, names);
    if (!meant.empty())
        return fmt::format("{} is none of {}; did you mean {}?", in_quotes(name), one_of(names),
                           in_quotes(meant));
    return fmt::format("{} is none of {}", in_quotes(name), one_of(names));
}

std::optional<std::size_t> index_of(std::string_view name, std::span<const std::string_view> names) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return i;
    return std::nullopt;
}

Result<std::uint64_t> number_of(const Number& n, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return n.unit == Number::Unit::percent ? parse_percent(*text) : parse_count(*text);
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer == nullptr) return Error{"no whole number"};
    if (*integer < 0) return Error{"out of range: " + describe(n)};
    return static_cast<std::uint64_t>(*integer);
}

/// Sets one kind of field from a value.
struct Assign {
    const Value& value;
    Config& config;

    Fault operator()(const Flag& f) const {
        const auto* v = std::get_if<bool>(&value);
        if (v == nullptr) return wrong(value, "neither true nor false (without quotes)");
        f.at.set(config, *v);
        return {};
    }

    Fault operator()(const Number& n) const {
        const auto number = number_of(n, value);
        if (!number) return wrong(value, number.error());
        if (*number < n.min || *number > n.max) return wrong(value, "out of range: " + describe(n));
        if (n.power_of_two && !std::has_single_bit(*number))
            return wrong(value, fmt::format("no power of two; the next is {}",
                                            std::min(std::bit_ceil(*number), n.max)));
        n.at.set(config, *number);
        return {};
    }

    Fault operator()(const Span& s) const {
        const auto* text = std::get_if<std::string>(&value);
        if (const auto* n = std::get_if<std::int64_t>(&value))
            return fmt::format("{} has no unit; write \"{}s\" for seconds", *n, *n);
        if (text == nullptr) return wrong(value, "no duration; write for example \"30s\"");
        const auto duration = parse_duration(*text);
        if (!duration) return wrong(value, duration.error());
        if (*duration < s.min || *duration > s.max) return wrong(value, "out of range: " + describe(s));
        s.at.set(config, *duration);
        return {};
    }

    Fault operator()(const Choice& c) const {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) return wrong(value, "none of " + one_of(c.names));
        const auto i = index_of(*text, c.names);
        if (!i) return unknown_name(*text, c.names);
        c.at.set(config, *i);
        return {};
    }

    Fault operator()(const Choices& c) const {
        const auto* texts = std::get_if<std::vector<std::string>>(&value);
        if (texts == nullptr) return wrong(value, "no array of names, such as " + example(c));
        unsigned bits = 0;
        for (const auto& text : *texts) {
            const auto i = index_of(text, c.names);
            if (!i) return unknown_name(text, c.names);
            bits |= 1U << *i;
        }
        c.at.set(config, static_cast<std::uint16_t>(bits));
        return {};
    }

    Fault operator()(const Text& t) const {
        std::string text;
        if (const auto* s = std::get_if<std::string>(&value))
            text = *s;
        else if (const auto* n = std::get_if<std::int64_t>(&value))
            text = fmt::format("{}", *n);
        else
            return wrong(value, fmt::format("no text; give {}", t.takes));
        const char* fault = t.refuse == nullptr ? nullptr : t.refuse(text);
        if (fault != nullptr) return wrong(value, fault);
        t.at.set(config, text);
        return {};
    }

    Fault operator()(const Texts& t) const {
        const auto* texts = std::get_if<std::vector<std::string>>(&value);
        if (texts == nullptr) return wrong(value, fmt::format("no array of texts, such as {}", t.example));
        for (const auto& text : *texts) {
            if (t.refuse == nullptr) continue;
            if (auto fault = t.refuse(text); !fault.empty()) return fault;
        }
        t.at.set(config, *texts);
        return {};
    }
};

}  // namespace

Fault assign(const Option& option, const Value& value, Config& config) {
    return std::visit(Assign{value, config}, option.field);
}

}  // namespace ajar::config
