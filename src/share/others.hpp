// Who else is there, and what all of them have pending together.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "share/entries.hpp"

namespace ajar::share {

/// Of another appliance, as it last told.
struct OtherBox {
    Box box;
    State state;
    Clock::time_point heard{};
};

/// One thread's own. When something was told is judged by when it was heard here: no two clocks have to
/// agree. (What was told before the connection stood is not read at all.)
class Others {
public:
    static constexpr std::size_t kMost = 64;
    static constexpr auto kSilent = std::chrono::seconds(5);  ///< then nobody counts on it

    /// False: there are too many already.
    bool hear(const Told<Sums>& told, Clock::time_point now);
    /// Those that have been silent. Their sums go, and nothing else does.
    void forget(Clock::time_point now);
    void clear();

    /// Sums by name, Fleet::kHeard of the heaviest; null: none. The same one until something changes.
    std::shared_ptr<const Pending> pending();
    [[nodiscard]] std::vector<OtherBox> boxes() const;
    /// Has any told anything, or gone, since the last time?
    bool take_news() { return std::exchange(news_, false); }
    [[nodiscard]] std::size_t size() const { return all_.size(); }

private:
    struct One {
        OtherBox about;
        Pending pending;
    };
    [[nodiscard]] Pending sum() const;

    std::map<std::uint64_t, One> all_;  // by run
    bool changed_ = false, news_ = false;
    std::shared_ptr<const Pending> pending_;
};

}  // namespace ajar::share
