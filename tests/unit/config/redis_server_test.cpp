// Which servers of Redis can be named, and whose password is read?
#include "config/redis_server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace ajar::config {
namespace {

TEST(RedisServer, ASocketOrAnAddressInNumbers) {
    EXPECT_EQ(parse_redis_server("unix:/run/redis.sock")->path, "/run/redis.sock");
    EXPECT_EQ(parse_redis_server("192.0.2.1:6379")->at, (ListenAddress{"192.0.2.1", 6379}));
    EXPECT_EQ(parse_redis_server("[2001:db8::1]:6379")->at.address, "2001:db8::1");
    EXPECT_EQ(refuse_redis_server(""), nullptr);
    for (const char* bad : {"redis:6379", "unix:", "/run/redis.sock", "192.0.2.1", "tcp:192.0.2.1:1"})
        EXPECT_NE(refuse_redis_server(bad), nullptr) << bad;
    EXPECT_NE(refuse_redis_server("unix:" + std::string(108, 'x')), nullptr);
}

TEST(RedisServer, NamesThatCanStandAnywhere) {
    EXPECT_TRUE(is_plain_name("box-1.example_7"));
    for (const char* bad : {"", "a b", "a:b", "a\nb", "\xc3\xbc"}) EXPECT_FALSE(is_plain_name(bad)) << bad;
    EXPECT_EQ(box_name("box"), "box");
    EXPECT_TRUE(is_plain_name(box_name("auto")));
}

TEST(RedisServer, APasswordIsItsOwnersAlone) {
    const auto path =
        std::filesystem::temp_directory_path() / ("ajar-password-" + std::to_string(::getpid()));
    std::ofstream(path) << "correct horse\nsecond line\n";
    ::chmod(path.c_str(), 0640);
    EXPECT_NE(read_password(path).error().find("chmod 600"), std::string::npos);
    ::chmod(path.c_str(), 0600);
    EXPECT_EQ(*read_password(path), "correct horse");
    std::ofstream(path) << "\nnot this\n";
    EXPECT_FALSE(read_password(path));
    std::filesystem::remove(path);
    EXPECT_FALSE(read_password(path));
}

}  // namespace
}  // namespace ajar::config
