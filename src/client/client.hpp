// The verbs that talk to a running appliance.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "client/flows.hpp"
#include "control/value.hpp"
#include "control/verbs.hpp"

namespace ajar::client {

struct Call {
    const control::Verb* verb = nullptr;
    control::Value::Object options{};  ///< for the server, as they were written
    std::string socket;
    Form form = Form::table;
    std::chrono::milliseconds patience = std::chrono::seconds(15);
    std::optional<std::chrono::milliseconds> every{};  ///< list: again so often; top: a screen so often
    bool once = false;                                 ///< top
};

/// Prints the answer. The exit code: 0; 1 where the appliance could not do it, or is not there; 2 where it
/// was asked for something that there is not.
int call(const Call& call);

}  // namespace ajar::client
