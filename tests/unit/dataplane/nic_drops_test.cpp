// Are the rules that a NIC gets those that the configuration asks for, and gone when it does not?
//
// No device here offers rules: this program has the calls of rte_flow itself, and with them a NIC that keeps
// what it is given.
#include "dataplane/nic_drops.hpp"

#include <gtest/gtest.h>
#include <rte_flow.h>

#include <cstring>

#include "config/load.hpp"

namespace {

struct Kept {
    std::uint16_t port = 0;
    bool ipv4 = true;
    std::string source, mask;
    std::uint8_t flags = 0, flag_mask = 0;
    friend bool operator==(const Kept&, const Kept&) = default;
};
std::vector<std::unique_ptr<Kept>> kept;
bool offers = true;

std::string bytes(const void* from, std::size_t n) { return {static_cast<const char*>(from), n}; }

std::unique_ptr<Kept> read(std::uint16_t port, const rte_flow_item* items) {
    auto rule = std::make_unique<Kept>();
    rule->port = port;
    for (; items->type != RTE_FLOW_ITEM_TYPE_END; ++items) {
        if (items->type == RTE_FLOW_ITEM_TYPE_IPV4) {
            rule->source = bytes(&static_cast<const rte_flow_item_ipv4*>(items->spec)->hdr.src_addr, 4);
            rule->mask = bytes(&static_cast<const rte_flow_item_ipv4*>(items->mask)->hdr.src_addr, 4);
        } else if (items->type == RTE_FLOW_ITEM_TYPE_IPV6) {
            rule->ipv4 = false;
            rule->source = bytes(static_cast<const rte_flow_item_ipv6*>(items->spec)->hdr.src_addr, 16);
            rule->mask = bytes(static_cast<const rte_flow_item_ipv6*>(items->mask)->hdr.src_addr, 16);
        } else if (items->type == RTE_FLOW_ITEM_TYPE_TCP) {
            rule->flags = static_cast<const rte_flow_item_tcp*>(items->spec)->hdr.tcp_flags;
            rule->flag_mask = static_cast<const rte_flow_item_tcp*>(items->mask)->hdr.tcp_flags;
        }
    }
    return rule;
}

}  // namespace

extern "C" {
int rte_flow_validate(std::uint16_t, const rte_flow_attr*, const rte_flow_item*, const rte_flow_action*,
                      rte_flow_error*) {
    return offers ? 0 : -ENOTSUP;
}
rte_flow* rte_flow_create(std::uint16_t port, const rte_flow_attr* attr, const rte_flow_item* items,
                          const rte_flow_action* actions, rte_flow_error*) {
    EXPECT_EQ(attr->ingress, 1U);
    EXPECT_EQ(actions[0].type, RTE_FLOW_ACTION_TYPE_DROP);
    EXPECT_EQ(actions[1].type, RTE_FLOW_ACTION_TYPE_END);
    kept.push_back(read(port, items));
    return reinterpret_cast<rte_flow*>(kept.back().get());
}
int rte_flow_destroy(std::uint16_t port, rte_flow* rule, rte_flow_error*) {
    const auto it = std::find_if(kept.begin(), kept.end(), [&](const auto& k) {
        return reinterpret_cast<rte_flow*>(k.get()) == rule && k->port == port;
    });
    EXPECT_NE(it, kept.end());
    kept.erase(it);
    return 0;
}
}

