// Does PageMemory hand out zeroed, aligned, disjoint memory, and only that?
#include "ajar/flow/memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ajar {
namespace {

TEST(PageMemory, GivesZeroedAlignedArrays) {
    PageMemory memory;
    struct Big {
        std::array<std::uint64_t, 16> words;
    };
    const auto small = take_array<std::uint32_t>(memory, 3);
    const auto big = take_array<Big>(memory, 5);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small.data()) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(big.data()) % 128, 0U);
    EXPECT_TRUE(std::all_of(small.begin(), small.end(), [](auto v) { return v == 0; }));
    EXPECT_GE(reinterpret_cast<std::uintptr_t>(big.data()),
              reinterpret_cast<std::uintptr_t>(small.data() + small.size()));
}

TEST(PageMemory, CountsWhatItHandedOut) {
    PageMemory memory;
    (void)take_array<std::uint64_t>(memory, 8);
    (void)take_array<std::uint64_t>(memory, 16);
    EXPECT_EQ(memory.taken(), 192U);
}

TEST(PageMemory, ServesMoreThanOneMapping) {
    PageMemory memory;
    constexpr std::size_t kBytes = 48U << 20U;
    const auto a = take_array<std::uint8_t>(memory, kBytes);
    const auto b = take_array<std::uint8_t>(memory, kBytes);
    a.back() = 1;
    b.front() = b.back() = 2;
    EXPECT_EQ(a.back(), 1);
    const auto large = take_array<std::uint8_t>(memory, 200U << 20U);
    EXPECT_EQ(large.back(), 0);
}

TEST(PageMemory, RefusesTheImpossible) {
    PageMemory memory;
    EXPECT_THROW((void)take_array<std::uint64_t>(memory, SIZE_MAX / 2), std::bad_alloc);
    EXPECT_THROW((void)memory.take(std::size_t{1} << 60U, 64), std::bad_alloc);
    EXPECT_EQ(take_array<std::uint8_t>(memory, 1).front(), 0);
}

TEST(PageMemory, MovesWithItsMappings) {
    PageMemory from(PageSize::transparent);
    const auto a = take_array<std::uint32_t>(from, 1);
    a[0] = 7;
    PageMemory to(std::move(from));
    EXPECT_EQ(a[0], 7U);
    EXPECT_EQ(to.taken(), 4U);
    PageMemory third;
    third = std::move(to);
    EXPECT_EQ(a[0], 7U);
    EXPECT_EQ(third.taken(), 4U);
}

}  // namespace
}  // namespace ajar
