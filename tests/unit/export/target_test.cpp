// Which words name which target?
#include <gtest/gtest.h>

#include "export/target.hpp"

namespace ajar::exporting {
namespace {

using Kind = Target::Kind;

TEST(Target, AnythingWithoutASchemeIsAPath) {
    for (const char* text : {"/var/log/eve.json", "eve.json", "./unix:eve", "syslogs", "units"}) {
        const auto target = parse_target(text);
        ASSERT_TRUE(target);
        EXPECT_EQ(target->kind, Kind::path) << text;
        EXPECT_EQ(target->path, text);
        EXPECT_FALSE(is_shareable(*target));
    }
    EXPECT_EQ(parse_target("-")->kind, Kind::standard_output);
}

TEST(Target, SocketsHaveAPathThatTheKernelTakes) {
    const auto target = parse_target("unix:/run/eve.sock");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->kind, Kind::unix_socket);
    EXPECT_EQ(target->path, "/run/eve.sock");
    EXPECT_EQ(target->name, "unix:/run/eve.sock");
    EXPECT_TRUE(is_shareable(*target));
    EXPECT_TRUE(parse_target("unix:" + std::string(107, 'x')));
    EXPECT_FALSE(parse_target("unix:" + std::string(108, 'x')));
    EXPECT_FALSE(parse_target("unix:"));
}

TEST(Target, SyslogHasAFacility) {
    EXPECT_EQ(parse_target("syslog")->facility, 3);
    EXPECT_EQ(parse_target("syslog:local5")->facility, 21);
    EXPECT_EQ(parse_target("syslog:user")->path, "/dev/log");
    for (const char* text : {"syslog:", "syslog:kern", "syslog:local8"})
        EXPECT_FALSE(parse_target(text)) << text;
}

}  // namespace
}  // namespace ajar::exporting
