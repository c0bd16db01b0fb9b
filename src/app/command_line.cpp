// The options of one command: the only place that knows CLI11.
#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <map>
#include <sstream>
#include <utility>

#include "app/join.hpp"
#include "config/nearest.hpp"
#include "config/units.hpp"

namespace ajar::app {
namespace {

/// An option whose value is read by `read`, which returns what is wrong, or nothing.
CLI::Option* add(CLI::App& app, std::string_view names, std::string_view takes, std::string_view help,
                 std::function<std::string(const std::string&)> read) {
    auto* option = app.add_option_function<std::string>(
        std::string(names),
        [read = std::move(read), names = std::string(names)](const std::string& value) {
            const auto fault = read(value);
            if (!fault.empty())
                throw CLI::ValidationError(
                    fmt::format("{} {}: {}", names.substr(names.rfind(',') + 1), value, fault));
        },
        std::string(help));
    option->type_name(std::string(takes));
    return option;
}

std::string with_default(std::string_view help, std::string_view value) {
    return value.empty() ? std::string(help) : fmt::format("{} [{}]", help, value);
}

/// Parses into `into`; the fault, or nothing.
template <typename Parsed, typename T>
std::string take(const Parsed& parsed, T& into) {
    if (!parsed) return parsed.error();
    into = *parsed;
    return {};
}

std::string take_percent(std::string text, double& into) {
    if (text.ends_with('%')) text.pop_back();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 100))
        return "no percentage from 0 to 100";
    into = value;
    return {};
}

std::string take_number(const std::string& text, std::uint64_t least, std::uint64_t most,
                        std::uint64_t& into) {
    if (auto fault = take(config::parse_count(text), into); !fault.empty()) return fault;
    if (into >= least && into <= most) return {};
    return fmt::format("out of range: {} to {}", config::format_count(least), config::format_count(most));
}

std::string take_numbers(const std::string& text, std::uint64_t least, std::uint64_t most,
                         std::vector<std::uint64_t>& into) {
    into.clear();
    std::istringstream words(text + ',');
    for (std::string word; std::getline(words, word, ',');) {
        if (auto fault = take_number(word, least, most, into.emplace_back()); !fault.empty()) return fault;
    }
    return {};
}

std::string take_choice(const std::string& value, std::span<const std::string_view> from, std::string& into) {
    if (std::find(from.begin(), from.end(), value) == from.end()) {
        const auto near = config::nearest(value, from);
        return fmt::format("none of {}{}", join(from, ", "),
                           near.empty() ? "" : fmt::format("; did you mean {}?", near));
    }
    into = value;
    return {};
}

}  // namespace

struct CommandLine::Impl {
    std::string command, about, examples;
    CLI::App app;
    std::map<const CLI::Option*, std::vector<std::string>> choices{};
};

namespace {

Description* g_wanted = nullptr;  // set: parse() describes, and parses nothing

std::vector<std::string> names_of(const CLI::Option& option) {
    if (option.get_positional()) return {option.get_name(true)};
    std::vector<std::string> out;
    for (const auto& name : option.get_snames()) out.push_back("-" + name);
    for (const auto& name : option.get_lnames()) out.push_back("--" + name);
    return out;
}

}  // namespace

Description describe(int (*run)(int argc, char** argv), std::string_view name) {
    Description out;
    std::string own(name);
    std::array<char*, 2> argv = {own.data(), nullptr};
    g_wanted = &out;
    run(1, argv.data());
    g_wanted = nullptr;
    return out;
}

CommandLine::CommandLine(std::string_view command, std::string_view about, std::string_view examples)
    : impl_(std::make_unique<Impl>()) {
    impl_->command = command;
    impl_->about = about;
    impl_->examples = examples;
    auto& app = impl_->app;
    app.name(fmt::format("ajar {}", command));
    app.description(std::string(about));
    app.set_help_flag("-h,--help", "Print this.");
    app.footer(fmt::format("Examples:\n{}", examples));
    app.get_formatter()->column_width(34);
    app.allow_extras();  // to name the nearest option ourselves
}

CommandLine::~CommandLine() = default;

void CommandLine::argument(std::string_view name, std::string& into, std::string_view help, bool required,
                           std::span<const std::string_view> from) {
    auto* const option = impl_->app.add_option(std::string(name), into, std::string(help));
    option->required(required)->type_name("");
    if (!from.empty()) impl_->choices[option].assign(from.begin(), from.end());
}

