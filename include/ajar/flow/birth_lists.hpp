// Which flow of a class is the oldest: doubly linked lists by index, one per timeout class.
//
// Entering a class moves a flow to that class's end, so each list is in the order of its deadlines, and the
// heads are all that expiry and eviction look at.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"
#include "ajar/flow/pool.hpp"

namespace ajar {

class BirthLists {
public:
    static constexpr unsigned kClasses = 31;  ///< timer classes by terms, and kinds of flows without a timer
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * sizeof(Node);
    }

    BirthLists(Memory& memory, std::uint32_t capacity) : nodes_(take_array<Node>(memory, capacity)) {}

    /// `i` is in no list.
    void push_back(unsigned cls, std::uint32_t i) {
        assert(cls < kClasses && !listed(i));
        List& list = lists_[cls];
        const auto last = list.tail;
        nodes_[i] = {last, kNone, cls + 1};
        (last == kNone ? list.head : nodes_[last].next) = i;
        list.tail = i;
        occupied_ |= 1U << cls;
        store_shared(list.count, list.count + 1);
    }

    /// `i` is in a list.
    void remove(std::uint32_t i) {
        assert(listed(i));
        auto& node = nodes_[i];
        const auto cls = node.listed - 1;
        List& list = lists_[cls];
        (node.previous == kNone ? list.head : nodes_[node.previous].next) = node.next;
        (node.next == kNone ? list.tail : nodes_[node.next].previous) = node.previous;
        for (std::uint32_t& walker : walkers_)
            if (i == walker) walker = node.next;
        node.listed = 0;
        if (list.head == kNone) occupied_ &= ~(1U << cls);
        store_shared(list.count, list.count - 1);
    }

    [[nodiscard]] bool listed(std::uint32_t i) const { return nodes_[i].listed != 0; }
    /// The one that entered i's list after it, or kNone. `i` is in a list.
    [[nodiscard]] std::uint32_t next(std::uint32_t i) const { return nodes_[i].next; }
    void prefetch(std::uint32_t i) const { prefetch_line(&nodes_[i]); }
    /// The oldest of its class, kNone when there is none.
    [[nodiscard]] std::uint32_t front(unsigned cls) const { return lists_[cls].head; }
    /// Walks through one class, which may be left alone at any place: where it stands, kNone at the end. It
    /// moves on when that one leaves.
    enum Walk : std::uint8_t { purge, victims };
    [[nodiscard]] std::uint32_t walker(Walk w) const { return walkers_[w]; }
    void walk(Walk w, unsigned cls) { walkers_[w] = lists_[cls].head; }
    void walk_on(Walk w) { walkers_[w] = nodes_[walkers_[w]].next; }

    /// One bit for each class that is not empty.
    [[nodiscard]] std::uint32_t occupied() const { return occupied_; }
    /// Any thread.
    [[nodiscard]] std::uint32_t count(unsigned cls) const { return load_shared(lists_[cls].count); }
    [[nodiscard]] std::uint32_t size() const {
        std::uint32_t sum = 0;
        for (unsigned c = 0; c < kClasses; ++c) sum += count(c);
        return sum;
    }

private:
    struct Node {
        std::uint32_t previous, next;
        std::uint32_t listed;  // class + 1; 0, as fresh memory has it, is in no list
    };
    struct List {
        std::uint32_t head = kNone, tail = kNone;
        std::uint32_t count = 0;
    };
    std::span<Node> nodes_;
    std::uint32_t occupied_ = 0;
    std::array<std::uint32_t, 2> walkers_ = {kNone, kNone};
    std::array<List, kClasses> lists_;  // those of a handshake first, on the line of what is above
};

}  // namespace ajar
