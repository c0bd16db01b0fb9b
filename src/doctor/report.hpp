// All checks, and how what they found is told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.hpp"
#include "doctor/patient.hpp"

namespace ajar::doctor {

struct Told {
    std::string_view check;
    Finding finding;
};
std::vector<Told> examine(const Patient& patient);
std::size_t count(const std::vector<Told>& all, Grade grade);

/// A table: grade, check, what was seen; below it the line that mends it; at the end how many of each.
std::string as_text(const std::vector<Told>& all);
/// {"file":...,"troubles":n,"advice":n,"findings":[{"check","grade","seen","fix"}]}
std::string as_json(const std::vector<Told>& all, const std::string& file);

}  // namespace ajar::doctor
