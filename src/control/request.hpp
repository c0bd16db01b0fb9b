// One request: checked against the verb table, its options still as they were written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/result.hpp"
#include "control/verbs.hpp"

namespace ajar::control {

/// Why a request was not served; the name stands in the answer.
enum class Code : std::uint8_t {
    bad_json,
    bad_request,
    bad_version,
    unknown_verb,
    unknown_option,
    bad_value,
    not_found,
    not_now,   ///< this appliance, or this moment, has no such thing
    too_long,  ///< of a request, or of the work that it asks for
    busy,
    failed,
};
inline constexpr std::array<std::string_view, 11> kCodeNames = {
    "bad_json",  "bad_request", "bad_version", "unknown_verb", "unknown_option", "bad_value",
    "not_found", "not_now",     "too_long",    "busy",         "failed"};
constexpr std::string_view name(Code c) { return kCodeNames[static_cast<std::size_t>(c)]; }

/// `text` says what is wrong and what to do, in printable ASCII.
struct Fault {
    Code code = Code::failed;
    std::string text;
};

inline constexpr std::size_t kLongestRequest = std::size_t{64} << 10U;  ///< bytes of a line
inline constexpr std::size_t kLongestWord = 1024;                       ///< bytes of an option's value

class Request {
public:
    /// `id` and `fault` are set where something is wrong.
    static std::optional<Request> parse(std::string_view line, std::string& id, Fault& fault);

    [[nodiscard]] const Verb& verb() const { return *verb_; }
    /// As it came, as JSON: a number or a text; null where there was none.
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] bool has(std::string_view option) const { return find(option) != nullptr; }
    /// The appliance is to be another after it.
    [[nodiscard]] bool changes() const {
        return verb_->changes && (verb_->id != VerbId::profile || has("name"));  // without one it is shown
    }
    /// Empty where it is not there.
    [[nodiscard]] const std::string& text(std::string_view option) const;

    // Values that parse() has checked; `otherwise` where the option is not there.
    [[nodiscard]] std::uint64_t count(std::string_view option, std::uint64_t otherwise) const;
    [[nodiscard]] std::optional<Duration> duration(std::string_view option) const;
    /// Places in the option's choices.
    [[nodiscard]] std::vector<std::size_t> words(std::string_view option) const;

private:
    using Given = std::pair<const VerbOption*, std::string>;
    [[nodiscard]] const Given* find(std::string_view option) const;

    const Verb* verb_ = nullptr;
    std::string id_ = "null";
    std::vector<Given> given_;
};

/// Bounds of Takes::span, both included.
struct SpanBounds {
    Duration least = Duration::min(), most = Duration::max();
    friend bool operator==(const SpanBounds&, const SpanBounds&) = default;
};
Result<SpanBounds> parse_span(std::string_view text);

/// What is wrong with a value of such an option; nothing if it is right.
std::string refuse_value(const VerbOption& option, std::string_view value);

/// Likewise where one of `choices` or several of them may stand, in any case.
Result<std::vector<std::size_t>> parse_words(std::string_view text,
                                             std::span<const std::string_view> choices);

/// What somebody else has written, as it may stand in a fault: printable, and cut where it is long.
std::string shown(std::string_view text);

}  // namespace ajar::control
