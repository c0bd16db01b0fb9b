// The options of one command: declared by the command, parsed, checked and explained here. Hides CLI11.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"
#include "exit_code.hpp"

namespace ajar::app {

/// What a command takes, for completion and the manual.
struct Description {
    struct Option {
        std::vector<std::string> names;  ///< "-o", "--output"; of an argument its name
        std::string takes;               ///< empty: a flag
        std::string help;
        std::vector<std::string> choices{};
    };
    std::string about, examples;
    std::vector<Option> options, arguments;
};
/// What `run` declares, which is called for it and ends in CommandLine::parse(). One thread at a time.
Description describe(int (*run)(int argc, char** argv), std::string_view name);

/// What is declared is set by parse() and keeps its value, which help shows as the default, where the option
/// is not given. `names` are as in "-o,--output"; `takes` names the value in the help.
class CommandLine {
public:
    CommandLine(std::string_view command, std::string_view about, std::string_view examples);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// `from`: what it may be, for completion; whoever gets it checks it.
    void argument(std::string_view name, std::string& into, std::string_view help, bool required = true,
                  std::span<const std::string_view> from = {});
    void arguments(std::string_view name, std::vector<std::string>& into, std::string_view help,
                   bool required = true);
    void flag(std::string_view names, bool& into, std::string_view help);
    void text(std::string_view names, std::string& into, std::string_view takes, std::string_view help);
    /// One or several of these, with commas; whoever gets them checks them.
    void words(std::string_view names, std::string& into, std::string_view takes,
               std::span<const std::string_view> from, std::string_view help);
    void choice(std::string_view names, std::string& into, std::span<const std::string_view> from,
                std::string_view help);
    /// "5s", "10ms".
    void duration(std::string_view names, Duration& into, std::string_view help);
    /// 0 to 100, with or without a percent sign.
    void percent(std::string_view names, double& into, std::string_view help);
    /// "1M", "64Ki".
    template <typename T>
    void number(std::string_view names, T& into, std::string_view help, T least = 0,
                T most = std::numeric_limits<T>::max()) {
        add_number(
            names, into, [&into](std::uint64_t v) { into = static_cast<T>(v); }, help, least, most);
    }

    /// Several of them: "64Ki,1Mi".
    void numbers(std::string_view names, std::vector<std::uint64_t>& into, std::string_view help,
                 std::uint64_t least, std::uint64_t most);

    /// Nothing when the command may go on; else the exit code: help was printed, or an error with what to do.
    std::optional<int> parse(int argc, char** argv);
    /// Was this option given?
    [[nodiscard]] bool given(const std::string& name) const;
    /// Says what is wrong with the options and where they are explained. Returns the exit code.
    int complain(std::string_view text) const;

private:
    void describe(Description& out) const;
    void add_number(std::string_view names, std::uint64_t value, std::function<void(std::uint64_t)> set,
                    std::string_view help, std::uint64_t least, std::uint64_t most);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::app
