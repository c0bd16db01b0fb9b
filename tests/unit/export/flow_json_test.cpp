// Is a flow's end a record in Zeek's terms, and does each event go where it belongs?
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "events.hpp"
#include "export/event_json.hpp"
#include "export/event_writer.hpp"

namespace ajar::exporting {
namespace {

Event ended() {
    auto e = stale_syn_recv();
    e.kind = EventKind::flow_end;
    return e;
}

nlohmann::json record_of(const Event& e) {
    Text out;
    append_flow(out, e);
    EXPECT_EQ(out.data()[out.size() - 1], '\n');
    return nlohmann::json::parse(std::string_view(out.data(), out.size()));
}

TEST(FlowJson, SpeaksZeek) {
    auto json = record_of(ended());
    EXPECT_TRUE(json["conn_state"].is_string());
    json.erase("conn_state");  // record's own tests judge it
    EXPECT_EQ(json, nlohmann::json::parse(R"({
  "ts": 1700000000.0, "uid": "COBVXlx1pEYAiM1zFU", "id.orig_h": "10.0.0.1", "id.orig_p": 40000,
  "id.resp_h": "192.0.2.7", "id.resp_p": 80, "proto": "tcp", "duration": 1.5, "history": "Sh",
  "orig_pkts": 3, "orig_ip_bytes": 180, "resp_pkts": 2, "resp_ip_bytes": 120, "missed_bytes": 0,
  "ajar.state": "SYN_RECV", "ajar.end": "stale_syn_recv", "ajar.attempt": "abandoned"})"));
}

TEST(FlowJson, TagsOnlyWhereThereAreSome) {
    auto e = ended();
    EXPECT_FALSE(record_of(e).contains("vlan"));
    e.key.zone = zone_of(1, 100, 7);
    EXPECT_EQ(record_of(e)["vlan"], 100);
    EXPECT_EQ(record_of(e)["inner_vlan"], 7);
}

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> out;
    for (std::string line; std::getline(file, line);) out.push_back(line);
    return out;
}

TEST(EventWriter, SendsRecordsAndEventsTheirOwnWays) {
    std::string directory = (std::filesystem::temp_directory_path() / "ajar-events-XXXXXX").string();
    ASSERT_NE(mkdtemp(directory.data()), nullptr);
    const auto events = directory + "/events", flows = directory + "/flows";
    {
        auto writer =
            EventWriter::open({.events = events, .flows = flows, .begin = Begin::anew, .patience = always});
        ASSERT_TRUE(writer) << writer.error();
        writer->write(stale_syn_recv());
        writer->write(ended());
        writer->write(stale_syn_recv());
        EXPECT_TRUE(writer->reopen());
        EXPECT_EQ(writer->written(), 3U);
        EXPECT_EQ(writer->lost(), 0U);
    }
    ASSERT_EQ(lines_of(events).size(), 2U);
    ASSERT_EQ(lines_of(flows).size(), 1U);
    EXPECT_TRUE(nlohmann::json::parse(lines_of(events)[0]).contains("event_type"));
    EXPECT_TRUE(nlohmann::json::parse(lines_of(flows)[0]).contains("id.orig_h"));
    std::filesystem::remove_all(directory);
}

TEST(EventWriter, WithoutAPathThereIsNoOutput) {
    auto writer = EventWriter::open({.begin = Begin::anew, .patience = always});
    ASSERT_TRUE(writer);
    writer->write(stale_syn_recv());
    writer->write(ended());
    writer->flush();
    EXPECT_EQ(writer->written(), 0U);
}

TEST(EventWriter, TellsWhichFileCannotBeOpened) {
    const auto writer =
        EventWriter::open({.flows = "/nonexistent/flows", .begin = Begin::anew, .patience = always});
    ASSERT_FALSE(writer);
    EXPECT_NE(writer.error().find("/nonexistent/flows"), std::string::npos) << writer.error();
}

}  // namespace
}  // namespace ajar::exporting
