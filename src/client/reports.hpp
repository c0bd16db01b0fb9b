// What the verbs that are not about lists say, for a person.
#pragma once

#include <string>

#include "control/value.hpp"

namespace ajar::client {

std::string stats_text(const control::Value& answer);
std::string posture_text(const control::Value& answer);
std::string config_text(const control::Value& answer);
std::string profile_text(const control::Value& answer);
std::string reload_text(const control::Value& answer);
/// An event in one line: when, what, whose, why.
std::string event_line(const control::Value& event);

/// Any answer as `name,value` rows, names with dots.
std::string flat_csv(const control::Value& answer);
/// Without the envelope.
control::Value bare(const control::Value& answer);

}  // namespace ajar::client
