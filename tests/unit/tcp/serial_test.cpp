// Do sequence numbers compare across the wrap?
#include "ajar/tcp/serial.hpp"

#include <gtest/gtest.h>

namespace ajar::tcp {
namespace {

TEST(Serial, ComparesWithinHalfTheSpace) {
    for (const std::uint32_t base : {0U, 1U, 0x7fffffffU, 0x80000000U, 0xffffffffU})
        for (const std::uint32_t step : {1U, 1000U, 0x3fffffffU, 0x7fffffffU}) {
            EXPECT_TRUE(before(base, base + step));
            EXPECT_TRUE(after(base + step, base));
            EXPECT_FALSE(before(base + step, base));
            EXPECT_EQ(later_of(base, base + step), base + step);
            EXPECT_EQ(later_of(base + step, base), base + step);
        }
}

TEST(Serial, ANumberIsNeitherBeforeNorAfterItself) {
    EXPECT_FALSE(before(7, 7));
    EXPECT_FALSE(after(7, 7));
}

}  // namespace
}  // namespace ajar::tcp
