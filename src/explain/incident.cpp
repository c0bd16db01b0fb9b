// Ends of an incident as text, and with their roles exchanged.
#include "explain/incident.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "export/text.hpp"

namespace ajar::explain {
namespace {

template <typename T>
void swap_pair(std::array<T, 2>& pair) {
    std::swap(pair[0], pair[1]);
}

/// Letters of the other end have the other case.
char swapped(char letter) {
    const auto c = static_cast<unsigned char>(letter);
    return static_cast<char>(std::isupper(c) != 0 ? std::tolower(c) : std::toupper(c));
}

}  // namespace

std::string text_of(const Endpoint& end) {
    exporting::Text text;
    exporting::put_address(text, end.family, end.address);
    const bool v6 = end.family == Family::ipv6;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", fmt::to_string(text), v6 ? "]" : "", end.port);
}

void swap_roles(Incident& i) {
    swap_pair(i.ends);
    swap_pair(i.sent);
    swap_pair(i.expected);
    std::transform(i.history.begin(), i.history.end(), i.history.begin(), swapped);
    if (i.reset) i.reset->to = peer(i.reset->to);
    if (i.probe) swap_pair(i.probe->pulse);
    if (!i.suspected) return;
    swap_pair(i.suspected->lost);
    swap_pair(i.suspected->packets);
}

}  // namespace ajar::explain
