// Who is blocked, and for how long yet?
#include "export/block_list.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ajar::exporting {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1'700'000'100s};

/// Blocked ten seconds ago, and if `left` is something, running out.
void block(Situation& situation, std::uint32_t address, Duration left = {}) {
    Change c;
    c.kind = ChangeKind::source_blocked;
    c.subject = Subject::name;
    c.name = count_key(CountKind::source, be32::of(address), 0);
    c.time = kNow - 10s;
    situation.add(c);
    if (left == Duration{}) return;
    c.kind = ChangeKind::source_subsided;
    c.until = kNow + left;
    situation.add(c);
}

Situation four_blocked() {
    Situation situation;
    block(situation, 0x0a000001, 5s);
    block(situation, 0x0a000002);
    block(situation, 0x0a000003, 90s);
    block(situation, 0x0a000004);
    Change other;
    other.kind = ChangeKind::flooded;
    situation.add(other);
    return situation;
}

TEST(BlockList, BeginsWithThoseThatGoOn) {
    EXPECT_EQ(block_text(four_blocked(), kNow, 10),
              "10.0.0.2 (goes on), 10.0.0.4 (goes on), 10.0.0.3 (1 min 30 s left), 10.0.0.1 (5 s left)");
    EXPECT_EQ(block_text(four_blocked(), kNow, 2), "10.0.0.2 (goes on), 10.0.0.4 (goes on) and 2 more");
    EXPECT_EQ(block_text({}, kNow, 2), "");
}

TEST(BlockList, CountsDown) {
    Situation situation;
    block(situation, 0x0a000001, 5s);
    EXPECT_EQ(block_text(situation, kNow + 3s, 1), "10.0.0.1 (2 s left)");
    EXPECT_EQ(block_text(situation, kNow + 30s, 1), "10.0.0.1 (0 s left)") << "its end is on the way";
}

TEST(BlockList, IsWholeAsJson) {
    const auto json = nlohmann::json::parse(block_json(four_blocked(), kNow + 1s));
    ASSERT_EQ(json.size(), 4U);
    EXPECT_EQ(json[0]["name"], "10.0.0.2");
    EXPECT_EQ(json[0]["since"], 1'700'000'090.0);
    EXPECT_FALSE(json[0].contains("left"));
    EXPECT_EQ(json[2]["left"], 89.0);
    EXPECT_EQ(json[2]["until"], 1'700'000'190.0);
    EXPECT_EQ(block_json({}, kNow), "[]");
}

TEST(BlockList, WhoComesBackGoesOn) {
    Situation situation;
    block(situation, 0x0a000001, 5s);
    block(situation, 0x0a000001);
    EXPECT_EQ(block_text(situation, kNow, 1), "10.0.0.1 (goes on)");
}

}  // namespace
}  // namespace ajar::exporting
