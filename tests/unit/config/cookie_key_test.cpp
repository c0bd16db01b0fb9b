// Which files are keys of cookies, and what is said of others.
#include "config/cookie_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace ajar::config {
namespace {

struct CookieKey : testing::Test {
    std::string path = testing::TempDir() + "ajar-key-" + std::to_string(::getpid());
    ~CookieKey() override { ::unlink(path.c_str()); }

    Result<tcp::cookie::Secret> read(const std::string& text, mode_t mode = 0600) {
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return read_cookie_key(path);
    }
};

TEST_F(CookieKey, Is32HexadecimalDigits) {
    const auto key = read("0123456789abcdefFEDCBA9876543210\n");
    ASSERT_TRUE(key) << key.error();
    EXPECT_EQ((*key)[0], 0x0123456789abcdefU);
    EXPECT_EQ((*key)[1], 0xfedcba9876543210U);
}

TEST_F(CookieKey, IsNothingElse) {
    for (const char* text : {"", "0123456789abcdeffedcba987654321", "0123456789abcdeffedcba98765432100",
                             "0123456789abcdeffedcba987654321x", "-123456789abcdeffedcba9876543210",
                             "0123456789abcdef fedcba987654321"}) {
        const auto key = read(text);
        ASSERT_FALSE(key) << text;
        EXPECT_NE(key.error().find("32 hexadecimal digits"), std::string::npos) << key.error();
    }
}

TEST_F(CookieKey, IsForItsOwnersEyesOnly) {
    const auto key = read("0123456789abcdeffedcba9876543210", 0640);
    ASSERT_FALSE(key);
    EXPECT_NE(key.error().find("chmod 600"), std::string::npos);
}

TEST_F(CookieKey, MustBeThere) {
    const auto key = read_cookie_key("/nonexistent/key");
    ASSERT_FALSE(key);
    EXPECT_NE(key.error().find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace ajar::config