namespace ajar::dataplane {
namespace {

Config config(const std::string& defence, const char* mode = "enforce") {
    auto loaded =
        config::load_text("[policy]\nmode = \"" + std::string(mode) + "\"\n[defence]\n" + defence, "test");
    EXPECT_TRUE(loaded) << loaded.error();
    return *loaded;
}
const std::string kTwo = "nic_drops = true\nblocked = [\"198.51.100.0/23\", \"2001:db8::/33\"]\n";

class NicDropsTest : public testing::Test {
protected:
    void SetUp() override {
        kept.clear();
        offers = true;
    }
};

TEST_F(NicDropsTest, OneRuleForEachPortAndPrefix) {
    NicDrops drops({3, 4});
    const auto said = drops.follow(config(kTwo));
    ASSERT_EQ(said.size(), 1U);
    EXPECT_NE(said[0].find("by 4 rules"), std::string::npos) << said[0];
    ASSERT_EQ(kept.size(), 4U);
    EXPECT_EQ(*kept[0], (Kept{3, true, {"\xc6\x33\x64\x00", 4}, {"\xff\xff\xfe\x00", 4}, 0x02, 0x12}));
    EXPECT_FALSE(kept[1]->ipv4);
    EXPECT_EQ(kept[1]->source, std::string("\x20\x01\x0d\xb8", 4) + std::string(12, '\0'));
    EXPECT_EQ(kept[1]->mask, std::string("\xff\xff\xff\xff\x80", 5) + std::string(11, '\0'));
    EXPECT_EQ(kept[2]->port, 4);
    EXPECT_TRUE(drops.follow(config(kTwo)).empty()) << "nothing has changed";
}

TEST_F(NicDropsTest, GoWithWhatAskedForThem) {
    NicDrops drops({3});
    drops.follow(config(kTwo));
    drops.follow(config("nic_drops = true\nblocked = [\"2001:db8::/33\"]\n"));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_FALSE(kept[0]->ipv4);
    drops.follow(config("blocked = [\"2001:db8::/33\"]\n"));
    EXPECT_TRUE(kept.empty()) << "switched off";
    drops.follow(config(kTwo));
    drops.follow(config(kTwo, "observe"));
    EXPECT_TRUE(kept.empty()) << "only watched";
    {
        NicDrops others({7});
        others.follow(config(kTwo));
        EXPECT_EQ(kept.size(), 2U);
    }
    EXPECT_TRUE(kept.empty()) << "at the end";
}

TEST_F(NicDropsTest, NeverForAPrefixThatHoldsATrustedOne) {
    NicDrops drops({3});
    drops.follow(config(kTwo + "trusted = [\"198.51.101.7\", \"2001:db9::/32\"]\n"));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_FALSE(kept[0]->ipv4);
}

Change block(ChangeKind kind, bool by_rate = true, std::uint32_t pair = 0, std::uint32_t vlan = 0) {
    Change c;
    c.kind = kind;
    c.subject = Subject::name;
    c.mode = Mode::enforce;
    c.by_rate = by_rate;
    c.name = count_key(CountKind::source, Ipv4Address::of(0xcb007109), pair << 24U | vlan);
    return c;
}
const std::string kLearn = "nic_drops = true\n";

TEST_F(NicDropsTest, ASourceAboveItsRateIsDroppedWhereItAsksUntilItsBlockEnds) {
    const Config plain = config(kLearn);
    NicDrops drops({3, 4, 5, 6});
    Situation now;
    now.add(block(ChangeKind::source_blocked, true, 1));
    EXPECT_EQ(drops.follow(plain, now).size(), 1U);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(*kept[0], (Kept{5, true, {"\xcb\x00\x71\x09", 4}, {"\xff\xff\xff\xff", 4}, 0x02, 0x12}));
    EXPECT_EQ(kept[1]->port, 6);
    drops.follow(plain);
    EXPECT_EQ(kept.size(), 2U) << "a reload changes nothing";
    now.add(block(ChangeKind::source_subsided, true, 1));
    drops.follow(plain, now);
    EXPECT_EQ(kept.size(), 2U);
    now.add(block(ChangeKind::source_unblocked, true, 1));
    drops.follow(plain, now);
    EXPECT_TRUE(kept.empty());
}

// What the software would answer, or let pass, is no rule's business.
struct NotLearned {
    const char* why;
    Change block;
    std::string defence;
};
class NoRule : public NicDropsTest, public testing::WithParamInterface<NotLearned> {};

TEST_P(NoRule, IsMade) {
    NicDrops drops({3});
    Situation now;
    now.add(GetParam().block);
    drops.follow(config(GetParam().defence), now);
    EXPECT_TRUE(kept.empty()) << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(
    NicDrops, NoRule,
    testing::Values(
        NotLearned{"half-open connections may be forged", block(ChangeKind::source_blocked, false), kLearn},
        NotLearned{"no rule names a VLAN", block(ChangeKind::source_blocked, true, 0, 7), kLearn},
        NotLearned{"it is trusted", block(ChangeKind::source_blocked),
                   kLearn + "trusted = [\"203.0.113.0/24\"]\n"},
        NotLearned{"one service only watches", block(ChangeKind::source_blocked),
                   kLearn + "[[services]]\nname = \"s\"\nprefixes = [\"192.0.2.1\"]\nmode = \"observe\"\n"}));

TEST_F(NicDropsTest, ARefusedRuleIsTriedAgainWithTheNextConfiguration) {
    NicDrops drops({3});
    Situation now;
    now.add(block(ChangeKind::source_blocked));
    offers = false;
    EXPECT_EQ(drops.follow(config(kLearn), now).size(), 1U);
    offers = true;
    EXPECT_TRUE(drops.follow(config(kLearn), now).empty());
    EXPECT_TRUE(kept.empty());
    drops.follow(config(kLearn));
    EXPECT_EQ(kept.size(), 1U);
}

TEST_F(NicDropsTest, AreMadeAnewAfterAReset) {
    NicDrops drops({3, 4});
    drops.follow(config(kTwo));
    std::erase_if(kept, [](const auto& rule) { return rule->port == 4; });  // the reset
    drops.forget(4);
    drops.follow(config(kTwo));
    EXPECT_EQ(kept.size(), 4U);
}

TEST_F(NicDropsTest, WhatADeviceDoesNotOfferIsSaid) {
    offers = false;
    NicDrops drops({3});
    const auto said = drops.follow(config(kTwo));
    ASSERT_EQ(said.size(), 1U);
    EXPECT_NE(said[0].find("2 that they do not offer are left to software"), std::string::npos) << said[0];
}

}  // namespace
}  // namespace ajar::dataplane
