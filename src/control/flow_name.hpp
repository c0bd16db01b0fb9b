// Which flow does a person mean, and is this the one?
#pragma once

#include <string_view>

#include "ajar/result.hpp"
#include "control/seen.hpp"
#include "explain/wanted.hpp"

namespace ajar::control {

/// A uid, an EVE flow_id, or both ends in either order: several flows where tuples live on different port
/// pairs or VLANs.
class FlowName {
public:
    static Result<FlowName> parse(std::string_view text);

    [[nodiscard]] bool names(const Seen& flow) const;
    /// A key with these ends, in canonical order; none where they are not known.
    struct Ends {
        Family family;
        KeyV6 key;
    };
    [[nodiscard]] std::optional<Ends> ends() const;
    [[nodiscard]] const explain::Wanted& wanted() const { return wanted_; }

private:
    explicit FlowName(explain::Wanted wanted) : wanted_(std::move(wanted)) {}
    explain::Wanted wanted_;
};

}  // namespace ajar::control
