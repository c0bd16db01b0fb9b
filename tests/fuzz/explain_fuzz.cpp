// Can any text, read as a file of events, crash the reader, the teller or the page?
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "explain/page.hpp"
#include "explain/read_incident.hpp"
#include "explain/search.hpp"

namespace {

/// What is printed goes to a terminal.
void require_plain(const std::string& text) {
    for (const char c : text)
        if (c != '\n' && (c < 0x20 || c > 0x7e)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ajar::explain;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto wanted = Wanted::parse(text.substr(0, text.find('\n')))) {
        if (const auto found = search_text(text, "fuzz", *wanted); found && !found->kept.incidents().empty())
            require_plain(page_of(tell(found->kept.incidents()), {}));
    }
    const auto read = read_incident(text);
    if (!read) {
        if (read.error().empty()) std::abort();
        return 0;
    }
    if (!*read) return 0;
    const std::vector told = {**read};
    require_plain(page_of(tell(told), {}));
    require_plain(json_of(tell(told)));
    return 0;
}
