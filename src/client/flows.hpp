// Flows as they are printed: table, JSON lines, CSV, conntrack's own lines.
#pragma once

#include <memory>
#include <string>

#include "control/value.hpp"

namespace ajar::client {

enum class Form : std::uint8_t { table, json, csv, conntrack };  ///< control::kOutputNames

/// Pages of one list, whose columns stay where they are.
class FlowPrinter {
public:
    explicit FlowPrinter(Form form);
    ~FlowPrinter();

    /// The text of one page.
    std::string page(const control::Value::List& flows);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// "10.0.0.1:80", "[2001:db8::1]:80".
std::string end_text(const control::Value& flow, bool source);
/// "5 s", "3 min 2 s" of seconds.
std::string time_text(double seconds);

}  // namespace ajar::client
