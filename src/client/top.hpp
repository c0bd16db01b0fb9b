// `ajar top`: what is shown, and what the keys change of it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "client/session.hpp"
#include "control/value.hpp"

namespace ajar::client {

/// By what Reasons and counts are sorted.
enum class TopSort : std::uint8_t { rate, total, name };
inline constexpr std::array<std::string_view, 3> kTopSortNames = {"rate", "total", "name"};
/// Whose talkers are shown.
inline constexpr std::array<const char*, 4> kTalkerKinds = {"sources", "destinations", "services",
                                                            "networks"};

/// What one screen is made of.
struct TopView {
    control::Value now{}, before{};  ///< of stats with ages and talkers
    control::Value posture{};
    double seconds = 0;  ///< between the two; 0: there is no rate yet
    TopSort sort = TopSort::rate;
    std::size_t kind = 0;
    std::string filter{};  ///< a part of the names of Reasons and talkers
    bool typing = false;   ///< the filter is being written
    bool paused = false, help = false;
    std::size_t columns = 0, rows = 0;  ///< of the screen; 0: as many as it takes
};

/// A key's effect. False: the end.
bool press(TopView& view, int key);
/// The screen. Pure.
std::vector<std::string> top_lines(const TopView& view);

/// Until q or a signal; `once`: one screen, to standard output. The exit code.
int top(Session& session, std::chrono::milliseconds every, bool once);

}  // namespace ajar::client
