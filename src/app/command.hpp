// The commands of `ajar`: one row each, from which dispatch, `ajar --help` and `ajar help` come.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ajar::app {

struct Command {
    std::string_view name;
    std::string_view help;  ///< one line
    /// argv[0] is the command's name. Returns the exit code: 0 good, 1 failed, 2 wrong options or
    /// configuration.
    int (*run)(int argc, char** argv);
};

std::span<const Command> commands();

int run_command(int argc, char** argv);
int replay_command(int argc, char** argv);
int gen_command(int argc, char** argv);
int bench_command(int argc, char** argv);
int bypass_command(int argc, char** argv);
int doctor_command(int argc, char** argv);
int explain_command(int argc, char** argv);
int client_command(int argc, char** argv);

/// `ajar explain` of what a running appliance remembers. `socket`: the default's, if empty.
int explain_running(const std::string& flow, const std::string& socket, bool json);

/// Finds and runs the command that argv names, or answers --help, --version, `help`.
int dispatch(int argc, char** argv);

}  // namespace ajar::app
