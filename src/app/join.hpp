// Words in a row. (fmt::join makes g++ 12 see an overflow where there is none.)
#pragma once

#include <string>
#include <string_view>

namespace ajar::app {

template <typename Words>
std::string join(const Words& words, std::string_view between) {
    std::string out;
    for (const auto& word : words) {
        if (!out.empty()) out += between;
        out += word;
    }
    return out;
}

}  // namespace ajar::app