void CommandLine::arguments(std::string_view name, std::vector<std::string>& into, std::string_view help,
                            bool required) {
    impl_->app.add_option(std::string(name), into, std::string(help))->required(required)->type_name("");
}

void CommandLine::flag(std::string_view names, bool& into, std::string_view help) {
    impl_->app.add_flag(std::string(names), into, std::string(help));
}

void CommandLine::text(std::string_view names, std::string& into, std::string_view takes,
                       std::string_view help) {
    add(impl_->app, names, takes, with_default(help, into), [&into](const std::string& value) {
        into = value;
        return std::string();
    });
}

void CommandLine::words(std::string_view names, std::string& into, std::string_view takes,
                        std::span<const std::string_view> from, std::string_view help) {
    constexpr std::size_t kListed = 12;
    const auto all =
        from.size() <= kListed ? fmt::format("{}: {}.", help, join(from, ", ")) : fmt::format("{}.", help);
    text(names, into, takes, all);
    impl_->choices[impl_->app.get_options().back()].assign(from.begin(), from.end());
}

void CommandLine::choice(std::string_view names, std::string& into, std::span<const std::string_view> from,
                         std::string_view help) {
    const auto all = fmt::format("{}: {}", help, join(from, ", "));
    add(impl_->app, names, "NAME", with_default(all, into),
        [&into, from](const std::string& value) { return take_choice(value, from, into); });
    impl_->choices[impl_->app.get_options().back()].assign(from.begin(), from.end());
}

void CommandLine::duration(std::string_view names, Duration& into, std::string_view help) {
    const auto value = into == Duration::zero() ? std::string() : config::format_duration(into);
    add(impl_->app, names, "TIME", with_default(help, value),
        [&into](const std::string& text) { return take(config::parse_duration(text), into); });
}

void CommandLine::percent(std::string_view names, double& into, std::string_view help) {
    add(impl_->app, names, "PERCENT", with_default(help, fmt::format("{}%", into)),
        [&into](const std::string& text) { return take_percent(text, into); });
}

void CommandLine::add_number(std::string_view names, std::uint64_t value,
                             std::function<void(std::uint64_t)> set, std::string_view help,
                             std::uint64_t least, std::uint64_t most) {
    add(impl_->app, names, "N", with_default(help, config::format_count(value)),
        [set = std::move(set), least, most](const std::string& text) {
            std::uint64_t number = 0;
            auto fault = take_number(text, least, most, number);
            if (fault.empty()) set(number);
            return fault;
        });
}

void CommandLine::numbers(std::string_view names, std::vector<std::uint64_t>& into, std::string_view help,
                          std::uint64_t least, std::uint64_t most) {
    std::vector<std::string> values;
    values.reserve(into.size());
    for (const auto n : into) values.push_back(config::format_count(n));
    add(impl_->app, names, "N,...", with_default(help, join(values, ",")),
        [&into, least, most](const std::string& text) { return take_numbers(text, least, most, into); });
}

bool CommandLine::given(const std::string& name) const { return impl_->app.count(name) > 0; }

int CommandLine::complain(std::string_view text) const {
    fmt::print(stderr, "ajar {0}: {1}; `ajar help {0}` explains the options\n", impl_->command, text);
    return kUsage;
}

void CommandLine::describe(Description& out) const {
    out.about = impl_->about;
    out.examples = impl_->examples;
    for (const auto* option : impl_->app.get_options()) {
        const auto known = impl_->choices.find(option);
        Description::Option one{names_of(*option), option->get_type_name(), option->get_description(),
                                known == impl_->choices.end() ? std::vector<std::string>() : known->second};
        (option->get_positional() ? out.arguments : out.options).push_back(std::move(one));
    }
}

std::optional<int> CommandLine::parse(int argc, char** argv) try {
    if (g_wanted != nullptr) return describe(*g_wanted), kGood;
    auto& app = impl_->app;
    app.parse(argc, argv);
    const auto extras = app.remaining();
    if (extras.empty()) return std::nullopt;
    std::vector<std::string> known;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    const std::vector<std::string_view> names(known.begin(), known.end());
    const auto near = config::nearest(extras.front(), names);
    return complain(fmt::format("unexpected {}{}", extras.front(),
                                near.empty() ? "" : fmt::format("; did you mean {}?", near)));
} catch (const CLI::CallForHelp&) {
    fmt::print("{}", impl_->app.help());
    return kGood;
} catch (const CLI::ParseError& error) {
    return complain(error.what());
}

}  // namespace ajar::app
