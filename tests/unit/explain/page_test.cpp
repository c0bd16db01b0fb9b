// Does a story fit its page, and its JSON what a program can take apart?
#include "explain/page.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "evidence.hpp"

namespace ajar::explain {
namespace {

Story the_story() { return tell(std::vector{incident_of(stuck())}); }

TEST(Page, WordsAreWrappedWithinTheWidth) {
    EXPECT_EQ(wrapped("", 2, 40), "");
    EXPECT_EQ(wrapped("one two", 2, 40), "  one two\n");
    const std::string forty = "  " + std::string(17, 'a') + " " + std::string(20, 'b');
    EXPECT_EQ(wrapped(forty.substr(2) + " c", 2, 40), forty + "\n  c\n");
    EXPECT_EQ(wrapped(std::string(50, 'a') + " b", 2, 40), "  " + std::string(50, 'a') + "\n  b\n")
        << "no word is cut";
    EXPECT_EQ(wrapped(std::string(36, 'a') + " 5 min 3 s, and SEQ 1001", 0, 40),
              std::string(36, 'a') + "\n5 min 3 s, and SEQ 1001\n")
        << "a number keeps its unit";
    EXPECT_EQ(wrapped("one two", 2, 1), "  one two\n") << "nobody reads columns of words";
}

TEST(Page, NoLineIsLongerThanTheTerminal) {
    for (const std::size_t width : {80U, 100U, 132U}) {
        std::istringstream lines(page_of(the_story(), {.width = width}));
        for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width) << line;
    }
}

TEST(Page, OnlyABoldOneHoldsEscapes) {
    EXPECT_EQ(page_of(the_story(), {}).find('\x1b'), std::string::npos);
    EXPECT_EQ(page_of(the_story(), {.bold = true}).find("\x1b[1mConnection COBVXlx1pEYAiM1zFU\x1b[0m\n"), 0U);
}

TEST(Page, TheTimelineIsATable) {
    const auto page = page_of(the_story(), {});
    EXPECT_NE(page.find("                   from    flags              seq        ack bytes   win ttl\n"
                        "  2023-11-14, UTC\n"
                        "  22:13:30.000000  client  SYN               9000          -     0 64240  63\n"
                        "  22:13:30.001000  server  ACK               5051       1101     0   500  64\n"),
              std::string::npos)
        << page;
    EXPECT_NE(page.find("  22:13:33.000000  Ajar    half open: crash_reopen_stuck, confidence high\n"),
              std::string::npos)
        << page;
}

TEST(Page, TheJsonHasAllOfIt) {
    const auto json = nlohmann::json::parse(json_of(the_story()));
    EXPECT_EQ(json["uid"], "COBVXlx1pEYAiM1zFU");
    EXPECT_EQ(json["client"], "10.0.0.1:40000");
    EXPECT_EQ(json["server"], "192.0.2.7:80");
    ASSERT_EQ(json["events"].size(), 1U);
    EXPECT_EQ(json["events"][0]["time"], "2023-11-14T22:13:33.000000+0000");
    EXPECT_FALSE(json["events"][0]["sentences"].empty());
    EXPECT_EQ(json["knows"]["client"], "The client has no such connection any more.");
    ASSERT_EQ(json["timeline"].size(), 5U);
    EXPECT_EQ(json["timeline"][0]["from"], "client");
    EXPECT_EQ(json["timeline"][0]["flags"], "SYN");
    EXPECT_EQ(json["timeline"][0]["seq"], 9000);
    EXPECT_EQ(json["timeline"][4]["ajar"], "half open: crash_reopen_stuck, confidence high");
    EXPECT_EQ(json["history"][0]["letter"], "S");
    EXPECT_EQ(json["history"].size(), 6U);
}

}  // namespace
}  // namespace ajar::explain
