// Who asked for connections in the second before, and whom: as members of an answer.
#pragma once

#include <string>

#include "ajar/flow/asks.hpp"
#include "control/box.hpp"

namespace ajar::control {

/// Of the second before, all workers together. Any thread.
Asks asked_lately(const Box& box);

/// `asked` (connections), and by kind of name the heaviest first: `services`, `sources`, `networks`,
/// `destinations`, each with `name`, `count`, `least` and `most`.
std::string talkers_text(const Box& box);

}  // namespace ajar::control
