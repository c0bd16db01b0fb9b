// What is printed for programs that help people: completion for bash, the manual page. All of it comes from
// the command table and from what each command declares.
#pragma once

#include <span>
#include <string>

#include "app/command.hpp"

namespace ajar::app {

/// A script for bash: names of commands, their options, and values where they are known.
std::string bash_completion(std::span<const Command> commands);
/// ajar(1), in man(7)'s macros.
std::string manual_page(std::span<const Command> commands);

}  // namespace ajar::app
