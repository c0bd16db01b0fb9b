// Serving requests: what each verb does, and which lines go to whom.
//
// The server's thread alone, but that scans run in threads of the scanner's and errands on main; what they
// find comes back through the Post. A few scans run at a time, the others wait in a row; those of a client
// that has gone end at once, so nobody keeps the scanner busy who does not wait for it.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/answer.hpp"
#include "control/box.hpp"
#include "control/follower.hpp"
#include "control/history.hpp"
#include "control/order_book.hpp"
#include "control/post.hpp"
#include "control/scan.hpp"

namespace ajar::control {

class Service {
public:
    /// Where lines go. `last`: the request is answered, the client may ask the next one.
    struct Outlet {
        std::function<void(const Ticket& ticket, std::string line, bool last)> send;
        /// False: the client has no room, the line is lost.
        std::function<bool(const Ticket& ticket, std::string line)> stream;
        /// False: too much waits to be read; no look at the tables begins.
        std::function<bool()> has_room;
        std::function<ServerFacts()> facts;
    };
    static constexpr std::size_t kMostRows = 4096;  ///< of one page, and of `recent` events
    static constexpr std::size_t kMostTold = 512;   ///< events of one flow, the latest
    static constexpr std::size_t kMostLooks = 4;    ///< at the tables, at the same time
    static constexpr auto kPageTime = std::chrono::milliseconds(200);  ///< then a page ends, whole or not
    static constexpr auto kScanTime = std::chrono::seconds(10);        ///< of a look at everything

    Service(Box& box, std::shared_ptr<Post> post, std::size_t history, Outlet outlet);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    void serve(const Request& request, const Ticket& ticket);
    /// The client is gone.
    void forget(std::uint64_t client);
    /// Events on, orders on. True: there is more to do at once; else `wait` says whether a worker's word is
    /// due.
    bool work();
    [[nodiscard]] bool waits() const { return !orders_.idle(); }
    [[nodiscard]] bool follows(std::uint64_t client) const { return following_.count(client) != 0; }

private:
    void list(const Request& request, const Ticket& ticket);
    void get(const Request& request, const Ticket& ticket);
    void explain(const Request& request, const Ticket& ticket);
    void evict(const Request& request, const Ticket& ticket);
    void flush(const Request& request, const Ticket& ticket);
    void events(const Request& request, const Ticket& ticket);
    void stats(const Request& request, const Ticket& ticket);
    void errand(Errand errand, const Ticket& ticket);

    void answer(const Ticket& ticket, std::string_view members) {
        outlet_.send(ticket, answer_line(ticket, members), true);
    }
    void refuse(const Ticket& ticket, const Fault& fault);
    /// `scan` gives the members of the answer, or a fault.
    struct Found {
        std::string members{};
        std::optional<Fault> fault{};
        std::vector<Seen> flows{};
        std::vector<Occupancy> tables{};  ///< by worker
    };
    using Look = std::function<Found(const Deadline::Unwanted&)>;
    using Then = std::function<void(Found)>;
    /// One that has not begun.
    struct Waiting {
        Ticket ticket;
        Look look;
        Then then;
    };
    [[nodiscard]] std::shared_ptr<const FlagReasons> flags();
    void remember(const Event& event);
    void scan(const Ticket& ticket, Look look, Then then = {});
    void begin_looks();
    void begin(Waiting&& waiting);
    void follow_as_wanted();
    void finish_orders(const Ticket& ticket, const OrderBook::Outcome& outcome);
    void stream(const Event& event);
    void stream_changes();

    struct Following {
        Ticket ticket;
        Follower follower;
        std::uint64_t lost = 0;  ///< not told yet
    };
    void tell(Following& to, std::string_view name, const std::string& json);
    bool tell_loss(Following& to);

    Box& box_;
    std::shared_ptr<Post> post_;
    Outlet outlet_;
    History history_;
    std::shared_ptr<const FlagReasons> flags_{};  // of the history; null: it has changed since
    OrderBook orders_;
    std::map<std::uint64_t, Following> following_;  // by client
    std::uint64_t events_sent_ = 0, events_lost_ = 0, faults_ = 0;
    std::deque<Waiting> waiting_;                                          // one a client at the most
    std::map<std::uint64_t, std::shared_ptr<std::atomic<bool>>> looking_;  // by client: is it unwanted?
    std::optional<Scanner> scanner_;  // the last: it waits for scans, which look at the box

public:
    /// Of `facts`: the service's part.
    void add_to(ServerFacts& facts) const {
        facts.events_sent += events_sent_;
        facts.events_lost += events_lost_;
        facts.faults += faults_;
    }
};

}  // namespace ajar::control
