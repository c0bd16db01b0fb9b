// Is JSON read within its bounds, and written as it was?
#include "control/value.hpp"

#include <gtest/gtest.h>

namespace ajar::control {
namespace {

constexpr ValueLimits kLimits{4, 20};

TEST(Value, ComesBackAsItWas) {
    const std::string text = R"({"a":1,"b":[true,null,-5,1.5,"x\"y"],"c":{"d":{}}})";
    const auto value = parse_value(text, kLimits);
    ASSERT_TRUE(value) << value.error();
    EXPECT_EQ(text_of(*value), text);
    EXPECT_EQ((*value)["a"].count(), 1U);
    EXPECT_EQ((*value)["b"].list()[3].real(), 1.5);
    EXPECT_TRUE((*value)["c"]["d"].is_object());
    EXPECT_TRUE((*value)["none"]["of"]["these"].null());
}

TEST(Value, BoundsAreMet) {
    EXPECT_TRUE(parse_value("[[[[1]]]]", kLimits));
    EXPECT_FALSE(parse_value("[[[[[1]]]]]", kLimits));
    EXPECT_FALSE(parse_value(std::string(1U << 20U, '['), kLimits));
    EXPECT_TRUE(parse_value("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", kLimits));
    EXPECT_FALSE(parse_value("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", kLimits));
}

TEST(Value, WhatIsNoJsonIsAFault) {
    for (const auto* wrong : {"", "{", "nul", "{\"a\"}", "\"\xff\"", "[1,]", "1 2", "{\"a\":1e999}"}) {
        const auto value = parse_value(wrong, kLimits);
        EXPECT_FALSE(value) << wrong;
        EXPECT_TRUE(value || !value.error().empty()) << wrong;
    }
}

}  // namespace
}  // namespace ajar::control
