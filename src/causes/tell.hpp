// Causes and scanners as sentences for a person, and as JSON.
#pragma once

#include <string>

#include "causes/causes.hpp"

namespace ajar::causes {

/// "10.0.0.1", "2001:db8::/64": of a suspect.
std::string source_text(const CountKey& source);

/// The heaviest few. Where many addresses appear hardly ever twice, that they do is what matters. `count` is
/// of all.
std::string who(const HeavyHitters& hitters, std::uint64_t count);
/// The heaviest ten with their counts: a JSON array.
std::string endpoints_json(const HeavyHitters& hitters);

/// Why attempts came to nothing: a paragraph, empty where none did.
std::string labels_text(const Causes& causes);
/// A JSON object by label.
std::string labels_json(const Causes& causes);

/// Who scans, and what they touched: a paragraph, empty where nobody does.
std::string scanners_text(const Causes& causes);
/// A JSON array, the busiest first, at most a hundred.
std::string scanners_json(const Causes& causes);

}  // namespace ajar::causes
