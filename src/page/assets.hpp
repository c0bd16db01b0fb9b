// The style sheet and the script of every page, and the policy under which a browser runs nothing else.
#pragma once

#include <string_view>

#include "page/markup.hpp"

namespace ajar::page {

class Assets {
public:
    /// <style>: colours by class and by scheme, layout for phones, screens and paper.
    static Markup style();
    /// <script>: sorting and filtering. All that a page says is there without it.
    static Markup script();
    /// A Content-Security-Policy that allows these two, by their SHA-256, and nothing beside them.
    static std::string_view policy();
    /// Likewise of a live page: puts in place what its server sends.
    static Markup live_script();
    /// Style and live script; and connections to where the page came from.
    static std::string_view live_policy();
};

}  // namespace ajar::page
