// A whole page in one file: title, contents, sections, and nothing that it would have to fetch.
#pragma once

#include <string>
#include <vector>

#include "page/markup.hpp"

namespace ajar::page {

struct Section {
    std::string id, title;
    Markup body;
};

struct Document {
    std::string title;    ///< of the window
    std::string heading;  ///< of the page
    Markup head;          ///< below it
    std::vector<Section> sections;
    Markup foot;
};

std::string html_of(const Document& document);

}  // namespace ajar::page
