// Which of two sequence numbers is the later one? (RFC 1982 arithmetic on 32 bits, RFC 9293 3.4)
//
// The answer is right while the two lie less than 2^31 apart, which any window guarantees.
#pragma once

#include <cstdint>

namespace ajar::tcp {

constexpr bool before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }
constexpr bool after(std::uint32_t a, std::uint32_t b) { return before(b, a); }
constexpr std::uint32_t later_of(std::uint32_t a, std::uint32_t b) { return before(a, b) ? b : a; }

static_assert(before(1, 2) && !before(2, 2) && !before(3, 2));
static_assert(before(0xffffffff, 0) && after(5, 0xfffffff0), "numbers wrap");
static_assert(later_of(0xfffffffe, 1) == 1);

}  // namespace ajar::tcp
