// Is a request what the verb table knows, and everything else an error that says what to do?
#include "control/request.hpp"

#include <gtest/gtest.h>

namespace ajar::control {
namespace {

using namespace std::chrono_literals;

struct Read {
    std::optional<Request> request;
    std::string id;
    Fault fault;
};
Read read(std::string_view line) {
    Read out;
    out.request = Request::parse(line, out.id, out.fault);
    return out;
}
Code code_of(std::string_view line) {
    const auto got = read(line);
    EXPECT_FALSE(got.request) << line;
    EXPECT_FALSE(got.fault.text.empty()) << line;
    return got.fault.code;
}

TEST(Request, HasItsOptionsAsTheyWereWritten) {
    const auto got = read(
        R"({"v":1,"id":7,"do":"list","state":"syn_sent,ESTABLISHED","age":">5s","limit":100,"flagged":true})");
    ASSERT_TRUE(got.request) << got.fault.text;
    EXPECT_EQ(got.id, "7");
    EXPECT_EQ(got.request->verb().id, VerbId::list);
    EXPECT_EQ(got.request->words("state"), (std::vector<std::size_t>{1, 4}));
    EXPECT_EQ(got.request->text("age"), ">5s");
    EXPECT_EQ(got.request->count("limit", 0), 100U);
    EXPECT_TRUE(got.request->has("flagged"));
    EXPECT_FALSE(got.request->has("embryonic"));
    EXPECT_EQ(got.request->count("worker", 9), 9U);
}

TEST(Request, FalseIsLeftOut) {
    EXPECT_FALSE(read(R"({"v":1,"do":"list","flagged":false})").request->has("flagged"));
}

// The answer quotes it, and is printable whatever it quotes.
TEST(Request, AVersionIsTextThatNobodySpeaks) {
    const auto got = read("{\"v\":\"1.0 caf\xc3\xa9 of many words and more\",\"do\":\"list\"}");
    EXPECT_EQ(got.fault.code, Code::bad_version);
    for (const char c : got.fault.text) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << got.fault.text;
    EXPECT_NE(got.fault.text.find("1.0 caf?"), std::string::npos) << got.fault.text;
}

TEST(Request, EveryMistakeHasACode) {
    EXPECT_EQ(code_of("{\"v\":1"), Code::bad_json);
    EXPECT_EQ(code_of("\xff\xfe{}"), Code::bad_json);
    EXPECT_EQ(code_of("[1]"), Code::bad_request);
    EXPECT_EQ(code_of("7"), Code::bad_request);
    EXPECT_EQ(code_of(R"({"do":"list"})"), Code::bad_version);
    EXPECT_EQ(code_of(R"({"v":2,"do":"list"})"), Code::bad_version);
    EXPECT_EQ(code_of(R"({"v":1,"id":{},"do":"list"})"), Code::bad_request);
    EXPECT_EQ(code_of(R"({"v":1})"), Code::unknown_verb);
    EXPECT_EQ(code_of(R"({"v":1,"do":"top"})"), Code::unknown_verb);
    EXPECT_EQ(code_of(R"({"v":1,"do":"stats","state":"close"})"), Code::unknown_option);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","watch":"1s"})"), Code::unknown_option);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","limit":-1})"), Code::bad_value);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","limit":[1]})"), Code::bad_value);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","age":5})"), Code::bad_value);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","state":"SYN_SNET"})"), Code::bad_value);
    EXPECT_EQ(code_of(R"({"v":1,"do":"list","flagged":"maybe"})"), Code::bad_value);
    EXPECT_EQ(code_of(R"({"v":1,"do":"get"})"), Code::bad_request);
    EXPECT_EQ(code_of(R"({"v":1,"do":"get","flow":"\u0000"})"), Code::bad_value);
}

TEST(Request, NamesTheNearest) {
    EXPECT_NE(read(R"({"v":1,"do":"lsit"})").fault.text.find("did you mean list?"), std::string::npos);
    EXPECT_NE(read(R"({"v":1,"do":"list","sprot":1})").fault.text.find("did you mean sport?"),
              std::string::npos);
    EXPECT_NE(read(R"({"v":1,"do":"list","state":"SYN_SNET"})").fault.text.find("SYN_SENT"),
              std::string::npos);
}

TEST(Request, IsNotDeeperOrLargerThanAnythingMeant) {
    EXPECT_EQ(code_of(std::string(1000, '[')), Code::bad_json);
    std::string many = R"({"v":1,"do":"list")";
    for (int i = 0; i < 100; ++i) many += ",\"x" + std::to_string(i) + "\":1";
    EXPECT_EQ(code_of(many + "}"), Code::bad_json);
    EXPECT_EQ(code_of(R"({"v":1,"do":"get","flow":")" + std::string(2000, 'x') + "\"}"), Code::bad_value);
}

TEST(Request, WhatOthersWroteComesBackPrintable) {
    const auto got = read("{\"v\":1,\"do\":\"\\u001b[2Jx\xc3\xa4\"}");
    for (const char c : got.fault.text) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << got.fault.text;
}

TEST(Span, HasTwoSides) {
    EXPECT_EQ(*parse_span(">5s"), (SpanBounds{5s, Duration::max()}));
    EXPECT_EQ(*parse_span("5s"), (SpanBounds{5s, Duration::max()}));
    EXPECT_EQ(*parse_span("<1m"), (SpanBounds{Duration::min(), 60s}));
    EXPECT_EQ(*parse_span("<=1m"), (SpanBounds{Duration::min(), 60s}));
    for (const auto* wrong : {"", ">", "<", "=5s", "5", "><5s"}) EXPECT_FALSE(parse_span(wrong)) << wrong;
}

TEST(Verbs, EachIsFoundAndExplained) {
    for (const auto& v : verbs()) {
        EXPECT_EQ(verb_named(v.name), &v);
        EXPECT_TRUE(v.help.ends_with('.')) << v.name;
        EXPECT_FALSE(v.examples.empty()) << v.name;
        EXPECT_EQ(v.reply.empty(), v.runs == Runs::client) << v.name;
        for (const auto& option : v.options) EXPECT_EQ(option_named(v, option.name), &option);
    }
    EXPECT_EQ(verb_named("lsit"), nullptr);
}

/// A filter's option must not hide a verb's own.
TEST(Verbs, NoOptionHasTwoMeanings) {
    for (const auto& v : verbs())
        for (const auto& filter : filter_options())
            EXPECT_EQ(option_named(v, filter.name), v.filters ? &filter : option_named(v, filter.name))
                << v.name;
}

}  // namespace
}  // namespace ajar::control
