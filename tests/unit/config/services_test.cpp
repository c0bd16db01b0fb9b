// [[services]]: what a file may say of them, what holds for each, what a reload makes of it.
#include "config/services.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/prefixes.hpp"
#include "config/print.hpp"
#include "config/reload.hpp"

namespace ajar::config {
namespace {

using namespace std::chrono_literals;

Config with_services(std::string_view text) {
    auto config = load_text(text, "ajar.toml");
    EXPECT_TRUE(config) << config.error();
    return config ? *config : Config{};
}
std::string refused(std::string_view text) {
    const auto config = load_text(text, "ajar.toml");
    EXPECT_FALSE(config);
    return config ? "" : config.error();
}

constexpr std::string_view kWeb =
    "[[services]]\nname = \"web\"\nprefixes = [\"203.0.113.0/24\", \"2001:db8::/48\"]\n"
    "ports = [80, \"8000-8099\"]\nservice_high = 5000\nmode = \"enforce\"\nestablished = \"1h\"\n";

const Service& only_service(const Config& config) { return (*config.policy.services)[1]; }

Duration established(const Config& config, const Service& service) {
    return config.policy.services->terms()[service.terms]
        .timeouts[static_cast<std::size_t>(TimerClass::established)];
}

TEST(Services, OverrideWhatHoldsForAll) {
    const auto config =
        with_services(std::string("[defence]\nservice_low = 77\nsource_limit = 3\n") + std::string(kWeb));
    ASSERT_TRUE(config.policy.services);
    const auto& web = only_service(config);
    EXPECT_EQ(web.name, "web");
    EXPECT_EQ(web.prefixes.size(), 2U);
    EXPECT_EQ(web.ports, (std::vector<PortRange>{{80, 80}, {8000, 8099}}));
    EXPECT_TRUE(web.counted);
    EXPECT_EQ(web.defence.service_high, 5000U);
    EXPECT_EQ(web.defence.service_low, 77U) << "from [defence]";
    EXPECT_EQ(established(config, web), 1h);
    EXPECT_EQ(config.policy.services->terms()[web.terms].mode, Mode::enforce);
    EXPECT_EQ(config.policy.mode, Mode::observe);
}

TEST(Services, WithoutMarksOfTheirOwnAreNotCounted) {
    const auto config =
        with_services("[[services]]\nname = \"a\"\nprefixes = [\"10.0.0.1\"]\nanswer = \"off\"\n");
    EXPECT_FALSE(only_service(config).counted);
    EXPECT_EQ(only_service(config).terms, 0);
    EXPECT_EQ(only_service(config).defence.answer, Answering::off);
}

TEST(Services, WhoseCookiesAreForcedAreDecidedByThemselves) {
    EXPECT_TRUE(
        only_service(
            with_services("[[services]]\nname = \"a\"\nprefixes = [\"10.0.0.1\"]\nanswer = \"always\"\n"))
            .counted);
}

TEST(Services, EachHasItsMethod) {
    const auto config = with_services(
        "[defence]\nmethod = \"challenge\"\n[[services]]\nname = \"a\"\nprefixes = [\"10.0.0.1\"]\n"
        "method = \"challenge + cookie\"\n");
    EXPECT_EQ(config.policy.defence.method, SynProof::challenge);
    EXPECT_EQ(only_service(config).defence.method, SynProof::challenge_cookie);
}

TEST(Services, SayWhatIsWrongAndWhere) {
    const auto both = [](std::string_view line) {
        return refused("[[services]]\nname = \"a\"\nprefixes = [\"10.0.0.0/8\"]\n" + std::string(line));
    };
    EXPECT_EQ(both("ports = [\"http\"]"),
              "ajar.toml:4:9: services.ports: \"http\" is no port; write \"443\" or \"8000-8099\"");
    EXPECT_EQ(both("ports = 80"),
              "ajar.toml:4:9: services.ports: give an array, such as [443, \"8000-8099\"]");
    EXPECT_EQ(both("ports = [70000]"),
              "ajar.toml:4:9: services.ports: \"70000\" is no port; write \"443\" or \"8000-8099\"");
    EXPECT_EQ(both("servce_high = 5"),
              "ajar.toml:4:15: services.servce_high: is no key of a service; did you mean \"service_high\"?");
    EXPECT_EQ(both("workers = 5"), "ajar.toml:4:11: services.workers: is no key of a service");
    EXPECT_EQ(both("established = \"1ns\""),
              "ajar.toml:4:15: services.established: \"1ns\" is out of range: 10ms to 15d");
    EXPECT_EQ(refused("[[services]]\nprefixes = [\"10.0.0.1\"]\n"),
              "ajar.toml:1:1: services: a service needs a name");
    EXPECT_EQ(refused("[[services]]\nname = \"a\"\n"),
              "ajar.toml:1:1: services: a service needs prefixes = [...], one or more");
    EXPECT_EQ(refused("[services]\nname = \"a\"\n"),
              "ajar.toml:2:1: [services] takes double brackets: write [[services]], one block for each");
    EXPECT_EQ(refused(std::string(kWeb) + std::string(kWeb)),
              "ajar.toml:1:1: services: two services are called \"web\"");
    EXPECT_EQ(both("service_high = 5\nservice_low = 6"),
              "ajar.toml:1:1: services: service_low of \"a\" is above its service_high");
    EXPECT_EQ(refused("[defence]\nblocked = [\"10.0.0.1/8\"]"),
              "ajar.toml:2:11: defence.blocked: \"10.0.0.1/8\" has bits behind its length; write "
              "\"10.0.0.0/8\"");
}

TEST(Services, MayDifferInSevenWays) {
    std::string text;
    for (int i = 1; i <= 7; ++i)
        text += "[[services]]\nname = \"s" + std::to_string(i) + "\"\nprefixes = [\"10.0.0." +
                std::to_string(i) + "\"]\nestablished = \"" + std::to_string(i) + "m\"\n";
    with_services(text);
    EXPECT_NE(refused(text + "[[services]]\nname = \"s8\"\nprefixes = [\"10.0.0.8\"]\nestablished = \"8m\"\n")
                  .find("services may differ from [policy] and [timeouts] in 7 ways at most"),
              std::string::npos);
}

TEST(Services, ArePrintedAsTheyCanBeRead) {
    const auto config =
        with_services(std::string("[defence]\ntrusted = [\"10.0.0.0/8\"]\n") + std::string(kWeb));
    const auto text = print(config);
    EXPECT_NE(text.find("ports = [\"80\", \"8000-8099\"]\nmode = \"enforce\"\nestablished = \"1h\"\n"
                        "service_high = 5000\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(print(with_services(text)), text);
    EXPECT_TRUE(only_service(with_services(text)) == only_service(config));
}

TEST(Services, AReloadTakesThemOver) {
    const auto running = with_services(kWeb);
    const auto same = reload(running, with_services(kWeb));
    EXPECT_TRUE(same.changed.empty());
    EXPECT_EQ(same.config.policy.services, running.policy.services) << "the same table, whose counts go on";

    auto longer = std::string(kWeb);
    longer.replace(longer.find("1h"), 2, "3h");
    const auto next = reload(running, with_services(longer));
    EXPECT_EQ(next.changed, std::vector<std::string>{"services"});
    EXPECT_EQ(established(next.config, only_service(next.config)), 3h);
    EXPECT_EQ(only_service(next.config).terms, only_service(running).terms);
    EXPECT_GT(next.config.policy.services->serial(), running.policy.services->serial());
    EXPECT_EQ(next.config.policy.generation, 2U);

    const auto none = reload(running, with_services(""));
    EXPECT_EQ(none.changed, std::vector<std::string>{"services"});
    EXPECT_FALSE(none.config.policy.services);
}

TEST(Services, AChangeOfWhatHoldsForAllReachesThem) {
    const auto running = with_services(kWeb);
    const auto next = reload(running, with_services("[timeouts]\nsyn_recv = \"7s\"\n" + std::string(kWeb)));
    EXPECT_EQ(next.changed, std::vector<std::string>{"timeouts.syn_recv"});
    const auto& terms = next.config.policy.services->terms()[only_service(next.config).terms];
    EXPECT_EQ(terms.timeouts[static_cast<std::size_t>(TimerClass::syn_recv)], 7s);
}

TEST(Prefixes, AreWhatTheySay) {
    for (const char* text :
         {"10.0.0.0/8", "0.0.0.0/0", "203.0.113.7/32", "2001:db8::/48", "::/0", "2001:db8::1/128"})
        EXPECT_EQ(format_prefix(*parse_prefix(text)), text);
    EXPECT_EQ(format_prefix(*parse_prefix("203.0.113.7")), "203.0.113.7/32");
    EXPECT_EQ(format_prefix(*parse_prefix("2001:db8::1")), "2001:db8::1/128");
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "2001:db8::/129",
                             "10.0.0.0/8x", "10.0.0.0/-1", "10.0.0.0/08x", "web"})
        EXPECT_FALSE(parse_prefix(text)) << text;
    for (const char* text : {"", "-", "80-", "-80", "80-79", "65536", "80,81", "0x50", " 80"})
        EXPECT_FALSE(parse_ports(text)) << text;
}

TEST(Prefixes, OneWithinAnother) {
    const auto within = [](const char* inner, const char* outer) {
        return is_within(*parse_prefix(inner), *parse_prefix(outer));
    };
    EXPECT_TRUE(within("192.0.2.7", "192.0.2.0/24"));
    EXPECT_TRUE(within("192.0.2.0/24", "192.0.2.0/24"));
    EXPECT_TRUE(within("192.0.2.7", "0.0.0.0/0"));
    EXPECT_TRUE(within("192.0.3.0/24", "192.0.2.0/23"));
    EXPECT_FALSE(within("192.0.2.0/24", "192.0.2.7"));
    EXPECT_FALSE(within("192.0.4.0/24", "192.0.2.0/23"));
    EXPECT_FALSE(within("192.0.2.8", "192.0.2.0/29"));
    EXPECT_TRUE(within("2001:db8::1", "2001:db8::/47"));
    EXPECT_FALSE(within("2001:db8:2::1", "2001:db8::/47"));
    EXPECT_FALSE(within("::1", "0.0.0.0/0")) << "of one family alone";
}

}  // namespace
}  // namespace ajar::config
