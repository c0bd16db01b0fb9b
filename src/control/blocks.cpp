// A short list of prefixes.
#include "control/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/prefixes.hpp"
#include "config/services.hpp"
#include "control/request.hpp"
#include "export/json.hpp"

namespace ajar::control {
namespace {

Result<std::string> canonical(std::string_view prefix) {
    const auto parsed = config::parse_prefix(prefix);
    if (!parsed) return Error{fmt::format("{}: {}", shown(prefix), parsed.error())};
    return config::format_prefix(*parsed);
}

bool names(const std::vector<std::string>& prefixes, const std::string& canonical_one) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) {
        const auto one = canonical(p);
        return one && *one == canonical_one;
    });
}

}  // namespace

Result<std::string> Blocks::add(std::string_view prefix, std::optional<Time> until) {
    auto text = canonical(prefix);
    if (!text) return text;
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const Block& b) { return b.prefix == *text; });
    if (at != all_.end()) {
        at->until = until;
    } else if (all_.size() >= kMost) {
        return Error{
            fmt::format("{} prefixes are blocked by hand already; [defence] blocked takes more", kMost)};
    } else {
        all_.push_back({*text, until});
    }
    return text;
}

Result<std::string> Blocks::remove(std::string_view prefix, const Config& file) {
    auto text = canonical(prefix);
    if (!text) return text;
    if (std::erase_if(all_, [&](const Block& b) { return b.prefix == *text; }) != 0) return text;
    if (names(file.blocked, *text))
        return Error{
            fmt::format("{} is blocked by the configuration: take it out of [defence] blocked, then "
                        "`ajar reload`",
                        *text)};
    return Error{fmt::format(
        "{} was not blocked by hand; `ajar posture` tells who is, and who is by the defence", *text)};
}

bool Blocks::expire(Time now) {
    return std::erase_if(all_, [&](const Block& b) { return b.until && *b.until <= now; }) != 0;
}

Config Blocks::over(const Config& file) const {
    Config out = file;
    if (all_.empty()) return out;
    for (const Block& block : all_) out.blocked.push_back(block.prefix);
    config::resolve_services(out, file.policy.services);
    return out;
}

std::string Blocks::json() const {
    using exporting::Json;
    Json list('[');
    for (const Block& block : all_) {
        Json one;
        one.member("prefix", Json::quoted(block.prefix));
        if (block.until) {
            exporting::Text text;
            exporting::put_iso_time(text, *block.until);
            one.member("until", Json::quoted(fmt::to_string(text)));
        }
        list.item(one.text());
    }
    return list.text();
}

}  // namespace ajar::control
