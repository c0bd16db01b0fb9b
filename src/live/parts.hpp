// The page as parts, each of which is replaced when it has changed. Pure: a scene gives the same parts.
#pragma once

#include <string_view>
#include <vector>

#include "live/scene.hpp"
#include "page/markup.hpp"

namespace ajar::live {

/// Name of the part that stands in the head of the page, above all sections.
inline constexpr std::string_view kStatus = "status";

struct Part {
    std::string_view name;   ///< letters: the section's id, and the event's name
    std::string_view title;  ///< of the section
    page::Markup body;
};

/// In their order; the first is kStatus.
std::vector<Part> parts_of(const Scene& scene);

// One by one.
page::Markup status_markup(const Scene& scene);
page::Markup health_markup(const Scene& scene);
page::Markup figures_markup(const Scene& scene);
page::Markup timelines_markup(const Scene& scene);
page::Markup connections_markup(const Scene& scene);
page::Markup defence_markup(const Scene& scene);
page::Markup flagged_markup(const Scene& scene);
page::Markup talkers_markup(const Scene& scene);
page::Markup reasons_markup(const Scene& scene);
page::Markup machine_markup(const Scene& scene);

}  // namespace ajar::live
