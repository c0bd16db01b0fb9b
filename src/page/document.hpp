// A whole page in one file: title, contents, sections, and nothing that it would have to fetch. One that is
// live is told by the server what has changed (assets/live.js), or, without a script, is fetched anew.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "page/markup.hpp"

namespace ajar::page {

struct Section {
    std::string id, title;
    Markup body;
};

struct LivePage {
    std::string events;          ///< path of the stream of server-sent events
    std::string version;         ///< of the page: when another one tells the news, it is fetched anew
    unsigned renewed_every = 5;  ///< seconds, where there is no script
};

/// What is replaced when the stream has an event of that name.
Markup live_part(std::string_view name, const Markup& now);

struct Document {
    std::string title;    ///< of the window
    std::string heading;  ///< of the page
    Markup head;          ///< below it
    std::vector<Section> sections;
    Markup foot;
    std::optional<LivePage> live{};
};

std::string html_of(const Document& document);

}  // namespace ajar::page
