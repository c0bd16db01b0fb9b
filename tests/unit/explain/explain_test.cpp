// From traffic to sentences: captures are made, replayed, and their connections explained.
#include "explain/explain.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "evidence.hpp"
#include "explain/keep.hpp"
#include "generate/gen.hpp"
#include "replay/replay.hpp"
#include "unit/replay/capture_file.hpp"

namespace ajar::explain {
namespace {

using replay::test::TemporaryFile;

struct Said {
    int code;
    std::string out, err;
};

Said ask(const std::string& flow, std::vector<std::string> files, bool json = false) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = explain({flow, std::move(files), json});
    std::fflush(stdout);
    return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A capture of one scenario, and what its replay has told.
struct Replayed {
    TemporaryFile capture{""}, events{""}, flows{""};
    std::map<Reason, Incident> one_of;  ///< of each reason an incident, the first

    Replayed(const char* weights, unsigned connections) {
        GenOptions gen;
        gen.scenario = "mix";
        gen.weights = weights;
        gen.connections = connections;
        gen.rate = 10;
        gen.ipv6_percent = 30;
        gen.linger = std::chrono::hours(4);
        gen.output = capture.path();
        EXPECT_EQ(generate(gen), 0);
        replay::ReplayOptions options;
        options.files = {capture.path()};
        options.events_file = events.path();
        options.flows_file = flows.path();
        options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 1U << 14U;
        options.shards = 2;
        options.progress = false;
        testing::internal::CaptureStdout();
        EXPECT_EQ(replay::replay(options), 0);
        std::fflush(stdout);
        testing::internal::GetCapturedStdout();
        std::ifstream lines(events.path());
        for (std::string line; std::getline(lines, line);) {
            const auto read = read_incident(line);
            EXPECT_TRUE(read) << read.error() << "\n" << line;
            if (read && *read) one_of.emplace((*read)->reason, **read);
        }
    }
    [[nodiscard]] Said tell(Reason reason) const {
        const auto at = one_of.find(reason);
        EXPECT_NE(at, one_of.end()) << name(reason) << " never happened";
        return at == one_of.end() ? Said{} : ask(at->second.uid, {events.path(), flows.path()});
    }
};

const Replayed& lost_connections() {
    static const Replayed replayed(
        "reopened=1,stuck=1,discovered=1,unheard=1,unkept=1,cut=1,embryonic=2,idle=1,halfclosed=1", 400);
    return replayed;
}

TEST(Explain, EveryReasonOfAReplayIsTold) {
    const std::map<Reason, std::string_view> told = {
        {Reason::crash_reopen_recovered, "opened it anew"},
        {Reason::crash_reopen_stuck, "tries to open it anew"},
        {Reason::active_side_discovery, "the RST of a host that has no such connection"},
        {Reason::unanswered_retransmission, "the same data or FIN"},
        {Reason::unanswered_keepalive, "whether its peer is still there"},
        {Reason::made_by_middlebox, "A RST in the name of"},
        {Reason::stale_syn_sent, "SYN was never answered"},
        {Reason::stale_syn_recv, "its answer was never acknowledged"},
        {Reason::idle, "Both ends fell silent"},
        {Reason::half_closed_idle, "closed its direction"},
        {Reason::unacknowledged_idle, "Data was not acknowledged"},
    };
    for (const auto& [reason, words] : told) {
        const Said said = lost_connections().tell(reason);
        EXPECT_EQ(said.code, 0) << said.err;
        EXPECT_EQ(said.err, "");
        std::string line = said.out;
        for (auto at = line.find("\n  "); at != std::string::npos; at = line.find("\n  ", at + 1))
            line.replace(at, 3, " ");
        EXPECT_TRUE(holds(line, words)) << said.out;
        EXPECT_TRUE(holds(said.out, std::string(": ") + std::string(name(reason)))) << said.out;
        EXPECT_TRUE(holds(said.out, "ended: ")) << "by its flow record\n" << said.out;
    }
}

TEST(Explain, AConnectionIsFoundByItsEndsAsByItsUid) {
    const auto& events = lost_connections().events.path();
    for (const auto& [reason, incident] : lost_connections().one_of) {
        const Said by_uid = ask(incident.uid, {events});
        const auto client = text_of(incident.ends[kClient]), server = text_of(incident.ends[kServer]);
        for (const auto& flow : {client + "-" + server, server + " > " + client}) {
            const Said by_ends = ask(flow, {events});
            if (by_ends.code != 0) {
                EXPECT_TRUE(holds(by_ends.err, incident.uid)) << "its tuple was used again\n" << by_ends.err;
                continue;
            }
            EXPECT_EQ(by_ends.out, by_uid.out);
        }
        EXPECT_EQ(ask(std::to_string(incident.flow_id), {events}).out, by_uid.out);
    }
}

TEST(Explain, TheJsonIsOneLine) {
    const auto& [reason, incident] = *lost_connections().one_of.begin();
    const Said said = ask(incident.uid, {lost_connections().events.path()}, true);
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out.find('\n'), said.out.size() - 1);
    EXPECT_EQ(said.out.find("{\"uid\":\"" + incident.uid + "\""), 0U);
}

TEST(Explain, ATupleThatWasUsedTwiceIsAskedFor) {
    Event second = stuck();
    second.flow_id ^= 1;
    second.record.first_ns += 3'000'000'000;
    const TemporaryFile events(line_of_event(stuck()) + "\n" + line_of_event(second) + "\n");
    const Said said = ask("10.0.0.1:40000-192.0.2.7:80", {events.path()});
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.out, "");
    EXPECT_EQ(said.err,
              "ajar explain: 10.0.0.1:40000-192.0.2.7:80 was used by 2 connections; name one by its uid:\n"
              "  COBVXlx1pEYAiM1zFU  2023-11-14 22:13:20.000000 UTC  10.0.0.1:40000 -> 192.0.2.7:80\n"
              "  " +
                  incident_of(second).uid +
                  "  2023-11-14 22:13:23.000000 UTC  10.0.0.1:40000 -> 192.0.2.7:80\n");
    EXPECT_EQ(ask(incident_of(second).uid, {events.path()}).code, 0);
}

