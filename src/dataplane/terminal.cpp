// Escape sequences of the live view.
#include "dataplane/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ajar::dataplane {
namespace {

constexpr const char* kEnter = "\x1b[?1049h\x1b[?25l";
constexpr const char* kLeave = "\x1b[?25h\x1b[?1049l";

void put(const std::string& bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    std::fflush(stdout);
}

}  // namespace

std::string screen_of(const std::vector<std::string>& lines, std::size_t columns, std::size_t rows) {
    std::string out = "\x1b[H";
    const std::size_t shown = std::min(lines.size(), rows);
    for (std::size_t i = 0; i < shown; ++i) {
        out += lines[i].substr(0, columns);
        out += "\x1b[K";
        if (i + 1 < shown) out += "\r\n";
    }
    return out + "\x1b[J";
}

Terminal::Terminal() { put(kEnter); }
Terminal::~Terminal() { put(kLeave); }

void Terminal::draw(const std::vector<std::string>& lines) {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    put(screen_of(lines, known ? size.ws_col : 80, known ? size.ws_row : 24));
}

bool Terminal::present() { return isatty(STDOUT_FILENO) == 1; }

}  // namespace ajar::dataplane
