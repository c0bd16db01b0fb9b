// The terminal of `ajar top`: full screen, keys without Enter, and all of it given back, whatever ends the
// program.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::client {

/// Cut to the size and positioned; bytes of one frame. Styles ("\x1b[1m") take no room. Pure.
std::string screen_of(const std::vector<std::string>& lines, std::size_t columns, std::size_t rows);

/// One at a time. While it lives, SIGINT, SIGTERM, SIGHUP and SIGQUIT end wait(), SIGTSTP and SIGCONT leave
/// and come back, and any signal that kills gives the screen back first.
/// The keys in what was typed: an arrow's escape sequence is none, Escape alone is one. Pure.
std::string keys_of(std::string_view typed);

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
    int wait(std::chrono::milliseconds time);
    /// A signal has asked for the end.
    static bool ending();
    /// Are standard input and output terminals?
    static bool present();

private:
    std::string keys_;  // typed, and not yet returned
};

}  // namespace ajar::client
