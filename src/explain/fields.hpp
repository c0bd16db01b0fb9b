// The fields of a JSON object that somebody else has written, as values of our types. Hides nlohmann-json.
//
// The first field that is not as it should be is the fault, and what is asked for after it may be empty: a
// reader reads on and asks for the fault once, at the end. What is read as text is printable ASCII: it may go
// to a terminal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ajar/clock.hpp"

namespace ajar::explain {

class Fields {
public:
    static constexpr double kMostSeconds = 4e9;  ///< the year 2096, and no timeout is longer

    /// `path` is how its fields are called in a fault: "ajar.probe.". Both references outlive this.
    Fields(const nlohmann::json& object, std::string path, std::string& fault)
        : object_(object), path_(std::move(path)), fault_(fault) {}

    /// Is it there, and not null?
    [[nodiscard]] bool has(const char* key) const;

    // Each of these is a fault where the field is missing or something else.
    [[nodiscard]] Fields object(const char* key) const;
    void each_object(const char* key, const std::function<void(const Fields&)>& visit) const;
    [[nodiscard]] std::vector<std::string> words(const char* key) const;
    [[nodiscard]] std::vector<std::uint64_t> numbers(const char* key, std::uint64_t most) const;
    [[nodiscard]] std::uint64_t number(const char* key, std::uint64_t most) const;
    [[nodiscard]] std::string word(const char* key) const;
    [[nodiscard]] Duration seconds(const char* key, double most = kMostSeconds) const;
    /// As exporting::put_iso_time() writes it.
    [[nodiscard]] Time time(const char* key) const;
    /// Seconds since 1970, with their fraction.
    [[nodiscard]] Time epoch_time(const char* key) const;
    [[nodiscard]] std::uint16_t port(const char* key) const;
    [[nodiscard]] std::uint32_t sequence(const char* key) const;
    /// By its place in a table of names.
    template <typename Enum>
    [[nodiscard]] Enum named(const char* key, std::span<const std::string_view> names) const {
        const std::string found = word(key);
        const auto at = std::find(names.begin(), names.end(), found);
        if (at != names.end()) return static_cast<Enum>(at - names.begin());
        complain_of_name(key, found);
        return Enum{};
    }

    void complain(const char* key, std::string_view what) const;

private:
    [[nodiscard]] const nlohmann::json* find(const char* key) const;
    [[nodiscard]] const nlohmann::json& list(const char* key) const;
    [[nodiscard]] std::optional<double> real(const char* key, double most) const;
    void complain_of_name(const char* key, const std::string& found) const;

    const nlohmann::json& object_;
    std::string path_;
    std::string& fault_;
};

/// One line, parsed.
class Document {
public:
    explicit Document(std::string_view line);
    ~Document();
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    /// Is it JSON, and an object?
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] Fields fields();
    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    std::unique_ptr<nlohmann::json> root_;
    std::string fault_;
};

/// Nothing where it is no such time, or one that our clock cannot tell.
std::optional<Time> parse_iso_time(std::string_view text);

}  // namespace ajar::explain
