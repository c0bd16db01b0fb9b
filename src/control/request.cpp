// From a line of bytes to a request that holds nothing unexpected.
#include "control/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/nearest.hpp"
#include "config/units.hpp"
#include "control/value.hpp"

namespace ajar::control {
namespace {

constexpr ValueLimits kLimits{2, 64};
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestShown = 60;

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string meant(std::string_view word, const std::vector<std::string_view>& known) {
    const auto near = config::nearest(word, known);
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

std::vector<std::string_view> verb_names() {
    std::vector<std::string_view> out;
    for (const auto& v : verbs())
        if (v.runs != Runs::client) out.push_back(v.name);
    return out;
}

std::vector<std::string_view> option_names(const Verb& verb) {
    std::vector<std::string_view> out;
    for (const auto& o : verb.options)
        if (o.read_by == ReadBy::server) out.push_back(o.name);
    if (verb.filters)
        for (const auto& o : filter_options()) out.push_back(o.name);
    return out;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Numbers and short plain texts, as JSON.
std::optional<std::string> id_of(const Value& value) {
    if (value.null()) return "null";
    if (std::holds_alternative<std::uint64_t>(value.is)) return text_of(value);
    const auto& text = value.text();
    const bool good =
        std::holds_alternative<std::string>(value.is) && text.size() <= kLongestId && is_plain(text);
    return good ? std::optional(text_of(value)) : std::nullopt;
}

/// A value as a person would have written it; nothing where it is a list or an object.
std::optional<std::string> word_of(const Value& value) {
    if (std::holds_alternative<std::string>(value.is)) return value.text();
    const bool scalar = std::holds_alternative<std::uint64_t>(value.is) ||
                        std::holds_alternative<std::int64_t>(value.is) ||
                        std::holds_alternative<double>(value.is) || std::holds_alternative<bool>(value.is);
    return scalar ? std::optional(text_of(value)) : std::nullopt;
}

/// The members of a request that are no options.
bool is_envelope(std::string_view name) { return name == "v" || name == "id" || name == "do"; }

Fault unknown_option(const Verb& verb, std::string_view name) {
    return {Code::unknown_option,
            fmt::format("{} has no option {}{}", verb.name, shown(name), meant(name, option_names(verb)))};
}

template <typename T>
std::string fault_of(const Result<T>& result) {
    return result ? std::string() : result.error();
}

/// As it came, whatever that was: the answer is printable.
std::string shown_version(const Value& v) {
    if (std::holds_alternative<std::string>(v.is)) return shown(v.text());
    return word_of(v).value_or("no number");
}

}  // namespace

std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kLongestShown)) out += c >= 0x20 && c < 0x7f && c != '"' ? c : '?';
    return fmt::format("\"{}{}\"", out, text.size() > kLongestShown ? "..." : "");
}

Result<std::vector<std::size_t>> parse_words(std::string_view text,
                                             std::span<const std::string_view> choices) {
    std::vector<std::size_t> out;
    while (true) {
        const auto word = text.substr(0, text.find(','));
        const auto at = std::find_if(choices.begin(), choices.end(),
                                     [&](std::string_view c) { return same_word(c, word); });
        if (at == choices.end()) {
            const std::vector<std::string_view> known(choices.begin(), choices.end());
            return Error{
                fmt::format("{} is none of {} names{}", shown(word), choices.size(), meant(word, known))};
        }
        out.push_back(static_cast<std::size_t>(at - choices.begin()));
        if (word.size() == text.size()) return out;
        text.remove_prefix(word.size() + 1);
    }
}

Result<SpanBounds> parse_span(std::string_view text) {
    const char sign = text.empty() ? '\0' : text.front();
    if (sign == '>' || sign == '<') text.remove_prefix(1);
    if (!text.empty() && text.front() == '=' && (sign == '>' || sign == '<')) text.remove_prefix(1);
    const auto duration = config::parse_duration(text);
    if (!duration) return Error{duration.error()};
    SpanBounds out;
    (sign == '<' ? out.most : out.least) = *duration;
    return out;
}

