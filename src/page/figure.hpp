// What is around the picture of every chart.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "page/chart.hpp"
#include "page/markup.hpp"
#include "page/table.hpp"

namespace ajar::page {

/// "k3", "d0": the class that gives the i-th series its colour.
std::string colour_class(Palette palette, std::size_t i);

/// `picture` may be nothing: then `note` says why.
Markup framed(const std::string& title, const std::string& note, Palette palette,
              std::span<const Series> series, const Markup& picture, const Table& numbers);

}  // namespace ajar::page
