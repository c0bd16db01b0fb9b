// Does each scenario of `ajar bench` run, with sums that hold, over every kind of traffic? Times are not
// judged.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace {

struct Run {
    int code = -1;
    std::string out;
};

Run bench(const std::string& arguments) {
    Run run;
    FILE* const pipe = popen((std::string(AJAR_PROGRAM) + " bench " + arguments).c_str(), "r");
    if (pipe == nullptr) return run;
    std::array<char, 4096> block;
    for (std::size_t n = 0; (n = fread(block.data(), 1, block.size(), pipe)) > 0;)
        run.out.append(block.data(), n);
    run.code = WEXITSTATUS(pclose(pipe));
    return run;
}

class Scenario : public testing::TestWithParam<const char*> {};

struct Reported : Run {
    std::string said;
    nlohmann::json report = nlohmann::json::object();  // empty where it came to none
};

Reported reported(const std::string& scenario) {
    const auto said = testing::TempDir() + "ajar-bench-" + std::to_string(getpid()) + ".said";
    Reported out{bench(fmt::format("{} --packets 100k --rounds 1 --json - 2>{}", scenario, said)), {}, {}};
    std::ostringstream text;
    text << out.out << std::ifstream(said).rdbuf();
    out.said = text.str();
    std::filesystem::remove(said);
    if (!out.out.empty()) out.report = nlohmann::json::parse(out.out);
    return out;
}

// Hosts whose thread has no CPU for three seconds are as silent as dead ones, and are taken for that.
bool idle_hosts_had_no_cpu(const nlohmann::json& report) {
    if (!report.contains("rows")) return false;
    const auto& rows = report["rows"];
    return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
        return row["run"] == "asking" &&
               row["figures"].value("intervals left out, a thread lost its CPU", 0.0) > 0;
    });
}

constexpr int kTriesOfIdle = 3;

TEST_P(Scenario, Runs) {
    auto run = reported(GetParam());
    for (int tries = 1; tries < kTriesOfIdle && run.code != 0 && idle_hosts_had_no_cpu(run.report); ++tries)
        run = reported(GetParam());
    ASSERT_EQ(run.code, 0) << run.said;
    const auto& report = run.report;
    EXPECT_TRUE(report["faults"].empty()) << report["faults"];
    ASSERT_GE(report["rows"].size(), 2U);
    for (const auto& row : report["rows"]) {
        const std::string name = GetParam();
        const bool timed = name.starts_with("latency") || name.starts_with("idle");
        EXPECT_GE(row["packets"], timed ? 100 : 110'000) << row;
        EXPECT_EQ(row["packets"].get<std::uint64_t>(),
                  row["transmitted"].get<std::uint64_t>() + row["dropped"].get<std::uint64_t>());
        EXPECT_GT(row["rate"]["median"], 0) << row;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Bench, Scenario,
    testing::Values("established --flows 4Ki,16Ki", "established --workers 1,2",
                    "established --ipv6 --frame 512", "established --choice zipf --frame 1518",
                    "established --ipv6 --choice zipf --workers 2", "connect --flows 4Ki",
                    "connect --ipv6 --workers 2", "flood --flows 4Ki,64Ki", "flood --ipv6 --workers 2",
                    "mixed --flows 4Ki", "mixed --workers 2", "handoff --workers 2",
                    "handoff --workers 2 --ipv6", "cookies --flows 4Ki", "cookies --ipv6 --workers 2",
                    "acks --flows 4Ki", "acks --ipv6 --workers 2", "translated --flows 4Ki",
                    "translated --ipv6 --workers 2", "translated --frame 1518", "forged --flows 4Ki",
                    "forged --ipv6 --workers 2", "latency", "latency --ipv6 --flows 4Ki", "idle --flows 4Ki",
                    "idle --ipv6 --flows 4Ki"));

struct Mistake {
    const char *arguments, *answer;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreAnsweredWithWhatToDo) {
    const auto run = bench(std::string(GetParam().arguments) + " 2>&1");
    EXPECT_EQ(run.code, 2);
    EXPECT_NE(run.out.find(GetParam().answer), std::string::npos) << run.out;
}

INSTANTIATE_TEST_SUITE_P(
    Bench, Mistakes,
    testing::Values(Mistake{"conect", "no scenario \"conect\"; did you mean connect?"},
                    Mistake{"--flows 65535", "--flows 65535: no power of two; take 32Ki or 64Ki"},
                    Mistake{"--flows 64Ki,1", "out of range: 4096 to 256Mi"},
                    Mistake{"handoff --workers 1", "--workers 1: handoff takes 2 to 64"},
                    Mistake{"--workers 3", "--workers 3: flows are dealt to a power of two of them"},
                    Mistake{"--ipv6 --frame 64", "data over IPv6 takes 84 bytes at least"},
                    Mistake{"--hugepages --flows 256Mi", "or leave --hugepages out"}));

}  // namespace
