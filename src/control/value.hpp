// A JSON value as it came over the socket, and the text of one. Hides nlohmann-json.
//
// Whoever reads a request does not trust it: depth and number of values are bounded before anything is built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::control {

struct Member;

struct Value {
    using List = std::vector<Value>;
    using Object = std::vector<Member>;  // in the order of the text; of equal names the first counts

    /// Whole numbers from 0 on are unsigned, those below signed, all others real.
    std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, std::string, List, Object> is;

    [[nodiscard]] bool null() const { return is.index() == 0; }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(is); }
    // Where it is something else: false, 0, "", nothing.
    [[nodiscard]] bool flag() const;
    [[nodiscard]] std::uint64_t count() const;
    [[nodiscard]] double real() const;
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] const List& list() const;
    [[nodiscard]] const Object& members() const;
    /// The member, or null.
    [[nodiscard]] const Value& operator[](std::string_view name) const;
};

struct Member {
    std::string name;
    Value value;
};

struct ValueLimits {
    std::size_t depth;   ///< of lists and objects inside each other
    std::size_t values;  ///< in all
};

/// The error says what is wrong with the text, in printable ASCII.
Result<Value> parse_value(std::string_view text, ValueLimits limits);
/// JSON in one line.
std::string text_of(const Value& value);

}  // namespace ajar::control
