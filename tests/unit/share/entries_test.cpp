// Do entries come back as they were told, and is everything else refused?
#include "share/entries.hpp"

#include <gtest/gtest.h>

#include <random>

#include "words.hpp"

namespace ajar::share {
namespace {

using namespace std::chrono_literals;

CountKey v4(CountKind kind, std::uint32_t address, Zone zone = 0, std::uint16_t port = 0) {
    return count_key(kind, be32::of(address), zone, be16::of(port));
}
CountKey v6(CountKind kind, std::uint8_t last, std::uint16_t port = 0) {
    Ipv6Address address{0x20, 0x01, 0x0d, 0xb8};
    address[15] = last;
    return count_key(kind, address, Zone{0}, be16::of(port));
}

Sums some_sums() {
    Sums out;
    out.state = {5, true, true, 123456};
    out.pending.names = {{v4(CountKind::service, 0xc6336407, zone_of(1, 100, 7), 443), 77},
                         {v4(CountKind::destination, 0xc6336407), 80},
                         {v6(CountKind::service, 9, 80), 1},
                         {v6(CountKind::destination, 9), kMostCount}};
    out.pending.services = {{"web front", 12}, {"Zürich \"mail\"", 3}};
    return out;
}

TEST(Entries, SumsComeBackAsTheyWereTold) {
    const auto sums = some_sums();
    const auto words = sums_entry(kOne, sums);
    const auto back = read_sums(fields_of(words));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->from, kOne);
    EXPECT_EQ(back->news.state, sums.state);
    EXPECT_EQ(back->news.pending.names, sums.pending.names);
    EXPECT_EQ(back->news.pending.services, sums.pending.services);
    EXPECT_FALSE(back->news.bye);
}

TEST(Entries, PeopleCanReadThem) {
    const auto words = sums_entry(kOne, some_sums());
    const auto has = [&](const char* text) {
        return std::find(words.begin(), words.end(), text) != words.end();
    };
    EXPECT_TRUE(has("77 198.51.100.7:443 1/100/7"));
    EXPECT_TRUE(has("80 198.51.100.7 0/0/0"));
    EXPECT_TRUE(has("1 [2001:db8::9]:80 0/0/0"));
    EXPECT_TRUE(has("12 web front"));
}

TEST(Entries, AFarewellIsHeard) {
    Sums bye;
    bye.bye = true;
    const auto words = sums_entry(kOne, bye);
    ASSERT_TRUE(read_sums(fields_of(words)));
    EXPECT_TRUE(read_sums(fields_of(words))->news.bye);
}

TEST(Entries, BlocksComeBackAsTheyWereTold) {
    for (const auto deed : {Deed::add, Deed::still, Deed::end, Deed::remove}) {
        for (const auto& left : {std::optional<Duration>(), std::optional<Duration>(90s)}) {
            const BlockNews news{deed, prefix("2001:db8:1::/48"), left.has_value(), left};
            const auto words = block_entry(kTwo, news);
            const auto back = read_block(fields_of(words));
            ASSERT_TRUE(back);
            EXPECT_EQ(back->from, kTwo);
            EXPECT_EQ(back->news.deed, deed);
            EXPECT_EQ(back->news.prefix, news.prefix);
            EXPECT_EQ(back->news.by_hand, news.by_hand);
            EXPECT_EQ(back->news.left, left);
        }
    }
}

TEST(Entries, WhatLaterVersionsAddIsPassedOver) {
    auto words = sums_entry(kOne, some_sums());
    words.insert(words.end(), {"weather", "fine"});
    EXPECT_TRUE(read_sums(fields_of(words)));
}

/// One word of an entry replaced: then it is refused as a whole.
template <typename Read>
void expect_refused(Words words, std::string_view field, const std::vector<std::string>& wrong, Read read) {
    const auto at = std::find(words.begin(), words.end(), field);
    ASSERT_NE(at, words.end()) << field;
    for (const auto& value : wrong) {
        *(at + 1) = value;
        EXPECT_FALSE(read(fields_of(words))) << field << " " << value;
    }
}

TEST(Entries, WrongSumsAreRefused) {
    const auto words = sums_entry(kOne, some_sums());
    const auto refused = [&](std::string_view field, const std::vector<std::string>& wrong) {
        expect_refused(words, field, wrong, read_sums);
    };
    const std::string nul("1\0", 2);
    refused("v", {"2", "", "1 ", nul});
    refused("box", {"", "a b", "a\nb", std::string(65, 'a'), "\x1b[31m"});
    refused("run", {"", "1", "-000000000000001", "000000000000000g", "00000000000000001"});
    refused("mode", {"", "off", "Enforce"});
    refused("stages", {"", "-1", "64", "256", "1e1"});
    refused("every", {"", "2", "true"});
    refused("half_open", {"", "-1", "18446744073709551616", "1 "});
    refused("service",
            {"", "1", "1 ", "x 198.51.100.7:443 0/0/0", "0 198.51.100.7:443 0/0/0",
             "-1 198.51.100.7:443 0/0/0", "1 198.51.100.7 0/0/0", "1 198.51.100.7:0 0/0/0",
             "1 198.51.100.7:65536 0/0/0", "1 198.51.100.256:1 0/0/0", "1 host:443 0/0/0",
             "1 198.51.100.7:443", "1 198.51.100.7:443 0/0", "1 198.51.100.7:443 0/4096/0",
             "1 198.51.100.7:443 256/0/0", "1 198.51.100.7:443 0/0/0 ", "1  198.51.100.7:443 0/0/0"});
    refused("destination", {"1 198.51.100.7:443 0/0/0", "1 [2001:db8::1] 0/0/0", "1 2001:db8::1::2 0/0/0"});
    refused("named", {"", "web", "0 web", "1 ", "1 " + std::string(257, 'a')});
}

TEST(Entries, NothingMayBeMissing) {
    for (std::size_t gone = 0; gone < 6; gone += 2) {
        auto words = sums_entry(kOne, some_sums());
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(gone),
                    words.begin() + static_cast<std::ptrdiff_t>(gone) + 2);
        EXPECT_FALSE(read_sums(fields_of(words))) << gone;
    }
    const auto whole = block_entry(kOne, {Deed::add, prefix("192.0.2.0/24"), true, {}});
    for (std::size_t gone = 0; gone < 10; gone += 2) {
        auto words = whole;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(gone),
                    words.begin() + static_cast<std::ptrdiff_t>(gone) + 2);
        EXPECT_FALSE(read_block(fields_of(words))) << gone;
    }
    EXPECT_FALSE(read_sums({}));
    EXPECT_FALSE(read_block({}));
}

