// The timer wheels that Ajar does without: slots of linked flows, and slots of arrays of ids.
//
// kSlots ticks a turn. collect() calls due(i) for what its slots hold up to a tick; that may arm i again,
// later than that tick and less than a turn.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ajar/flow/memory.hpp"

namespace ajar::bench {

inline constexpr std::uint32_t kSlots = 4096;
inline constexpr std::uint32_t kNobody = 0xffffffffU;

/// A flow is in one slot, and moves when it is armed again.
class ListWheel {
public:
    ListWheel(Memory& memory, std::uint32_t flows) : nodes_(take_array<Node>(memory, flows)) {
        heads_.fill(kNobody);
    }

    void arm(std::uint32_t i, std::uint32_t deadline) {
        unlink(i);
        auto& node = nodes_[i];
        node = {kNobody, heads_[deadline % kSlots], deadline % kSlots + 1};
        if (node.next != kNobody) nodes_[node.next].previous = i;
        heads_[deadline % kSlots] = i;
    }
    template <class Due>
    void collect(std::uint32_t now, Due&& due) {
        for (; cursor_ != now + 1; ++cursor_) {
            auto& head = heads_[cursor_ % kSlots];
            while (head != kNobody) {
                const auto i = head;
                unlink(i);
                due(i);
            }
        }
    }

private:
    struct Node {
        std::uint32_t previous, next, listed;  // slot + 1, 0 in none
    };
    void unlink(std::uint32_t i) {
        auto& node = nodes_[i];
        if (node.listed == 0) return;
        (node.previous == kNobody ? heads_[node.listed - 1] : nodes_[node.previous].next) = node.next;
        if (node.next != kNobody) nodes_[node.next].previous = node.previous;
        node.listed = 0;
    }

    std::span<Node> nodes_;
    std::array<std::uint32_t, kSlots> heads_;
    std::uint32_t cursor_ = 0;
};

/// A slot is a chain of blocks of ids; `fetch(i)` is called for a whole block before it is visited.
class ArrayWheel {
public:
    ArrayWheel(Memory& memory, std::uint32_t flows)
        : blocks_(take_array<Block>(memory, 2 * (flows / kIds) + 2 * kSlots)) {
        heads_.fill(kNobody);
        for (std::uint32_t b = 0; b < blocks_.size(); ++b) give(b);
    }

    void arm(std::uint32_t i, std::uint32_t deadline) {
        auto& head = heads_[deadline % kSlots];
        if (head == kNobody || blocks_[head].count == kIds) {
            const auto fresh = free_;
            free_ = blocks_[fresh].next;
            blocks_[fresh].next = head;
            blocks_[fresh].count = 0;
            head = fresh;
        }
        auto& block = blocks_[head];
        block.ids[block.count++] = i;
    }
    template <class Fetch, class Due>
    void collect(std::uint32_t now, Fetch&& fetch, Due&& due) {
        for (; cursor_ != now + 1; ++cursor_) {
            for (auto& head = heads_[cursor_ % kSlots]; head != kNobody;) {
                const auto b = head;
                head = blocks_[b].next;
                const auto ids = std::span(blocks_[b].ids).first(blocks_[b].count);
                for (const auto i : ids) fetch(i);
                for (const auto i : ids) due(i);
                give(b);
            }
        }
    }

private:
    static constexpr std::uint32_t kIds = 62;
    struct alignas(64) Block {
        std::uint32_t next, count;
        std::array<std::uint32_t, kIds> ids;
    };
    static_assert(sizeof(Block) == 256);
    void give(std::uint32_t b) {
        blocks_[b].next = free_;
        free_ = b;
    }

    std::span<Block> blocks_;
    std::array<std::uint32_t, kSlots> heads_;
    std::uint32_t free_ = kNobody, cursor_ = 0;
};

}  // namespace ajar::bench
