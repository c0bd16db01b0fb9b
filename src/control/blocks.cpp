// A short list of prefixes.
#include "control/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/prefixes.hpp"
#include "config/services.hpp"
#include "control/request.hpp"
#include "export/json.hpp"

namespace ajar::control {
namespace {

using exporting::Json;

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

std::vector<Prefix> parsed(const std::vector<std::string>& prefixes) {
    std::vector<Prefix> out;
    for (const auto& text : prefixes)
        if (const auto prefix = config::parse_prefix(text)) out.push_back(*prefix);
    return out;
}

/// Of two prefixes the longer one wins: nobody else's may be longer than one that is trusted here.
bool is_trusted(const std::string& prefix, const std::vector<Prefix>& trusted) {
    const auto inner = config::parse_prefix(prefix);
    return !inner || std::any_of(trusted.begin(), trusted.end(),
                                 [&](const Prefix& outer) { return config::is_within(*inner, outer); });
}

Json json_of(const Blocks::Block& block) {
    Json one;
    one.member("prefix", Json::quoted(block.prefix));
    if (block.until) {
        exporting::Text text;
        exporting::put_iso_time(text, *block.until);
        one.member("until", Json::quoted(fmt::to_string(text)));
    }
    return one;
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
    const auto lent = std::erase_if(lent_, [&](const Lent& l) { return l.block.prefix == *text; });
    if (lift(*text) || lent != 0) return text;
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

bool Blocks::lend(std::vector<Lent> lent, const Config& file) {
    const auto trusted = parsed(file.trusted);
    std::erase_if(lent, [&](const Lent& l) { return is_trusted(l.block.prefix, trusted); });
    const auto same = [](const Lent& a, const Lent& b) {
        return a.block.prefix == b.block.prefix && a.box == b.box;
    };
    const bool changed = !std::equal(lent.begin(), lent.end(), lent_.begin(), lent_.end(), same);
    lent_ = std::move(lent);
    return changed;
}

bool Blocks::lift(const std::string& prefix) {
    return std::erase_if(all_, [&](const Block& b) { return b.prefix == prefix; }) != 0;
}

Config Blocks::over(const Config& file) const {
    Config out = file;
    if (empty()) return out;
    for (const Block& block : all_) out.blocked.push_back(block.prefix);
    for (const Lent& lent : lent_) out.blocked.push_back(lent.block.prefix);
    config::resolve_services(out, file.policy.services);
    return out;
}

std::string Blocks::json() const {
    Json list('[');
    for (const Block& block : all_) list.item(json_of(block).text());
    for (const Lent& lent : lent_) {
        Json one = json_of(lent.block);
        one.member("box", Json::quoted(lent.box));
        one.member("by", Json::quoted(lent.by_hand ? "hand" : "defence"));
        list.item(one.text());
    }
    return list.text();
}

}  // namespace ajar::control
