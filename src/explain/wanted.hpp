// Which connection is meant: how people write it, and which lines of a file may be about it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ajar/result.hpp"
#include "explain/incident.hpp"

namespace ajar::explain {

class Wanted {
public:
    /// A uid ("C" and 17 more), an EVE flow_id (a number), or both ends, whichever first:
    ///
    ///     10.0.0.1:4711-10.0.0.2:80              [2001:db8::1]:4711 -> [2001:db8::2]:80
    ///     10.0.0.1.4711 > 10.0.0.2.80            as tcpdump has it
    static Result<Wanted> parse(std::string_view text);

    /// Cheap, and never wrong when it says no.
    [[nodiscard]] bool may_be_in(std::string_view line) const;
    [[nodiscard]] bool is(const Incident& incident) const;
    /// Does only a port differ?
    [[nodiscard]] bool is_near(const Incident& incident) const;
    [[nodiscard]] const std::string& text() const { return text_; }
    /// Null where it was written by its uid or flow_id.
    [[nodiscard]] const std::array<Endpoint, 2>* ends() const { return by_ == By::ends ? &ends_ : nullptr; }
    /// By either of them.
    [[nodiscard]] bool is_id(std::string_view uid, std::uint64_t flow_id) const {
        return by_ != By::ends && (uid == text_ || std::to_string(flow_id) == text_);
    }

private:
    enum class By : std::uint8_t { uid, flow_id, ends };

    By by_ = By::uid;
    std::string text_;                          // as a line and a person have it
    std::array<Endpoint, 2> ends_{};            // By::ends
    std::array<std::string, 2> quoted_ends_{};  // their addresses, as a line has them
};

}  // namespace ajar::explain
