// Entries as they come back from a stream.
#pragma once

#include <vector>

#include "config/prefixes.hpp"
#include "share/entries.hpp"

namespace ajar::share {

inline std::vector<std::pair<std::string_view, std::string_view>> fields_of(const Words& words) {
    std::vector<std::pair<std::string_view, std::string_view>> out;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) out.emplace_back(words[i], words[i + 1]);
    return out;
}

inline Prefix prefix(const char* text) { return *config::parse_prefix(text); }

inline const Box kOne{"one", 1}, kTwo{"two", 2};

inline Told<BlockNews> told(const Box& from, Deed deed, const char* of, std::optional<Duration> left = {}) {
    return {from, {deed, prefix(of), true, left}};
}

}  // namespace ajar::share
