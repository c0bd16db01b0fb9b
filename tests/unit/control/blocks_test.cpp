// Do blocks by hand come on top of the file's, and go?
#include "control/blocks.hpp"

#include <gtest/gtest.h>

#include "ajar/policy/services.hpp"
#include "config/load.hpp"

namespace ajar::control {
namespace {

using namespace std::chrono_literals;
constexpr Time kNow{Duration(1'700'000'000'000'000'000)};

Standing standing(const Config& config, std::uint32_t address) {
    return config.policy.sources ? config.policy.sources->of(be32::of(address)) : Standing::usual;
}

TEST(Blocks, HoldOverTheFileAndGo) {
    auto file =
        *config::load_text("[defence]\nblocked = [\"192.0.2.0/24\"]\ntrusted = [\"10.1.0.0/16\"]\n", "f");
    Blocks blocks;
    EXPECT_EQ(*blocks.add("10.0.0.0/8", {}), "10.0.0.0/8");
    const auto held = blocks.over(file);
    EXPECT_EQ(standing(held, 0x0a020304), Standing::blocked);
    EXPECT_EQ(standing(held, 0x0a010304), Standing::trusted);
    EXPECT_EQ(standing(held, 0xc0000207), Standing::blocked);
    EXPECT_EQ(standing(file, 0x0a020304), Standing::usual);
    EXPECT_TRUE(blocks.remove("10.0.0.0/8", file));
    EXPECT_EQ(standing(blocks.over(file), 0x0a020304), Standing::usual);
}

TEST(Blocks, EndByThemselves) {
    Blocks blocks;
    ASSERT_TRUE(blocks.add("10.0.0.1", kNow + 1min));
    ASSERT_TRUE(blocks.add("10.0.0.2", {}));
    EXPECT_FALSE(blocks.expire(kNow));
    EXPECT_NE(blocks.json().find("\"until\":\"2023-11-14T22:14:20"), std::string::npos) << blocks.json();
    EXPECT_TRUE(blocks.expire(kNow + 1min));
    EXPECT_EQ(blocks.json(), R"([{"prefix":"10.0.0.2/32"}])");
}

TEST(Blocks, AgainIsTheNewEnd) {
    Blocks blocks;
    ASSERT_TRUE(blocks.add("10.0.0.1", kNow));
    ASSERT_TRUE(blocks.add("10.0.0.1/32", {}));
    EXPECT_FALSE(blocks.expire(kNow + 1h));
}

TEST(Blocks, SayWhoseABlockIs) {
    const auto file = *config::load_text("[defence]\nblocked = [\"192.0.2.0/24\"]\n", "f");
    Blocks blocks;
    EXPECT_NE(blocks.remove("192.0.2.0/24", file).error().find("by the configuration"), std::string::npos);
    EXPECT_NE(blocks.remove("10.0.0.0/8", file).error().find("not blocked by hand"), std::string::npos);
    EXPECT_FALSE(blocks.add("10.0.0.0/7x", {}));
    EXPECT_FALSE(blocks.add("10.0.0.1/8", {}));
}

Blocks::Lent lent(const char* prefix, std::optional<Time> until = {}) {
    return {{prefix, until}, "box2", false};
}

TEST(Blocks, ThoseOfOthersHoldToo) {
    const auto file = *config::load_text("[defence]\ntrusted = [\"10.1.0.0/16\"]\n", "f");
    Blocks blocks;
    EXPECT_TRUE(blocks.lend({lent("10.2.0.7/32", kNow)}, file));
    EXPECT_FALSE(blocks.empty());
    EXPECT_EQ(standing(blocks.over(file), 0x0a020007), Standing::blocked);
    EXPECT_EQ(blocks.json(), R"([{"prefix":"10.2.0.7/32","until":"2023-11-14T22:13:20.000000+0000",)"
                             R"("box":"box2","by":"defence"}])");
    EXPECT_FALSE(blocks.lend({lent("10.2.0.7/32", kNow + 1s)}, file)) << "another end changes no rule";
    EXPECT_TRUE(blocks.lend({}, file));
    EXPECT_EQ(standing(blocks.over(file), 0x0a020007), Standing::usual);
}

TEST(Blocks, NobodyElseBlocksWhomTheFileTrusts) {
    const auto file =
        *config::load_text("[defence]\ntrusted = [\"10.1.2.0/23\", \"2001:db8:1::/48\"]\n", "f");
    Blocks blocks;
    EXPECT_FALSE(blocks.lend({lent("10.1.2.7/32"), lent("10.1.3.0/24"), lent("10.1.2.0/23"),
                              lent("2001:db8:1:2::/64"), lent("2001:db8:1::/48")},
                             file));
    EXPECT_TRUE(blocks.empty());
    EXPECT_TRUE(blocks.lend({lent("10.1.4.0/24"), lent("10.1.0.0/16"), lent("2001:db8:2::/48")}, file));
    EXPECT_EQ(standing(blocks.over(file), 0x0a010207), Standing::trusted) << "the longer one counts";
    EXPECT_EQ(standing(blocks.over(file), 0x0a010407), Standing::blocked);
}

TEST(Blocks, AnOperatorHereRemovesWhatIsLent) {
    const auto file = *config::load_text("", "f");
    Blocks blocks;
    blocks.lend({lent("10.2.0.7/32")}, file);
    EXPECT_TRUE(blocks.remove("10.2.0.7", file));
    EXPECT_TRUE(blocks.empty());
}

TEST(Blocks, OneElsewhereLiftsOnlyWhatWasDoneByHand) {
    const auto file = *config::load_text("[defence]\nblocked = [\"192.0.2.0/24\"]\n", "f");
    Blocks blocks;
    EXPECT_FALSE(blocks.lift("192.0.2.0/24"));
    ASSERT_TRUE(blocks.add("10.0.0.1", {}));
    EXPECT_TRUE(blocks.lift("10.0.0.1/32"));
    EXPECT_EQ(standing(blocks.over(file), 0xc0000207), Standing::blocked);
}

TEST(Blocks, HaveABound) {
    Blocks blocks;
    for (std::size_t n = 0; n < Blocks::kMost; ++n)
        ASSERT_TRUE(blocks.add("10.0." + std::to_string(n / 256) + "." + std::to_string(n % 256), {}));
    EXPECT_FALSE(blocks.add("11.0.0.0", {}));
}

}  // namespace
}  // namespace ajar::control
