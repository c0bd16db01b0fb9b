// Do the records of a replay under `--profile zeek` agree with Zeek's own, but for what DIFFERENCES.md names?
//
// AJAR_ZEEK_WRITE=FILE writes all lines that differ, to be sorted into the groups of zeek.expected by hand.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "zeek_comparison.hpp"

namespace ajar::corpus {
namespace {

namespace fs = std::filesystem;

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::set<std::string> capture_names(const std::string& corpus) {
    std::set<std::string> names;
    for (const auto& f : fs::directory_iterator(corpus + "/pcap")) names.insert(f.path().filename().string());
    return names;
}

void print(const char* what, const Tally& t) {
    std::cout << what << ": " << t.agreeing << " of " << t.counted << " agree\n";
}

std::set<std::string> differences(const std::string& corpus, Scores& scores) {
    std::set<std::string> out;
    for (const auto& name : capture_names(corpus)) {
        const auto truth = read_truth(fmt::format("{}/truth/{}.truth.csv", corpus, name));
        if (truth.empty()) continue;
        const auto ours = replay_as_zeek(fmt::format("{}/pcap/{}", corpus, name));
        for (const auto& line : compare(truth, ours, scores)) out.insert(fmt::format("{}: {}", name, line));
    }
    return out;
}

TEST(Zeek, EveryDifferenceIsListed) {
    const std::string corpus = setting("AJAR_CORPUS");
    if (!fs::is_directory(corpus + "/truth"))
        GTEST_SKIP() << "SKIPPED: no corpus at '" << corpus << "' (AJAR_CORPUS)";

    Scores scores;
    const auto found = differences(corpus, scores);
    const auto listed = read_expected_lines(setting("AJAR_ZEEK_EXPECTED"));
    for (const auto& line : found) EXPECT_TRUE(listed.contains(line)) << "not listed: " << line;
    for (const auto& line : listed) EXPECT_TRUE(found.contains(line)) << "listed, but not so: " << line;
    if (const auto path = setting("AJAR_ZEEK_WRITE"); !path.empty()) {
        std::ofstream out(path);
        for (const auto& line : found) out << line << '\n';
    }

    for (const auto& [state, tally] : scores.states) {
        print(state.c_str(), tally);
        EXPECT_TRUE(tally.counted < 20 || tally.at_least(97)) << state;
    }
    print("history", scores.history);
    print("captures", scores.captures);
    print("packets", scores.packets);
    print("durations", scores.durations);
    EXPECT_TRUE(scores.history.at_least(90));
    EXPECT_TRUE(scores.captures.at_least(90));
}

}  // namespace
}  // namespace ajar::corpus