TEST(Explain, WhatIsLeftOutOfALongStoryIsTold) {
    std::string lines;
    for (std::size_t n = 0; n < 3 * Keep::kEdge + 1; ++n) lines += line_of_event(stuck()) + "\n";
    const TemporaryFile events(lines);
    const Said said = ask("10.0.0.1:40000-192.0.2.7:80", {events.path()}, true);
    EXPECT_EQ(said.code, 0);
    EXPECT_TRUE(holds(said.out,
                      "Of its events the first 500 and the last 500 are told here; 501 in between "
                      "are left out."));
}

TEST(Explain, AnUnknownOneIsSaidToBeUnknown) {
    const TemporaryFile events(line_of_event(stuck()) + "\n");
    const Said far = ask("10.0.0.1:40000-192.0.2.8:80", {events.path()});
    EXPECT_EQ(far.code, 1);
    EXPECT_TRUE(holds(far.err, "nothing was told of 10.0.0.1:40000-192.0.2.8:80 in 1 line;")) << far.err;
    EXPECT_FALSE(holds(far.err, "between the same hosts"));
    const Said near = ask("10.0.0.1:40001-192.0.2.7:80", {events.path()});
    EXPECT_EQ(near.code, 1);
    EXPECT_TRUE(holds(near.err, "between the same hosts:\n  COBVXlx1pEYAiM1zFU  2023-11-14")) << near.err;
}

TEST(Explain, BadWordsAndBadFilesHaveTheirCodes) {
    const TemporaryFile events(line_of_event(stuck()) + "\n"), empty(""), capture("no event");
    EXPECT_EQ(ask("nonsense", {events.path()}).code, 2);
    EXPECT_EQ(ask("10.0.0.1:40000-192.0.2.7:80", {empty.path()}).code, 1);
    EXPECT_EQ(ask("10.0.0.1:40000-192.0.2.7:80", {capture.path()}).code, 1);
    const Said one_bad = ask("10.0.0.1:40000-192.0.2.7:80", {events.path(), empty.path()});
    EXPECT_EQ(one_bad.code, 1);
    EXPECT_TRUE(holds(one_bad.err, "is empty")) << one_bad.err;
}

TEST(Explain, WhatIsBrokenIsToldBesideTheStory) {
    const auto line = line_of_event(stuck());
    const TemporaryFile events(line + "\n" + line.substr(0, 300));
    const Said said = ask("10.0.0.1:40000-192.0.2.7:80", {events.path()});
    EXPECT_EQ(said.code, 0);
    EXPECT_TRUE(holds(said.err, ":2: the last line is cut off")) << said.err;
    EXPECT_EQ(said.out.find("Connection COBVXlx1pEYAiM1zFU"), 0U);
}

}  // namespace
}  // namespace ajar::explain
