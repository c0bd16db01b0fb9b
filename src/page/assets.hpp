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
};

}  // namespace ajar::page
