// Are options read in human units, and is every mistake answered with what to do?
#include <gtest/gtest.h>

#include <array>

#include "app/command_line.hpp"

namespace ajar::app {
namespace {

using namespace std::chrono_literals;

/// What a command of the tests takes.
struct Values {
    std::string scenario, output, profile = "ajar";
    std::uint64_t seed = 1;
    std::uint32_t workers = 2;
    std::vector<std::uint64_t> sizes = {64};
    Duration rtt = 20ms;
    double loss = 0;
    bool quiet = false;
};

struct Outcome {
    std::optional<int> code;
    std::string out, err;
    Values values;
};

constexpr std::array<std::string_view, 2> kProfiles = {"ajar", "linux"};

Outcome parse(std::vector<std::string> words) {
    Outcome o;
    CommandLine line("test", "Tests.", "  ajar test\n");
    line.argument("SCENARIO", o.values.scenario, "What.");
    line.text("-o,--output", o.values.output, "FILE", "Where.");
    line.choice("--profile", o.values.profile, kProfiles, "Whose");
    line.number("--seed", o.values.seed, "Which.");
    line.number("--workers", o.values.workers, "How many.", 1U, 64U);
    line.numbers("--sizes", o.values.sizes, "How large.", 1, 1U << 20U);
    line.duration("--rtt", o.values.rtt, "How long.");
    line.percent("--loss", o.values.loss, "How bad.");
    line.flag("-q,--quiet", o.values.quiet, "How loud.");
    words.insert(words.begin(), "test");
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    o.code = line.parse(static_cast<int>(argv.size()), argv.data());
    o.out = testing::internal::GetCapturedStdout();
    o.err = testing::internal::GetCapturedStderr();
    return o;
}

TEST(CommandLine, ReadsHumanUnits) {
    const auto o = parse({"mix", "-o", "x.pcap", "--profile", "linux", "--seed", "1M", "--workers=4", "--rtt",
                          "1.5s", "--loss", "2.5%", "-q", "--sizes", "4Ki,1Mi"});
    ASSERT_FALSE(o.code) << o.err;
    EXPECT_EQ(o.values.scenario, "mix");
    EXPECT_EQ(o.values.output, "x.pcap");
    EXPECT_EQ(o.values.profile, "linux");
    EXPECT_EQ(o.values.seed, 1'000'000U);
    EXPECT_EQ(o.values.workers, 4U);
    EXPECT_EQ(o.values.sizes, (std::vector<std::uint64_t>{4096, 1U << 20U}));
    EXPECT_EQ(o.values.rtt, 1500ms);
    EXPECT_EQ(o.values.loss, 2.5);
    EXPECT_TRUE(o.values.quiet);
}

TEST(CommandLine, KeepsDefaultsAndTakesAHyphenAsAFile) {
    const auto o = parse({"mix", "-o", "-"});
    ASSERT_FALSE(o.code) << o.err;
    EXPECT_EQ(o.values.output, "-");
    EXPECT_EQ(o.values.seed, 1U);
    EXPECT_EQ(o.values.rtt, 20ms);
}

TEST(CommandLine, HelpShowsDefaultsAndExamples) {
    const auto o = parse({"--help"});
    EXPECT_EQ(o.code, kGood);
    for (const char* text : {"Tests.", "-o,--output FILE", "Whose: ajar, linux [ajar]", "How long. [20ms]",
                             "How bad. [0%]", "Examples:\n  ajar test"})
        EXPECT_NE(o.out.find(text), std::string::npos) << text << '\n' << o.out;
}

struct Mistake {
    std::vector<std::string> words;
    const char* answer;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreAnsweredWithWhatToDo) {
    const auto o = parse(GetParam().words);
    EXPECT_EQ(o.code, kUsage);
    EXPECT_EQ(o.err,
              std::string("ajar test: ") + GetParam().answer + "; `ajar help test` explains the options\n");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, Mistakes,
    testing::Values(
        Mistake{{}, "SCENARIO is required"},
        Mistake{{"mix", "--sed", "1"}, "unexpected --sed; did you mean --seed?"},
        Mistake{{"mix", "more"}, "unexpected more"},
        Mistake{{"mix", "--seed", "lots"},
                "--seed lots: no number; write for example 4096, \"64k\" (64,000), \"64Ki\" (65,536), "
                "\"1M\" or \"1Mi\""},
        Mistake{{"mix", "--workers", "65"}, "--workers 65: out of range: 1 to 64"},
        Mistake{{"mix", "--sizes", "1,2Mi"}, "--sizes 1,2Mi: out of range: 1 to 1Mi"},
        Mistake{{"mix", "--sizes", "1,,2"},
                "--sizes 1,,2: no number; write for example 4096, \"64k\" (64,000), \"64Ki\" (65,536), "
                "\"1M\" or \"1Mi\""},
        Mistake{{"mix", "--rtt", "20"},
                "--rtt 20: no duration; write for example \"500ms\", \"30s\", \"2h\" or \"5d\""},
        Mistake{{"mix", "--loss", "101"}, "--loss 101: no percentage from 0 to 100"},
        Mistake{{"mix", "--profile", "linus"}, "--profile linus: none of ajar, linux; did you mean linux?"}));

}  // namespace
}  // namespace ajar::app
