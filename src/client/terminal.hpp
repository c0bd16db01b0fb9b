// The terminal of `ajar top`: full screen, keys without Enter, and all of it given back, whatever ends the
// program.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ajar::client {

/// Cut to the size and positioned; bytes of one frame. Styles ("\x1b[1m") take no room. Pure.
std::string screen_of(const std::vector<std::string>& lines, std::size_t columns, std::size_t rows);

/// One at a time. While it lives, SIGINT, SIGTERM, SIGHUP and SIGQUIT end wait(), SIGTSTP and SIGCONT leave
/// and come back, and any signal that kills gives the screen back first.
class Screen {
public:
    Screen();
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    void draw(const std::vector<std::string>& lines);
    struct Size {
        std::size_t columns, rows;
    };
    [[nodiscard]] static Size size();
    /// A key, or 0 when the time is over or the window has another size; kEnd when it is to end.
    static constexpr int kEnd = -1;
    static int wait(std::chrono::milliseconds time);
    /// Are standard input and output terminals?
    static bool present();
};

}  // namespace ajar::client
