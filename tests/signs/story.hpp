// The packets of one tuple up to one of them, and what they tell when they are read backwards from there.
#pragma once

#include <optional>
#include <string>

#include "checker.hpp"

namespace ajar::signs {

inline bool later(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

class Story {
public:
    /// `packets`, of which the last is the one that is asked about.
    explicit Story(std::span<const Segment> packets) : all_(packets) {}

    [[nodiscard]] const Segment& last() const { return all_.back(); }
    [[nodiscard]] std::size_t size() const { return all_.size() - 1; }  ///< without the last
    [[nodiscard]] std::size_t whole() const { return all_.size(); }
    [[nodiscard]] const Segment& operator[](std::size_t i) const { return all_[i]; }

    /// Where the connection that the packet at `before` belongs to was answered; nothing if nobody saw that.
    [[nodiscard]] std::optional<std::size_t> answered(std::size_t before) const;
    /// The highest number that s has sent, or acknowledged, from `from` to before `to`.
    [[nodiscard]] std::optional<std::uint32_t> highest(Side s, std::size_t from, std::size_t to,
                                                       bool acks) const;
    [[nodiscard]] std::optional<std::size_t> last_of(Side s, std::size_t before) const;
    /// Where the numbers of the connection begin: at its SYN, if that was seen.
    [[nodiscard]] std::size_t begin() const;
    /// Somebody has ended it by a RST that its receiver believes, or both have closed.
    [[nodiscard]] bool is_over(std::size_t from, std::size_t to) const;
    /// An end has acknowledged what nobody saw.
    [[nodiscard]] bool passes_elsewhere(std::size_t from, std::size_t to) const;
    /// Both ends have said so much that each has acknowledged the other.
    [[nodiscard]] bool is_mutual(std::size_t from, std::size_t to) const;

private:
    std::span<const Segment> all_;
};

/// Why the last packet completes no such verdict, or the verdict.
struct Claim {
    std::string objection;
    Finding found{};
};
Claim claim(const Story& story, Reason sign);

}  // namespace ajar::signs
