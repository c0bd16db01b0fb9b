// What is to be told of the sources that are blocked here, by the operator or by the defence: what began,
// what ended, and all of it again now and then. What others lent is never among it, so no word goes in
// circles.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "share/lent_blocks.hpp"

namespace ajar::share {

struct OwnBlock {
    Prefix prefix{};
    bool by_hand = true;
    std::optional<Duration> left{};  ///< none: no end is known
};

/// One thread's own.
class OwnBlocks {
public:
    static constexpr auto kTellEvery = std::chrono::seconds(20);  ///< three times in a lease

    /// What there is to tell, `blocks` being all that are blocked here. Those that nobody may be lent are
    /// passed over.
    std::vector<BlockNews> look(const std::vector<OwnBlock>& blocks, Clock::time_point now);
    /// All are to be told again: a connection has begun.
    void tell_all();
    /// That stream's entry was this block's beginning.
    void confirm(const std::string& prefix, EntryId id);
    /// Does a removal of that id mean it? Not one that was there before it.
    [[nodiscard]] bool meant_by(const std::string& prefix, EntryId removal) const;

private:
    struct One {
        BlockNews news;
        std::optional<Clock::time_point> end{};
        Clock::time_point told{};
        std::optional<EntryId> id{};
    };
    std::map<std::string, One> told_;  // by prefix
};

}  // namespace ajar::share
