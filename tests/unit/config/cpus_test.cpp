// Do lists of CPUs, seeds and misspelt words read as meant?
#include <gtest/gtest.h>

#include <array>

#include "config/cpus.hpp"
#include "config/nearest.hpp"
#include "config/seed.hpp"

namespace ajar::config {
namespace {

TEST(Cpus, ReadsRangesInTheirOrder) {
    EXPECT_EQ(*parse_cpus("0"), (std::vector<unsigned>{0}));
    EXPECT_EQ(*parse_cpus("12,2-5"), (std::vector<unsigned>{12, 2, 3, 4, 5}));
}

TEST(Cpus, RefusesWhatIsNoList) {
    for (const char* text : {"", "a", "5-2", "1,", ",1", "1-", "1;2", "1,1", "1-3,2", "99999", "-1"})
        EXPECT_FALSE(parse_cpus(text)) << text;
}

TEST(Cpus, ThisProcessMayUseSome) { EXPECT_FALSE(available_cpus().empty()); }

TEST(Seed, IsANumberOrRandom) {
    EXPECT_EQ(parse_seed("42"), 42U);
    EXPECT_EQ(parse_seed("0xff"), 255U);
    EXPECT_EQ(parse_seed("18446744073709551615"), ~std::uint64_t{0});
    EXPECT_FALSE(parse_seed("18446744073709551616"));
    EXPECT_FALSE(parse_seed("random"));
    EXPECT_EQ(refuse_seed("random"), nullptr);
    EXPECT_NE(refuse_seed("-1"), nullptr);
    EXPECT_NE(refuse_seed("0x"), nullptr);
    EXPECT_NE(refuse_seed(""), nullptr);
}

TEST(EditDistance, CountsEdits) {
    EXPECT_EQ(edit_distance("embryonic", "embryonic"), 0U);
    EXPECT_EQ(edit_distance("embrionic", "embryonic"), 1U);
    EXPECT_EQ(edit_distance("emrbyonic", "embryonic"), 1U);
    EXPECT_EQ(edit_distance("embryonics", "embryonic"), 1U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("Mode", "mode"), 0U);
}

TEST(Nearest, NamesANearWordAndNoFarOne) {
    constexpr std::array<std::string_view, 3> kWords = {"confirmed", "embryonic", "a"};
    EXPECT_EQ(nearest("confirmd", kWords), "confirmed");
    EXPECT_EQ(nearest("embrionik", kWords), "embryonic");
    EXPECT_EQ(nearest("workers", kWords), "");
    EXPECT_EQ(nearest("b", kWords), "");
}

}  // namespace
}  // namespace ajar::config
