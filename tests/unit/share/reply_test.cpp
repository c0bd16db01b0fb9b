// Redis' protocol, whole, in pieces, and from somebody who means harm.
#include "share/reply.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ajar::share {
namespace {

Reply one(std::string_view bytes) {
    Replies replies;
    replies.feed(bytes);
    Reply out;
    EXPECT_TRUE(replies.next(out)) << replies.fault();
    return out;
}

TEST(Replies, EachKind) {
    EXPECT_EQ(one("+OK\r\n").kind, Reply::Kind::status);
    EXPECT_EQ(one("+OK\r\n").text, "OK");
    EXPECT_EQ(one("-WRONGTYPE no\r\n").kind, Reply::Kind::error);
    EXPECT_EQ(one(":-7\r\n").integer, -7);
    EXPECT_EQ(one("$3\r\na\r\n\r\n").text, "a\r\n");
    EXPECT_EQ(one("$-1\r\n").kind, Reply::Kind::nil);
    EXPECT_EQ(one("*-1\r\n").kind, Reply::Kind::nil);
    EXPECT_EQ(one("*0\r\n").items.size(), 0U);
    const auto list = one("*2\r\n*1\r\n:1\r\n$1\r\nx\r\n");
    ASSERT_EQ(list.items.size(), 2U);
    EXPECT_EQ(list.items[0].items[0].integer, 1);
    EXPECT_EQ(list.items[1].text, "x");
}

TEST(Replies, ByteByByte) {
    const std::string bytes = "*2\r\n$5\r\nhello\r\n*1\r\n$5\r\nworld\r\n+OK\r\n";
    Replies replies;
    std::vector<Reply> all;
    Reply reply;
    for (const char byte : bytes) {
        replies.feed({&byte, 1});
        while (replies.next(reply)) all.push_back(reply);
    }
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].items[1].items[0].text, "world");
    EXPECT_EQ(all[1].text, "OK");
}

TEST(Replies, WhatIsNoReplyIsAFault) {
    for (const char* bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "$x\r\n", "*99999999999999999999\r\n"}) {
        Replies replies;
        replies.feed(bytes);
        Reply reply;
        EXPECT_FALSE(replies.next(reply));
        EXPECT_FALSE(replies.fault().empty()) << bytes;
        replies.feed("+OK\r\n");
        EXPECT_FALSE(replies.next(reply)) << "nothing is read any more";
    }
}

TEST(Replies, NoListIsLargerThanWhatIsWanted) {
    for (const std::string& bytes :
         {std::string("*2147483647\r\n"), std::string("*65537\r\n"),
          "*1000\r\n" + std::string("*65000\r\n") + ":1\r\n", std::string("*2\r\n*60000\r\n*60000\r\n")}) {
        Replies replies;
        replies.feed(bytes);
        Reply reply;
        while (replies.next(reply)) {
        }
        EXPECT_EQ(replies.fault(), "a reply is too large") << bytes.substr(0, 12);
    }
}

std::string nested(std::size_t deep) {
    std::string out;
    for (std::size_t n = 0; n < deep; ++n) out += "*1\r\n";
    return out + ":1\r\n";
}

TEST(Replies, NorDeeper) {
    EXPECT_EQ(one(nested(Replies::kMostDepth)).items[0].items.size(), 1U);
    for (const auto deep : {Replies::kMostDepth + 1, std::size_t{60'000}}) {
        Replies replies;
        replies.feed(nested(deep));
        Reply reply;
        EXPECT_FALSE(replies.next(reply));
        EXPECT_EQ(replies.fault(), "a reply has lists too deep in lists") << deep;
    }
}

// With hiredis 1.0 and later the reader knows them all.
TEST(Replies, NorOfAKindThatNobodyAskedFor) {
    for (const char* bytes : {",1.5\r\n", "#t\r\n", "%1\r\n+a\r\n:1\r\n", "~1\r\n:1\r\n", ">1\r\n:1\r\n",
                              "(123456789012345678901\r\n", "=5\r\ntxt:a\r\n", "*1\r\n,1.5\r\n",
                              "*2\r\n:1\r\n#f\r\n", "*1\r\n%1\r\n+a\r\n:1\r\n"}) {
        Replies replies;
        replies.feed(bytes);
        Reply reply;
        EXPECT_FALSE(replies.next(reply)) << bytes;
        EXPECT_FALSE(replies.fault().empty()) << bytes;
    }
}

TEST(Replies, NorIsAnyReplyLongerThanABound) {
    Replies replies;
    replies.feed("$999999999\r\n");
    const std::string some(1U << 20U, 'x');
    Reply reply;
    for (int n = 0; n < 16 && replies.fault().empty(); ++n) {
        replies.feed(some);
        EXPECT_FALSE(replies.next(reply));
    }
    EXPECT_EQ(replies.fault(), "a reply is too long");
}

TEST(Replies, ManyInARowHaveNone) {
    Replies replies;
    Reply reply;
    const std::string some(1U << 20U, 'x');
    for (int n = 0; n < 20; ++n) {
        replies.feed("$1048576\r\n" + some + "\r\n*3\r\n:1\r\n:2\r\n:3\r\n");
        ASSERT_TRUE(replies.next(reply)) << replies.fault();
        ASSERT_TRUE(replies.next(reply)) << replies.fault();
        EXPECT_EQ(reply.items.size(), 3U);
    }
}

TEST(Replies, NoisyBytesDoNoHarm) {
    std::mt19937 draw(3);
    const std::string good = "*2\r\n*2\r\n$3\r\nabc\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n:12\r\n-ERR no\r\n$-1\r\n";
    for (int n = 0; n < 20'000; ++n) {
        std::string bytes = good;
        for (auto edits = draw() % 5; edits > 0; --edits)
            bytes[draw() % bytes.size()] =
                draw() % 2 == 0 ? static_cast<char>(draw()) : "*$:+-\r\n0123"[draw() % 11];
        Replies replies;
        Reply reply;
        const auto cut = draw() % bytes.size();
        replies.feed(std::string_view(bytes).substr(0, cut));
        while (replies.next(reply)) {
        }
        replies.feed(std::string_view(bytes).substr(cut));
        while (replies.next(reply)) {
        }
    }
}

TEST(Commands, WordsAsTheyAre) {
    std::string out;
    put_command(out, std::vector<std::string>{"XADD", std::string("a\0b", 3), ""});
    EXPECT_EQ(out, std::string("*3\r\n$4\r\nXADD\r\n$3\r\na\0b\r\n$0\r\n\r\n", 29));
}

}  // namespace
}  // namespace ajar::share
