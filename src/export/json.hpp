// A small JSON object or array as text, for what is written once: summaries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "export/text.hpp"

namespace ajar::exporting {

/// Seconds of the epoch with their fraction, as Zeek writes times.
inline std::string epoch_seconds(Time t) {
    const auto ns = t.time_since_epoch().count();
    return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

/// An object or array under construction: members are texts of JSON already.
class Json {
public:
    explicit Json(char open = '{') : text_(1, open) {}
    Json& member(std::string_view key, const std::string& value) {
        return item(fmt::format("{}:{}", quoted(key), value));
    }
    Json& member(std::string_view key, std::uint64_t value) { return member(key, std::to_string(value)); }
    Json& item(const std::string& value) {
        if (text_.size() > 1) text_ += ',';
        text_ += value;
        return *this;
    }
    [[nodiscard]] std::string text() const { return text_ + (text_.front() == '{' ? '}' : ']'); }

    static std::string quoted(std::string_view raw) {
        Text out;
        put_quoted(out, raw);
        return fmt::to_string(out);
    }

private:
    std::string text_;
};

}  // namespace ajar::exporting
