// Which sources have others blocked, and until when does that hold here?
//
// A block that is told is a lease: it holds for kLease from when it was last told, and its owner tells it
// again every OwnBlocks::kTellEvery. So what an appliance that is gone, or cut off, has told ends by itself.
//
//   add      it holds, whoever told of it before: the latest in the stream wins
//   still    the same where nobody else's holds, and no operator has removed it within kLease
//   end      it ends if it was that teller's
//   remove   it ends, whoever's; stills are not heard for kLease, and as long as they come
//
// Who is blocked has the SYNs of new connections dropped, and nothing else. Whoever can write there can do
// that to kMost prefixes, of kLeastBits at the least: no wrong word cuts off a whole network's clients.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "share/entries.hpp"

namespace ajar::share {

/// Of an entry in a stream. They only grow.
struct EntryId {
    std::uint64_t ms = 0, sequence = 0;
    friend bool operator==(const EntryId&, const EntryId&) = default;
    friend bool operator<(const EntryId& a, const EntryId& b) {
        return a.ms != b.ms ? a.ms < b.ms : a.sequence < b.sequence;
    }
};

/// A block of another appliance.
struct LentBlock {
    std::string prefix;
    std::string box;
    bool by_hand = true;
    std::optional<Clock::time_point> end{};  ///< as its owner told; it may end sooner
    friend bool operator==(const LentBlock&, const LentBlock&) = default;
};

/// May a block of it be lent?
bool may_be_lent(const Prefix& prefix);

/// One thread's own.
class LentBlocks {
public:
    static constexpr std::size_t kMost = 1024;
    static constexpr unsigned kLeastBitsV4 = 24, kLeastBitsV6 = 48;
    static constexpr auto kLease = std::chrono::seconds(60);

    /// `age`: so long ago it was told, by the clock of the server alone. False: it is refused, for one of the
    /// bounds, or because its lease is over.
    bool hear(const Told<BlockNews>& told, Duration age, Clock::time_point now);
    /// The operator here has removed it.
    void remove(const std::string& prefix, Clock::time_point now);
    void expire(Clock::time_point now);
    void clear();

    /// Has list() changed since the last time?
    bool take_changed() { return std::exchange(changed_, false); }
    [[nodiscard]] std::vector<LentBlock> list() const;
    [[nodiscard]] std::size_t size() const { return all_.size(); }

private:
    struct One {
        LentBlock block;
        std::uint64_t owner = 0;  // its run
        Clock::time_point lease{};
    };
    bool put(const Told<BlockNews>& told, const std::string& prefix, Duration age, Clock::time_point now);
    void erase(const std::string& prefix);

    std::map<std::string, One> all_;  // by prefix
    std::map<std::string, Clock::time_point> removed_;
    bool changed_ = false;
};

}  // namespace ajar::share
