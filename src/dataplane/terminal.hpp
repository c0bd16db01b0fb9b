// Drawing the live view on a terminal.
#pragma once

#include <string>
#include <vector>

namespace ajar::dataplane {

/// Cut to `columns` and `rows`, positioned at the top left, each line and the rest of the screen erased: the
/// bytes of one frame of the view. Pure.
std::string screen_of(const std::vector<std::string>& lines, std::size_t columns, std::size_t rows);

/// Takes the alternate screen for its life, and gives the old one back untouched.
class Terminal {
public:
    Terminal();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    /// The size is asked for each time: a resized window is right again a second later.
    void draw(const std::vector<std::string>& lines);

    /// Is standard output one?
    static bool present();
};

}  // namespace ajar::dataplane
