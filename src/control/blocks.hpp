// The sources that operators have blocked by hand, on top of the configuration's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/config.hpp"
#include "ajar/result.hpp"

namespace ajar::control {

/// Main's alone.
class Blocks {
public:
    static constexpr std::size_t kMost = 4096;

    /// Without an end: until it is removed. Again: the end is the new one. Returns the prefix as it is
    /// written.
    Result<std::string> add(std::string_view prefix, std::optional<Time> until);
    /// The error says what is blocked and by whom.
    Result<std::string> remove(std::string_view prefix, const Config& file);
    /// True: some have come to their end.
    bool expire(Time now);

    [[nodiscard]] bool empty() const { return all_.empty(); }
    /// What holds: the file's configuration with these.
    [[nodiscard]] Config over(const Config& file) const;
    /// A list of `prefix` and, where there is one, `until`.
    [[nodiscard]] std::string json() const;

private:
    struct Block {
        std::string prefix;
        std::optional<Time> until;
    };
    std::vector<Block> all_;
};

}  // namespace ajar::control