TEST(Entries, WrongBlocksAreRefused) {
    const auto words = block_entry(kOne, {Deed::add, prefix("192.0.2.0/24"), true, 5s});
    const auto refused = [&](std::string_view field, const std::vector<std::string>& wrong) {
        expect_refused(words, field, wrong, read_block);
    };
    refused("do", {"", "ADD", "drop"});
    refused("prefix", {"", "192.0.2.1/24", "192.0.2.0/33", "all", std::string(1 << 20, '1')});
    refused("by", {"", "me"});
    refused("left_ms", {"", "-1", "1.5", "99999999999999999999", "31622400001"});
}

TEST(Entries, CountsHaveABound) {
    auto words = sums_entry(kOne, {});
    words.insert(words.end(), {"service", "18446744073709551615 198.51.100.7:443 0/0/0"});
    const auto back = read_sums(fields_of(words));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->news.pending.names.begin()->second, kMostCount);
}

TEST(Entries, SoHaveNames) {
    auto words = sums_entry(kOne, {});
    for (std::size_t n = 0; n < 2 * Fleet::kMost; ++n)
        words.insert(words.end(), {"destination", "1 10.1." + std::to_string(n / 256) + '.' +
                                                      std::to_string(n % 256) + " 0/0/0"});
    EXPECT_TRUE(read_sums(fields_of(words)));
    words.insert(words.end(), {"destination", "1 10.9.9.9 0/0/0"});
    EXPECT_FALSE(read_sums(fields_of(words)));
}

TEST(Entries, ANameTwiceIsWrong) {
    auto words = sums_entry(kOne, {});
    for (int twice = 0; twice < 2; ++twice) words.insert(words.end(), {"destination", "1 10.1.1.1 0/0/0"});
    EXPECT_FALSE(read_sums(fields_of(words)));
}

TEST(Entries, NoisyBytesHarmNobody) {
    std::mt19937 draw(7);
    const auto block = block_entry(kOne, {Deed::still, prefix("192.0.2.0/24"), false, 5s});
    const auto sums = sums_entry(kOne, some_sums());
    for (int n = 0; n < 50'000; ++n) {
        auto words = n % 2 == 0 ? block : sums;
        for (auto edits = draw() % 4 + 1; edits > 0; --edits) {
            auto& word = words[draw() % words.size()];
            if (word.empty() || draw() % 8 == 0) word += static_cast<char>(draw());
            word[draw() % word.size()] = static_cast<char>(draw());
        }
        static_cast<void>(read_block(fields_of(words)));
        const auto read = read_sums(fields_of(words));
        if (read) {
            EXPECT_EQ(read_sums(fields_of(sums_entry(read->from, read->news)))->news.pending.names,
                      read->news.pending.names);
        }
    }
}

}  // namespace
}  // namespace ajar::share