std::string refuse_value(const VerbOption& option, std::string_view value) {
    if (value.size() > kLongestWord) return "longer than anything that could be meant";
    if (!is_plain(value)) return "not printable";
    switch (option.takes) {
        case Takes::nothing:
            return value == "true" || value == "false" ? "" : "it is true or left out";
        case Takes::text:
            return value.empty() ? "empty" : "";
        case Takes::count:
            return fault_of(config::parse_count(value));
        case Takes::duration:
            return fault_of(config::parse_duration(value));
        case Takes::span:
            return fault_of(parse_span(value));
        case Takes::words:
            return fault_of(parse_words(value, option.choices));
    }
    return {};
}

std::optional<Request> Request::parse(std::string_view line, std::string& id, Fault& fault) {
    id = "null";
    const auto refuse = [&](Code code, std::string text) {
        fault = {code, std::move(text)};
        return std::nullopt;
    };
    const auto root = parse_value(line, kLimits);
    if (!root) return refuse(Code::bad_json, root.error());
    if (!root->is_object()) return refuse(Code::bad_request, "a request is an object");
    const auto own_id = id_of((*root)["id"]);
    if (!own_id) return refuse(Code::bad_request, "id is a number or a short plain text");
    id = *own_id;
    if ((*root)["v"].count() != kProtocol)
        return refuse(Code::bad_version, fmt::format("v is {}: this appliance speaks version {} alone",
                                                     shown_version((*root)["v"]), kProtocol));
    Request out;
    out.id_ = id;
    const auto& word = (*root)["do"].text();
    out.verb_ = verb_named(word);
    if (out.verb_ == nullptr || out.verb_->runs == Runs::client)
        return refuse(Code::unknown_verb,
                      fmt::format("no verb {}{}", shown(word), meant(word, verb_names())));
    for (const auto& [member, value] : root->members()) {
        if (is_envelope(member)) continue;
        const auto* const option = option_named(*out.verb_, member);
        if (option == nullptr || option->read_by == ReadBy::client) {
            fault = unknown_option(*out.verb_, member);
            return std::nullopt;
        }
        const auto text = word_of(value);
        if (!text) return refuse(Code::bad_value, fmt::format("{}: it takes a plain value", option->name));
        if (const auto why = refuse_value(*option, *text); !why.empty())
            return refuse(Code::bad_value, fmt::format("{} {}: {}", option->name, shown(*text), why));
        if (option->takes == Takes::nothing && *text == "false") continue;
        if (!out.has(option->name)) out.given_.emplace_back(option, *text);
    }
    for (const auto& option : out.verb_->options)
        if (option.argument && option.name != "name" && !out.has(option.name))
            return refuse(Code::bad_request, fmt::format("{} needs {}", out.verb_->name, option.name));
    return out;
}

const Request::Given* Request::find(std::string_view option) const {
    const auto at =
        std::find_if(given_.begin(), given_.end(), [&](const Given& g) { return g.first->name == option; });
    return at == given_.end() ? nullptr : &*at;
}

const std::string& Request::text(std::string_view option) const {
    static const std::string kNone;
    const auto* const given = find(option);
    return given == nullptr ? kNone : given->second;
}

std::uint64_t Request::count(std::string_view option, std::uint64_t otherwise) const {
    const auto* const given = find(option);
    return given == nullptr ? otherwise : *config::parse_count(given->second);
}

std::optional<Duration> Request::duration(std::string_view option) const {
    const auto* const given = find(option);
    return given == nullptr ? std::nullopt : std::optional(*config::parse_duration(given->second));
}

std::vector<std::size_t> Request::words(std::string_view option) const {
    const auto* const given = find(option);
    return given == nullptr ? std::vector<std::size_t>() : *parse_words(given->second, given->first->choices);
}

}  // namespace ajar::control
