// The sources that operators have blocked by hand, and those that other appliances have lent, on top of the
// configuration's.
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
    /// Lent ones too, until they are lent again. The error says what is blocked and by whom.
    Result<std::string> remove(std::string_view prefix, const Config& file);
    /// True: some have come to their end.
    bool expire(Time now);

    struct Block {
        std::string prefix;
        std::optional<Time> until;
    };
    /// Of another appliance, which sees to its end.
    struct Lent {
        Block block;
        std::string box;
        bool by_hand = true;  ///< there; else by the defence there
    };
    /// All that are lent now. Nothing of it holds within what the file trusts. True: others than before.
    bool lend(std::vector<Lent> lent, const Config& file);
    /// An operator elsewhere has unblocked it. True: it was blocked by hand here.
    bool lift(const std::string& prefix);

    [[nodiscard]] bool empty() const { return all_.empty() && lent_.empty(); }
    [[nodiscard]] const std::vector<Block>& by_hand() const { return all_; }
    /// What holds: the file's configuration with these.
    [[nodiscard]] Config over(const Config& file) const;
    /// A list of `prefix` and, where there is one, `until`; of what is lent also `box`, and `by` (hand or
    /// defence).
    [[nodiscard]] std::string json() const;

private:
    std::vector<Block> all_;
    std::vector<Lent> lent_;
};

}  // namespace ajar::control
