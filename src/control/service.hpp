// Serving requests: what each verb does, and which lines go to whom.
//
// The server's thread alone, but that scans run in threads of the scanner's and errands on main; what they
// find comes back through the Post.
#pragma once

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
        std::function<ServerFacts()> facts;
    };
    static constexpr std::size_t kMostRows = 4096;                     ///< of one page
    static constexpr auto kPageTime = std::chrono::milliseconds(200);  ///< then a page ends, whole or not
    static constexpr auto kScanTime = std::chrono::seconds(10);        ///< of a look at everything

    Service(Box& box, std::shared_ptr<Post> post, std::size_t history, Outlet outlet);

    void serve(const Request& request, const Ticket& ticket);
    /// The client is gone.
    void forget(std::uint64_t client);
    /// Events on, orders on. True: there is more to do at once; else `wait` says whether a worker's word is
    /// due.
    bool work();
    [[nodiscard]] bool waits() const { return !orders_.idle(); }

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
    [[nodiscard]] std::shared_ptr<const FlagReasons> flags() const;
    void scan(const Ticket& ticket, std::function<Found()> look, std::function<void(Found)> then = {});
    void finish_orders(const Ticket& ticket, const OrderBook::Outcome& outcome);
    void stream(const Event& event);
    void stream_changes();

    struct Following {
        Ticket ticket;
        Follower follower;
        std::uint64_t lost = 0;  ///< not told yet
    };
    void tell(Following& to, std::string_view name, const std::string& json);

    Box& box_;
    std::shared_ptr<Post> post_;
    Outlet outlet_;
    History history_;
    OrderBook orders_;
    std::map<std::uint64_t, Following> following_;  // by client
    std::uint64_t events_sent_ = 0, events_lost_ = 0, faults_ = 0;
    Scanner scanner_;  // the last: it waits for scans, which look at the box

public:
    /// Of `facts`: the service's part.
    void add_to(ServerFacts& facts) const {
        facts.events_sent += events_sent_;
        facts.events_lost += events_lost_;
        facts.faults += faults_;
    }
};

}  // namespace ajar::control
