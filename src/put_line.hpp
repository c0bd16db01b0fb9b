// How a line is told where its reader may be gone: never by an exception.
#pragma once

#include <cstdio>
#include <string>

namespace ajar {

/// fmt::print() throws where the terminal was closed or the disk is full; the appliance must not end by that.
inline void put_line(std::FILE* to, const std::string& text) {
    std::fprintf(to, "%s\n", text.c_str());
    std::fflush(to);
}

}  // namespace ajar
