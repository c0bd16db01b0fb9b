// Does the command write what it was asked to, say the verdict first, and exit as it should?
#include "replay/replay.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ajar/packet/frame.hpp"
#include "capture_file.hpp"
#include "generate/gen.hpp"

namespace ajar::replay {
namespace {

using test::PcapText;
using test::TemporaryFile;

std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

struct Ran {
    int code;
    std::string out, err;
};

Ran run(ReplayOptions options) {
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 4096;
    options.shards = 2;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = replay(options);
    std::fflush(stdout);
    return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

ReplayOptions of_files(std::vector<std::string> files) {
    ReplayOptions options;
    options.files = std::move(files);
    return options;
}

/// A flood of SYNs, each answered once, then long enough silence for the timers.
void write_flood(const std::string& path) {
    GenOptions gen;
    gen.scenario = "flood";
    gen.connections = 300;
    gen.syn_acks = 1;
    gen.linger = std::chrono::seconds(100);
    gen.output = path;
    ASSERT_EQ(generate(gen), 0);
}

TEST(Replay, NamesTheFloodFirst) {
    const TemporaryFile capture("");
    write_flood(capture.path());
    const auto ran = run(of_files({capture.path()}));
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.err, "");
    const auto verdict = ran.out.find("300  handshakes were never finished");
    EXPECT_NE(verdict, std::string::npos) << ran.out;
    EXPECT_LT(verdict, ran.out.find("Numbers")) << ran.out;
    EXPECT_NE(ran.out.find("300 addresses, each of them once"), std::string::npos) << ran.out;
}

TEST(Replay, SaysWhyAndWhoScans) {
    const TemporaryFile capture(""), summary("");
    GenOptions gen;
    gen.scenario = "synscan";
    gen.connections = 400;
    gen.linger = std::chrono::seconds(100);
    gen.output = capture.path();
    ASSERT_EQ(generate(gen), 0);
    auto options = of_files({capture.path()});
    options.summary_file = summary.path();
    const auto ran = run(options);
    EXPECT_NE(ran.out.find("Why 400 attempts came to nothing"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("(half_open_scan)"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("4 scanners: "), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("1 host (198.19.0.1)"), std::string::npos) << ran.out;
    const auto json = content(summary.path());
    EXPECT_NE(json.find("\"scanners\":[{\"source\":"), std::string::npos) << json;
    EXPECT_NE(json.find("\"causes\":{\"half_open_scan\":{\"count\":"), std::string::npos) << json;
    EXPECT_NE(json.find("\"attempts\":{\"silent\":"), std::string::npos) << json;
}

TEST(Replay, NamesWhoWasAskedInTheBusiestSecond) {
    const TemporaryFile capture(""), summary("");
    GenOptions gen;
    gen.scenario = "flood";
    gen.connections = 4000;
    gen.rate = 2000;
    gen.one_source = true;
    gen.output = capture.path();
    ASSERT_EQ(generate(gen), 0);
    auto options = of_files({capture.path()});
    options.summary_file = summary.path();
    const auto ran = run(options);
    const auto second = ran.out.find("Busiest second: ");
    ASSERT_NE(second, std::string::npos) << ran.out;
    const auto told = ran.out.substr(second, ran.out.find("Numbers") - second);
    EXPECT_NE(told.find("services  198.18.0."), std::string::npos) << told;
    EXPECT_NE(told.find("/24 ("), std::string::npos) << told;
    EXPECT_NE(content(summary.path()).find("\"busiest_second\":{\"second\":1700000"), std::string::npos);
}

TEST(Replay, WritesEventsFlowsAndSummary) {
    const TemporaryFile capture(""), events("old content"), flows(""), summary("");
    write_flood(capture.path());
    auto options = of_files({capture.path()});
    options.events_file = events.path();
    options.flows_file = flows.path();
    options.summary_file = summary.path();
    EXPECT_EQ(run(options).code, 0);
    EXPECT_EQ(lines(content(flows.path())), 300U);
    EXPECT_EQ(content(events.path()).find("old content"), std::string::npos);
    EXPECT_EQ(content(events.path()).find("flow_end"), std::string::npos);
    EXPECT_GE(lines(content(events.path())), 300U);
    EXPECT_NE(content(summary.path()).find("\"unfinished\":{\"count\":300,"), std::string::npos);
}

TEST(Replay, ReportsOnStandardErrorWhereRecordsTakeTheOutput) {
    const TemporaryFile capture("");
    write_flood(capture.path());
    auto options = of_files({capture.path()});
    options.summary_file.push_back('-');
    const auto ran = run(options);
    EXPECT_EQ(ran.out.front(), '{');
    EXPECT_NE(ran.err.find("Numbers"), std::string::npos);
}

TEST(Replay, TracksFragmentedDatagramsOnceAndWhole) {
    const TemporaryFile capture("");
    GenOptions gen;
    gen.scenario = "fragments";
    gen.connections = 100;
    gen.linger = std::chrono::seconds(100);
    gen.output = capture.path();
    ASSERT_EQ(generate(gen), 0);
    const auto ran = run(of_files({capture.path()}));
    EXPECT_EQ(ran.code, 0) << ran.err;  // every fragment was counted under a fate
    EXPECT_NE(ran.out.find("SF 100\n"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("(fragment_released)"), std::string::npos) << ran.out;
    EXPECT_EQ(ran.out.find("(fragment_held)"), std::string::npos) << ran.out;
}

/// Data of a flow that nobody opened, in three fragments.
FrameBuilder stray() {
    return FrameBuilder()
        .ethernet()
        .ipv4("10.0.0.9", "10.0.0.2")
        .tcp(40000, 443)
        .ack(6)
        .timestamps(1, 2)
        .payload(3000);
}
std::string capture_of(const std::vector<Bytes>& frames) {
    PcapText text(1);
    for (const auto& frame : frames) text.frame(1, 0, std::string(frame.begin(), frame.end()));
    return text.text();
}

TEST(Replay, EachFrameOfADroppedDatagramIsDropped) {
    const TemporaryFile capture(capture_of(stray().pieces(1480, 1)));
    auto options = of_files({capture.path()});
    options.policy.mode = Mode::enforce;
    options.policy.invalid = InvalidAction::drop;
    options.policy.mid_stream = MidStream::refuse;
    const auto ran = run(options);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_NE(ran.out.find("0 forwarded, 3 dropped, 0 consumed"), std::string::npos) << ran.out;
    EXPECT_EQ(ran.out.find("(fragment_released)"), std::string::npos) << ran.out;
}

TEST(Replay, ADatagramsChecksumIsVerified) {
    const TemporaryFile capture(capture_of(stray().bad_checksum().pieces(1480, 1)));
    auto options = of_files({capture.path()});
    EXPECT_EQ(run(options).out.find("(bad_tcp_checksum)"), std::string::npos) << "only where it is asked";
    options.policy.checksums = ChecksumPolicy::verify;
    const auto ran = run(options);
    EXPECT_NE(ran.out.find("(bad_tcp_checksum)"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("3 forwarded, 0 dropped, 0 consumed"), std::string::npos) << ran.out;
}

TEST(Replay, AnEmptyCaptureIsNoError) {
    const TemporaryFile capture(PcapText(1).text());
    const auto ran = run(of_files({capture.path()}));
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.out.find("Nothing was half open"), std::string::npos) << ran.out;
}

TEST(Replay, ATruncatedCaptureCountsAndWarns) {
    const auto text =
        PcapText(1).frame(1, 0, std::string(60, '\0')).frame(1, 0, std::string(60, '\0')).text();
    const TemporaryFile capture(text.substr(0, text.size() - 7));
    const auto ran = run(of_files({capture.path()}));
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.out.find(fmt::format("warning: {}: truncated after 1 frames", capture.path())),
              std::string::npos);
}

TEST(Replay, WhatCannotBeReadOrWrittenIsAnError) {
    const auto missing = run(of_files({"/nonexistent/a.pcap"}));
    EXPECT_EQ(missing.code, 1);
    EXPECT_EQ(missing.out, "");
    EXPECT_NE(missing.err.find("/nonexistent/a.pcap: cannot be opened"), std::string::npos);

    const TemporaryFile capture(PcapText(1).text());
    auto options = of_files({capture.path()});
    options.flows_file = "/nonexistent/flows.json";
    const auto ran = run(options);
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("/nonexistent/flows.json"), std::string::npos);
    EXPECT_EQ(run(of_files({"-", "-"})).code, 1);
}

// An output opened first would have been the end of the capture.
TEST(Replay, NeverWritesOverACaptureOrTwiceIntoOneFile) {
    const auto text = PcapText(1).frame(1, 0, std::string(60, 'x')).text();
    const TemporaryFile capture(text);
    const auto other = fmt::format("{}.link", capture.path());
    std::filesystem::create_hard_link(capture.path(), other);
    auto options = of_files({capture.path()});
    options.flows_file = other;
    EXPECT_EQ(run(options).code, 1);
    EXPECT_EQ(content(capture.path()), text);
    std::filesystem::remove(other);

    const TemporaryFile out("kept");
    options.events_file = options.flows_file = out.path();
    const auto ran = run(options);
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("cannot take two outputs"), std::string::npos) << ran.err;
    EXPECT_EQ(content(out.path()), "kept");
}

}  // namespace
}  // namespace ajar::replay
