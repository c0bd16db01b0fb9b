// Is the option table sound, is every value printed as it reads, and is conf/ajar.toml what it says?
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "config/assign.hpp"
#include "config/domain.hpp"
#include "config/load.hpp"
#include "config/print.hpp"

namespace ajar::config {
namespace {

std::string content(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(OptionTable, HasNoKeyTwiceAndEveryKeyASection) {
    std::set<std::string> seen;
    std::set<std::string_view> known;
    for (const auto& section : sections()) EXPECT_TRUE(known.insert(section.name).second) << section.name;
    for (const auto& option : options()) {
        EXPECT_TRUE(seen.insert(path_of(option)).second) << path_of(option);
        EXPECT_EQ(known.count(option.section), 1U) << path_of(option);
        EXPECT_FALSE(option.help.empty()) << path_of(option);
    }
}

TEST(OptionTable, EveryTimerAndEveryCauseHasARow) {
    std::set<std::string> paths;
    for (const auto& option : options()) paths.insert(path_of(option));
    for (std::size_t i = 0; i + 1 < kTimerClassCount; ++i)  // the last is `free`: no flow
        EXPECT_EQ(paths.count("timeouts." + std::string(kTimerClassNames[i])), 1U) << kTimerClassNames[i];
    for (const auto cause : kCauseNames) EXPECT_EQ(paths.count("actions." + std::string(cause)), 1U) << cause;
}

/// A default that its own row would refuse could never be written down.
TEST(OptionTable, EveryProfilesValuesAreInRange) {
    struct InRange {
        const Config& config;
        bool operator()(const Number& n) const {
            return n.at.get(config) >= n.min && n.at.get(config) <= n.max;
        }
        bool operator()(const Span& s) const {
            return s.at.get(config) >= s.min && s.at.get(config) <= s.max;
        }
        bool operator()(const Choice& c) const { return c.at.get(config) < c.names.size(); }
        bool operator()(const Text& t) const {
            return t.refuse == nullptr || t.refuse(t.at.get(config)) == nullptr;
        }
        bool operator()(const Flag&) const { return true; }
        bool operator()(const Choices& c) const { return c.at.get(config) >> c.names.size() == 0; }
        bool operator()(const Texts&) const { return true; }
    };
    for (std::size_t i = 0; i < kProfileNames.size(); ++i) {
        const auto config = profile_config(static_cast<Profile>(i));
        for (const auto& option : options())
            EXPECT_TRUE(std::visit(InRange{config}, option.field)) << path_of(option) << kProfileNames[i];
    }
}

/// Sets each option to something else than its default, so that a row wired to the wrong field shows.
struct Change {
    Config& config;
    void operator()(const Flag& f) const { f.at.set(config, !f.at.get(config)); }
    void operator()(const Number& n) const {
        const auto now = n.at.get(config);
        const auto next = n.power_of_two ? now * 2 : now + 1;
        n.at.set(config, next <= n.max ? next : n.min);
    }
    void operator()(const Span& s) const {
        const auto next = s.at.get(config) + std::chrono::milliseconds(1500);
        s.at.set(config, next <= s.max ? next : s.min);
    }
    void operator()(const Choice& c) const { c.at.set(config, (c.at.get(config) + 1) % c.names.size()); }
    void operator()(const Choices& c) const {
        c.at.set(config, static_cast<std::uint16_t>(c.at.get(config) ^ 5U));
    }
    void operator()(const Text& t) const {
        for (const char* text : {"7", "[::1]:80", "a \"quoted\\path\"\n\x01"})
            if (t.refuse == nullptr || t.refuse(text) == nullptr) t.at.set(config, text);
    }
    void operator()(const Texts& t) const {
        if (t.refuse == nullptr) return t.at.set(config, {"--x=\"1\"", "--y"});
        t.at.set(config, {"203.0.113.0/24", "2001:db8::/48"});
    }
};

TEST(Print, ReadsBackWithAnyOneOptionChanged) {
    for (const auto& option : options()) {
        auto config = default_config();
        std::visit(Change{config}, option.field);
        if (path_of(option) == "appliance.pace") config.clock = ClockSource::packet;   // else a clash
        if (path_of(option) == "appliance.mbufs") config.mbufs = 100'000;              // likewise
        if (path_of(option) == "appliance.dumpcap") config.hugepages = Hugepages::on;  // likewise
        if (path_of(option) == "appliance.group") config.user = "ajar";                // likewise
        const auto before = toml_value(option.field, default_config());
        EXPECT_NE(toml_value(option.field, config), before) << path_of(option);
        const auto text = print(config);
        const auto read = load_text(text, "printed");
        if (path_of(option) == "actions.unverified") continue;  // one step on is a reset: refused as a clash
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(print(*read), text) << path_of(option);
        EXPECT_EQ(toml_value(option.field, *read), toml_value(option.field, config)) << path_of(option);
    }
}

/// Each row has a field of its own: changing one changes no other.
TEST(Print, ChangesOneLineForOneOption) {
    for (const auto& changed : options()) {
        auto config = default_config();
        std::visit(Change{config}, changed.field);
        for (const auto& option : options()) {
            if (path_of(option) == path_of(changed)) continue;
            EXPECT_EQ(toml_value(option.field, config), toml_value(option.field, default_config()))
                << path_of(changed) << " changes " << path_of(option);
        }
    }
}

TEST(Print, ReadsBackForEveryProfile) {
    for (std::size_t i = 0; i < kProfileNames.size(); ++i) {
        auto config = profile_config(static_cast<Profile>(i));
        config.ports = {{"0000:3b:00.0", "net_pcap0,rx_pcap=a \"b\".pcap"}};
        const auto read = load_text(print(config), "printed");
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(print(*read), print(config));
        EXPECT_EQ(read->ports, config.ports);
        EXPECT_EQ(read->policy.timeouts, config.policy.timeouts);
        EXPECT_EQ(read->policy.boundaries, config.policy.boundaries);
    }
}

TEST(Conf, AjarTomlIsWhatTheTablePrints) {
    EXPECT_EQ(content(AJAR_SOURCE_ROOT "/conf/ajar.toml"), print(default_config()))
        << "the option table has changed: ajar run --print-config > conf/ajar.toml";
}

TEST(Conf, ShippedFilesAreRight) {
    for (const char* name : {"ajar", "demo", "lab"}) {
        const auto config = load_file(std::string(AJAR_SOURCE_ROOT "/conf/") + name + ".toml");
        EXPECT_TRUE(config) << config.error();
    }
}

}  // namespace
}  // namespace ajar::config
