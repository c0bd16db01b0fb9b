// Completion and manual, from descriptions of commands.
#include "app/pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/command_line.hpp"
#include "app/join.hpp"

namespace ajar::app {
namespace {

/// A file or folder may stand there.
bool takes_path(const Description::Option& option) {
    const auto has = [&](const char* word) {
        return option.takes.find(word) != std::string::npos ||
               option.names.front().find(word) != std::string::npos;
    };
    return has("FILE") || has("PATH");
}

std::string patterns(std::string_view command, const Description::Option& option) {
    std::string out;
    for (const auto& name : option.names)
        out += fmt::format("{}{}:{}", out.empty() ? "" : "|", command, name);
    return out;
}

/// "    list:--state) words=... ;;"
std::string values_case(std::string_view command, const Description& about) {
    std::string out;
    for (const auto& option : about.options) {
        if (option.takes.empty()) continue;
        const auto what = !option.choices.empty() ? fmt::format("words=\"{}\"", join(option.choices, " "))
                          : takes_path(option)    ? std::string("files=1")
                                                  : std::string("return");
        out += fmt::format("    {}) {} ;;\n", patterns(command, option), what);
    }
    return out;
}

/// "    list) words=... ;;"
std::string options_case(std::string_view command, const Description& about) {
    std::string words;
    for (const auto& option : about.options)
        for (const auto& name : option.names) words += fmt::format("{}{}", words.empty() ? "" : " ", name);
    bool files = false;
    for (const auto& argument : about.arguments) {
        for (const auto& choice : argument.choices) words += fmt::format(" {}", choice);
        files = files || takes_path(argument);
    }
    return fmt::format("    {}) words=\"{}\" files={} ;;\n", command, words, files ? "1" : "");
}

/// As roff has it: a hyphen that can be typed, no request by accident.
std::string roff(std::string_view text) {
    std::string out = "\\&";
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
        if (c == '\n') out += "\\&";
    }
    return out + "\n";
}

std::string roff_words(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return roff(text);
}

std::string options_text(const std::vector<Description::Option>& options) {
    std::string out;
    for (const auto& option : options) {
        const auto space = option.takes.empty() ? "" : " ";
        out += fmt::format(".TP\n{}{}", roff_words(join(option.names, ", ") + space + option.takes),
                           roff_words(option.help));
    }
    return out;
}

std::string synopsis_of(const Command& command, const Description& about) {
    std::string out = fmt::format("ajar {} [OPTIONS]", command.name);
    for (const auto& argument : about.arguments) out += fmt::format(" {}", argument.names.front());
    return out;
}

}  // namespace

std::string bash_completion(std::span<const Command> commands) {
    std::string names, values, options;
    for (const auto& command : commands) {
        const auto about = describe(command.run, command.name);
        names += fmt::format("{} ", command.name);
        values += values_case(command.name, about);
        options += options_case(command.name, about);
    }
    return fmt::format(
        R"(# Completion of ajar for bash: printed by `ajar help --completion bash`.
_ajar() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words= files= list=
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ] || [ "$COMP_CWORD:$before" = 2:help ]; then
        mapfile -t COMPREPLY < <(compgen -W "{}help" -- "$current")
        return
    fi
    case ${{COMP_WORDS[1]}}:$before in
{}    esac
    if [ -n "$words" ]; then
        case $current in *,*) list=${{current%,*}}, ;; esac
        mapfile -t COMPREPLY < <(compgen -P "$list" -W "$words" -- "${{current##*,}}")
        return
    fi
    [ -n "$files" ] || case ${{COMP_WORDS[1]}} in
{}    esac
    case $current in
    -*) ;;
    *) [ -z "$files" ] || {{ mapfile -t COMPREPLY < <(compgen -f -- "$current"); return; }} ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o filenames -F _ajar ajar
)",
        names, values, options);
}

std::string manual_page(std::span<const Command> commands) {
    std::string out = ".TH AJAR 1 \"\" \"ajar " AJAR_VERSION
                      "\"\n.SH NAME\n"
                      "ajar \\- tracks TCP connections in line and lets none hang half open\n"
                      ".SH SYNOPSIS\n.B ajar\nCOMMAND [OPTIONS]\n.SH COMMANDS\n";
    for (const auto& command : commands) {
        const auto about = describe(command.run, command.name);
        out += fmt::format(".SS {}{}.PP\n{}", roff(synopsis_of(command, about)),
                           roff_words(std::string(command.help)), roff_words(about.about));
        out += options_text(about.arguments) + options_text(about.options);
        out += fmt::format(".PP\nExamples:\n.PP\n.nf\n{}.fi\n", roff(about.examples));
    }
    return out +
           ".SH EXIT STATUS\n0: done; 1: it failed; 2: wrong options or configuration.\n"
           ".SH FILES\n.TP\n/run/ajar/ajar.sock\nThe control socket of an appliance that root runs.\n";
}

}  // namespace ajar::app
