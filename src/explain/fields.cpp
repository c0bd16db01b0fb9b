// What a field must be, and what is said of one that is not.
#include "explain/fields.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace ajar::explain {
namespace {

constexpr std::size_t kLongestWord = 200;

const nlohmann::json kNothing;

bool is_printable(std::string_view text) {
    return text.size() <= kLongestWord &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::optional<std::string> word_in(const nlohmann::json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    return is_printable(text) ? std::optional(text) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const nlohmann::json& value, std::uint64_t most) {
    if (!value.is_number_unsigned()) return std::nullopt;
    const auto number = value.get<std::uint64_t>();
    return number <= most ? std::optional(number) : std::nullopt;
}

Duration to_duration(double seconds) { return std::chrono::microseconds(std::llround(seconds * 1e6)); }

}  // namespace

void Fields::complain(const char* key, std::string_view what) const {
    if (fault_.empty()) fault_ = fmt::format("{}{} {}", path_, key, what);
}

void Fields::complain_of_name(const char* key, const std::string& found) const {
    complain(key, fmt::format("is \"{}\", which this version of Ajar does not know", found));
}

const nlohmann::json* Fields::find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto at = object_.find(key);
    return at == object_.end() ? nullptr : &*at;
}

bool Fields::has(const char* key) const {
    const auto* const value = find(key);
    return value != nullptr && !value->is_null();
}

Fields Fields::object(const char* key) const {
    const auto* const value = find(key);
    const bool good = value != nullptr && value->is_object();
    if (!good) complain(key, "is no object");
    return {good ? *value : kNothing, fmt::format("{}{}.", path_, key), fault_};
}

const nlohmann::json& Fields::list(const char* key) const {
    const auto* const value = find(key);
    if (value != nullptr && value->is_array()) return *value;
    complain(key, "is no list");
    return kNothing;
}

void Fields::each_object(const char* key, const std::function<void(const Fields&)>& visit) const {
    for (const auto& value : list(key)) visit({value, fmt::format("{}{}[].", path_, key), fault_});
}

std::vector<std::string> Fields::words(const char* key) const {
    std::vector<std::string> out;
    for (const auto& value : list(key)) {
        auto found = word_in(value);
        if (!found) complain(key, "holds what is no plain text");
        out.push_back(std::move(found).value_or(""));
    }
    return out;
}

std::vector<std::uint64_t> Fields::numbers(const char* key, std::uint64_t most) const {
    std::vector<std::uint64_t> out;
    for (const auto& value : list(key)) {
        const auto found = number_in(value, most);
        if (!found) complain(key, fmt::format("holds what is no number from 0 to {}", most));
        out.push_back(found.value_or(0));
    }
    return out;
}

std::uint64_t Fields::number(const char* key, std::uint64_t most) const {
    const auto* const value = find(key);
    const auto found = value == nullptr ? std::nullopt : number_in(*value, most);
    if (!found) complain(key, fmt::format("is no number from 0 to {}", most));
    return found.value_or(0);
}

std::uint16_t Fields::port(const char* key) const { return static_cast<std::uint16_t>(number(key, 0xffff)); }

std::uint32_t Fields::sequence(const char* key) const {
    return static_cast<std::uint32_t>(number(key, 0xffffffff));
}

std::string Fields::word(const char* key) const {
    const auto* const value = find(key);
    auto found = value == nullptr ? std::nullopt : word_in(*value);
    if (!found) complain(key, "is no plain text");
    return std::move(found).value_or("");
}

std::optional<double> Fields::real(const char* key, double most) const {
    const auto* const value = find(key);
    if (value != nullptr && value->is_number()) {
        const auto number = value->get<double>();
        if (number >= 0 && number <= most) return number;
    }
    complain(key, fmt::format("is no number of seconds up to {}", most));
    return std::nullopt;
}

Duration Fields::seconds(const char* key, double most) const {
    return to_duration(real(key, most).value_or(0));
}

Time Fields::epoch_time(const char* key) const { return Time(seconds(key)); }

Time Fields::time(const char* key) const {
    const auto parsed = parse_iso_time(word(key));
    if (!parsed) complain(key, "is no time such as 2023-11-14T22:13:20.000000+0000");
    return parsed.value_or(Time{});
}

Document::Document(std::string_view line)
    : root_(std::make_unique<nlohmann::json>(nlohmann::json::parse(line, nullptr, false))) {}

Document::~Document() = default;

bool Document::is_object() const { return root_->is_object(); }

Fields Document::fields() { return {*root_, "", fault_}; }

}  // namespace ajar::explain
