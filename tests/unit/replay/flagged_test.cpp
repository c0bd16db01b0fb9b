// Are the packets of flagged connections in the file, all of them, and nobody else's?
#include "replay/flagged.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "ajar/packet/parse.hpp"
#include "capture_file.hpp"
#include "export/text.hpp"
#include "generate/gen.hpp"
#include "replay/capture_reader.hpp"

namespace ajar::replay {
namespace {

using test::TemporaryFile;

/// "10.0.0.1:80 10.0.0.2:4000", whoever comes first in the alphabet first.
std::string both(std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    return a + " " + b;
}

struct SeenFrame {
    Time time{};
    std::string bytes, ends;
    friend bool operator==(const SeenFrame&, const SeenFrame&) = default;
};

std::vector<SeenFrame> frames_in(const std::string& path) {
    auto reader = CaptureReader::open(path);
    EXPECT_TRUE(reader) << reader.error();
    std::vector<SeenFrame> out;
    Record record;
    while (reader->next(record) == CaptureReader::Status::record) {
        Packet packet;
        ParseOptions options;
        options.captured = true;
        parse(record.bytes, record.wire_length, options, packet);
        const auto end = [&](std::size_t s) {
            exporting::Text text;
            Ipv6Address address{};
            if (packet.family == Family::ipv6)
                address = packet.v6.address[s];
            else
                std::copy_n(packet.v4.address[s].bytes.begin(), 4, address.begin());
            exporting::put_address(text, packet.family, address);
            const auto port = packet.family == Family::ipv6 ? packet.v6.port[s] : packet.v4.port[s];
            return fmt::to_string(text) + ":" + std::to_string(port.value());
        };
        out.push_back(
            {record.time, std::string(record.bytes.begin(), record.bytes.end()), both(end(0), end(1))});
    }
    return out;
}

/// The value that stands behind `key` in a line of JSON, without quotes.
std::string value_of(const std::string& line, const std::string& key) {
    const auto at = line.find("\"" + key + "\":");
    if (at == std::string::npos) return {};
    std::string rest = line.substr(at + key.size() + 3);
    if (rest.front() == '"') return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of(",}"));
}

TEST(Flagged, EveryPacketOfFlaggedConnectionsIsThereAndNoOther) {
    const TemporaryFile capture(""), events(""), packets("");
    GenOptions gen;
    gen.scenario = "mix";
    gen.weights = "handshake=50,idle=10,unheard=10,embryonic=10";
    gen.connections = 120;
    gen.ipv6_percent = 30;
    gen.linger = std::chrono::hours(3);
    gen.output = capture.path();
    ASSERT_EQ(generate(gen), 0);
    ReplayOptions options;
    options.files = {capture.path()};
    options.events_file = events.path();
    options.packets_file = packets.path();
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 1U << 12U;
    options.shards = 2;
    options.progress = false;
    testing::internal::CaptureStdout();
    EXPECT_EQ(replay(options), 0);
    std::fflush(stdout);
    const auto told = testing::internal::GetCapturedStdout();

    std::set<std::string> flagged;
    std::ifstream lines(events.path());
    for (std::string line; std::getline(lines, line);) {
        const auto type = value_of(line, "event_type");
        const bool named = type == "flagged" || type == "half_open";
        EXPECT_EQ(value_of(line, "capture_file"), named ? packets.path() : "") << line;
        if (named)
            flagged.insert(both(value_of(line, "src_ip") + ":" + value_of(line, "src_port"),
                                value_of(line, "dest_ip") + ":" + value_of(line, "dest_port")));
    }
    EXPECT_GT(flagged.size(), 10U);
    std::vector<SeenFrame> wanted;
    const auto all = frames_in(capture.path());
    std::copy_if(all.begin(), all.end(), std::back_inserter(wanted),
                 [&](const SeenFrame& f) { return flagged.contains(f.ends); });
    EXPECT_GT(wanted.size(), 2 * flagged.size());
    EXPECT_LT(wanted.size(), all.size());
    EXPECT_EQ(frames_in(packets.path()), wanted);
    EXPECT_NE(told.find(std::to_string(wanted.size()) + " packets of " + std::to_string(flagged.size())),
              std::string::npos)
        << told;
}

Event of_flow(std::uint64_t id, EventKind kind, int begun, int at) {
    Event e;
    e.kind = kind;
    e.reason = Reason::idle;
    e.flow_id = id;
    e.time = Time(std::chrono::seconds(at));
    e.recorded = true;
    e.record.first_ns = std::chrono::nanoseconds(std::chrono::seconds(begun)).count();
    e.key.port = {be16::of(80), be16::of(4000)};
    return e;
}

TEST(Flagged, OfATupleThatWasUsedTwiceOnlyTheFlaggedTime) {
    FlaggedFlows flows;
    EXPECT_FALSE(flows.add(of_flow(1, EventKind::flow_start, 100, 100)));
    EXPECT_FALSE(flows.add(of_flow(1, EventKind::flow_end, 100, 200)));
    EXPECT_TRUE(flows.add(of_flow(2, EventKind::flagged, 300, 350)));
    EXPECT_TRUE(flows.add(of_flow(2, EventKind::half_open, 300, 360)));
    EXPECT_FALSE(flows.add(of_flow(2, EventKind::evicted, 300, 400)));
    EXPECT_FALSE(flows.add(of_flow(2, EventKind::flow_end, 300, 400)));
    const TupleName name{of_flow(1, EventKind::flagged, 0, 0).key, Family::ipv4};
    const auto found = [&](int at) { return flows.find(name, Time(std::chrono::seconds(at))) != nullptr; };
    EXPECT_FALSE(found(150));
    EXPECT_FALSE(found(299));
    EXPECT_TRUE(found(300));
    EXPECT_TRUE(found(400));
    EXPECT_FALSE(found(401));
    TupleName hosts = name;
    hosts.key.port = {};
    EXPECT_TRUE(flows.between(hosts, Time(std::chrono::seconds(350))));
    EXPECT_FALSE(flows.between(hosts, Time(std::chrono::seconds(150))));
    EXPECT_EQ(flows.size(), 1U);
}

TEST(Flagged, BeyondTheMostTheyAreCounted) {
    FlaggedFlows flows;
    for (std::uint64_t id = 1; id <= FlaggedFlows::kMost; ++id)
        flows.add(of_flow(id, EventKind::flagged, 0, 1));
    EXPECT_FALSE(flows.add(of_flow(FlaggedFlows::kMost + 1, EventKind::flagged, 0, 1)));
    EXPECT_TRUE(flows.add(of_flow(5, EventKind::half_open, 0, 2)));
    EXPECT_EQ(flows.left_out(), 1U);
}

}  // namespace
}  // namespace ajar::replay
