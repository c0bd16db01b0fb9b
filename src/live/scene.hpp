// All that one rendering shows, and numbers of it that several parts want.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "ajar/flow/asks.hpp"
#include "live/notes.hpp"
#include "metrics/view.hpp"
#include "page/markup.hpp"

namespace ajar::live {

/// At one moment, and a second or so before.
struct Scene {
    metrics::View now{}, before{};
    double seconds = 0;  ///< between the two; 0: there is no `before`, and no rate
    Asks asked{};
    Notes::Copy notes{};
    std::vector<page::Markup> told{};  ///< of notes.flagged
};

/// A second; negative: not known.
inline double rate_of(const Scene& scene, std::uint64_t now, std::uint64_t before) {
    return scene.seconds > 0 ? static_cast<double>(now - std::min(now, before)) / scene.seconds : -1;
}
/// "12.3k"; "0.4": what happens seldom is not nothing; a dash where it is not known.
std::string rate_text(double rate);

/// What changes each second should not change its last digits, too.
Duration whole_seconds(Duration d);

/// Of a member over all of a list.
template <typename List, typename T>
std::uint64_t sum_of(const List& list, std::uint64_t T::*member) {
    std::uint64_t sum = 0;
    for (const auto& one : list) sum += one.*member;
    return sum;
}
template <std::size_t N>
std::uint64_t sum_of(const std::array<std::uint64_t, N>& all) {
    std::uint64_t sum = 0;
    for (const auto n : all) sum += n;
    return sum;
}
/// Likewise, a second.
template <typename T, typename List>
double rate_over(const Scene& scene, List control::Facts::*list, std::uint64_t T::*member) {
    return rate_of(scene, sum_of(scene.now.facts.*list, member), sum_of(scene.before.facts.*list, member));
}

}  // namespace ajar::live
