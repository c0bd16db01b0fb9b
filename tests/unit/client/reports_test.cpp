// Are answers told in a few lines, each thing once?
#include "client/reports.hpp"

#include <gtest/gtest.h>

namespace ajar::client {
namespace {

control::Value answer(const char* text) {
    auto value = control::parse_value(text, {8, 1000});
    EXPECT_TRUE(value) << value.error();
    return *value;
}

TEST(PostureText, ABlockedSourceStandsInOneTableWithItsEnd) {
    const auto text = posture_text(answer(
        R"({"mode":"enforce","standing":[{"change":"flooded","name":"192.0.2.1:80","since":1},)"
        R"({"change":"source_blocked","name":"198.51.100.7","since":2}],)"
        R"("blocked":[{"name":"198.51.100.7","since":2,"until":9.5}],"blocks":[{"prefix":"10.0.0.0/8"}],"changes":{"flooded":1}})"));
    EXPECT_EQ(text.find("198.51.100.7"), text.rfind("198.51.100.7")) << text;
    EXPECT_NE(text.find("flooded  192.0.2.1:80"), std::string::npos) << text;
    EXPECT_NE(text.find("defence  9.5"), std::string::npos) << text;
    EXPECT_NE(text.find("10.0.0.0/8    hand     unblocked"), std::string::npos) << text;
}

TEST(ConfigText, IsAFileThatCanBeRead) {
    EXPECT_EQ(
        config_text(answer(
            R"({"generation":4,"options":{"policy.mode":"\"observe\"","probe.tries":"5"},"services":"\n[[services]]\nname = \"web\"\n"})")),
        "# generation 4\npolicy.mode = \"observe\"\nprobe.tries = 5\n\n[[services]]\nname = \"web\"\n");
}

TEST(ReloadText, NothingIsSaidToo) {
    EXPECT_EQ(reload_text(answer(R"({"generation":4,"changed":[],"restart":[]})")),
              "generation 4\nnothing has changed\n");
    EXPECT_EQ(reload_text(answer(R"({"generation":4,"changed":["a.b","c.d"],"restart":["e.f"]})")),
              "generation 4\nchanged: a.b, c.d\nneeds a restart: e.f\n");
}

}  // namespace
}  // namespace ajar::client
