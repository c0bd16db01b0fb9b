// Who talks to Redis: one thread, two connections, one to tell and one to hear, for XREAD waits.
//
// Nothing that Redis does or leaves reaches beyond this thread. Whatever is wrong (nobody there, no answer
// for five seconds, an error where something is read, words that are no reply, a reply beyond all bounds)
// ends both connections, is said once, and is tried again after a while (share/back_off.hpp). An error to
// what is told (a full server, no right to write) loses that entry and is counted; what others tell is heard
// on.
//
// With a connection all blocks are told again. The stream of blocks is read on from where it was left, or
// from one lease ago; that of sums from its end, for older ones mean nothing.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "share/back_off.hpp"
#include "share/desk.hpp"
#include "share/wire.hpp"

namespace ajar::share {

struct Options {
    std::string name;  ///< of the server, as it is configured
    config::RedisServer server;
    std::string user, password;  ///< empty: none
    std::string prefix;          ///< of the keys
    Box box;
    /// Its clock is asked for anew: it may be set while a connection lasts.
    Duration clock_every = std::chrono::seconds(20);
};

class Courier {
public:
    static constexpr std::size_t kEventsARound = 256, kEventsOwed = 1024;

    Courier(Options options, Desk& desk);
    /// Until the desk is stopped; within a tenth of a second then. The caller's thread.
    void run();

private:
    enum Tag : int { auth, time, last_sums, last_block, read, event, sums, block };

    void round();
    void converse(Clock::time_point now);
    void connect(Clock::time_point now);
    void greet(Wire& wire, Clock::time_point now);
    void break_off(const std::string& why, Clock::time_point now);
    void wait();
    // Of the connection that hears (courier_hears.cpp).
    void hear(Clock::time_point now);
    void heed(const Reply& reply, Tag tag, Clock::time_point now);
    void begin_reading(std::optional<EntryId> last, Clock::time_point now);
    void ask_time(Clock::time_point now);
    void ask(Clock::time_point now);
    bool take_streams(const Reply& reply, Clock::time_point now);
    bool take_entry(const Reply& entry, bool blocks, Clock::time_point now);
    void take_sums(Fields fields, Clock::time_point now);
    void take_block(Fields fields, EntryId id, Clock::time_point now);
    void publish();
    // Of the one that tells (courier_tells.cpp).
    void take_receipts(Clock::time_point now);
    void tell(Clock::time_point now);
    void tell_events(Clock::time_point now);
    void tell_blocks(Clock::time_point now);
    bool say(Desk::Stream stream, const Words& entry, Clock::time_point now);
    void say_bye(Clock::time_point now);
    [[nodiscard]] std::string key(Desk::Stream stream) const;

    Options options_;
    Desk& desk_;
    BackOff back_off_;
    std::optional<Wire> telling_, hearing_;
    Clock::time_point next_try_{}, up_since_{}, next_read_{}, next_time_{};
    bool up_ = false, reading_ = false;
    bool greeted_ = false, away_said_ = false, refusal_said_ = false;
    Own own_;
    bool own_is_new_ = false;
    Clock::time_point sums_told_{};
    struct Removal {
        std::string prefix;
        Clock::time_point ordered;
    };
    std::deque<Removal> removals_;
    OwnBlocks own_blocks_;
    std::deque<std::string> blocks_owed_;  // prefixes of entries without a receipt; empty: it adds nothing
    bool busy_ = false;                    // events may wait
    Others others_;
    LentBlocks lent_;
    std::shared_ptr<const Pending> pending_;  // as published
    std::uint64_t server_ms_ = 0;             // its clock, at `server_at_`
    Clock::time_point server_at_{};
    std::optional<EntryId> blocks_at_;  // read so far
    EntryId sums_at_;
};

}  // namespace ajar::share
