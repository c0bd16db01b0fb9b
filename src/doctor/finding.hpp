// What an examination says: how it stands, what was seen, and the line that mends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ajar::doctor {

/// advice: it runs, and could run better or safer. trouble: it will not start, or not do what it should.
enum class Grade : std::uint8_t { ok, advice, trouble };

constexpr std::string_view name(Grade grade) {
    return grade == Grade::ok ? "ok" : grade == Grade::advice ? "advice" : "trouble";
}

struct Finding {
    Grade grade = Grade::ok;
    std::string seen;
    std::string fix{};  ///< one line: a command, or a line of the configuration; empty: nothing is to be done
};

using Findings = std::vector<Finding>;

}  // namespace ajar::doctor
