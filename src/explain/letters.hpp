// A history spelled out.
#pragma once

#include <string_view>
#include <vector>

#include "explain/story.hpp"

namespace ajar::explain {

/// Each letter in its order, Zeek's or those of a history in brief (flow/history.hpp). Upper case is the
/// client.
std::vector<Letter> spell(std::string_view history);

/// Was a SYN seen, or its answer? Where not, who is called client is a guess.
bool shows_handshake(std::string_view history);

}  // namespace ajar::explain
