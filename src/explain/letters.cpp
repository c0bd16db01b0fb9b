// What a letter of a history means.
#include "explain/letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "explain/words.hpp"

namespace ajar::explain {
namespace {

struct Meaning {
    char letter;
    std::string_view text;
};
constexpr std::array kMeanings = {
    Meaning{'S', "SYN"},
    Meaning{'H', "SYN-ACK"},
    Meaning{'A', "first ACK without data"},
    Meaning{'D', "first data"},
    Meaning{'F', "FIN: it has nothing more to say"},
    Meaning{'R', "RST"},
    Meaning{'C', "packet with a wrong checksum"},
    Meaning{'G', "gap: bytes that were acknowledged and never seen"},
    Meaning{'T', "data sent again"},
    Meaning{'W', "window of zero: it takes no more"},
    Meaning{'I', "packet with FIN and RST"},
    Meaning{'Q', "packet with more than one of SYN, FIN, RST"},
};

Letter meaning_of(char letter) {
    if (letter == '^') return {letter, "seen from the server's packets on"};
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    const Role by = letter == upper ? kClient : kServer;
    const auto* const at =
        std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& m) { return m.letter == upper; });
    if (at == kMeanings.end()) return {letter, "a letter that this version of Ajar does not know"};
    return {letter, fmt::format("{}'s {}", the(by), at->text)};
}

}  // namespace

std::vector<Letter> spell(std::string_view history) {
    std::vector<Letter> out;
    out.reserve(history.size());
    for (const char letter : history) out.push_back(meaning_of(letter));
    return out;
}

bool shows_handshake(std::string_view history) {
    return history.find_first_of("SsHh") != std::string_view::npos;
}

}  // namespace ajar::explain
