// Which addresses does the HTTP server take?
#include "config/listen.hpp"

#include <gtest/gtest.h>

namespace ajar::config {
namespace {

TEST(Listen, AnAddressInNumbersAndAPort) {
    EXPECT_EQ(parse_listen("127.0.0.1:9293"), (ListenAddress{"127.0.0.1", 9293}));
    EXPECT_EQ(parse_listen("[2001:db8::1]:80"), (ListenAddress{"2001:db8::1", 80}));
    EXPECT_EQ(parse_listen("0.0.0.0:65535"), (ListenAddress{"0.0.0.0", 65535}));
    EXPECT_TRUE(parse_listen(kDefaultListen));
}

TEST(Listen, NothingElse) {
    for (const char* bad :
         {"9293", ":9293", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:80", "[]:80",
          "[127.0.0.1]:80", "localhost:80", "127.0.0.1:80x", "127.0.0.1:+80", "[::1]"})
        EXPECT_NE(refuse_listen(bad), nullptr) << bad;
    EXPECT_EQ(refuse_listen(""), nullptr);
    EXPECT_EQ(refuse_listen("auto"), nullptr);
}

}  // namespace
}  // namespace ajar::config
