// Does each event go where it was asked for, and nowhere else?
#include "export/event_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "events.hpp"
#include "temporary_folder.hpp"

namespace ajar::exporting {
namespace {

class Writing : public TemporaryFolder {
protected:
    /// An eviction and the flow's end: the lines of the events and of the flow records.
    std::pair<std::string, std::string> told(Outputs to) {
        auto writer = EventWriter::open(to);
        EXPECT_TRUE(writer) << writer.error();
        Event e = stale_syn_recv();
        writer->write(e);
        e.kind = EventKind::flow_end;
        writer->write(e);
        writer->flush();
        lines_ = writer->written();
        return {to.events.empty() ? "" : content_of("events"), to.flows.empty() ? "" : content_of("flows")};
    }

    std::uint64_t lines_ = 0;
};

std::ptrdiff_t lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST_F(Writing, EndsOfFlowsAreRecordsAlone) {
    const auto [events, flows] = told({.events = path_of("events"), .flows = path_of("flows")});
    EXPECT_EQ(lines_in(events), 1);
    EXPECT_NE(events.find("\"event_type\":\"evicted\""), std::string::npos) << events;
    EXPECT_EQ(lines_in(flows), 1);
    EXPECT_NE(flows.find("\"conn_state\""), std::string::npos) << flows;
    EXPECT_EQ(lines_, 2U);
}

TEST_F(Writing, EndsOfFlowsAmongTheEventsWhereAskedFor) {
    const auto [events, flows] = told({.events = path_of("events"), .flow_ends = true});
    EXPECT_EQ(lines_in(events), 2);
    EXPECT_NE(events.find("\"event_type\":\"flow\""), std::string::npos) << events;
    EXPECT_EQ(lines_, 2U);
}

TEST_F(Writing, BothFormsAtOnce) {
    const auto [events, flows] =
        told({.events = path_of("events"), .flows = path_of("flows"), .flow_ends = true});
    EXPECT_EQ(lines_in(events), 2);
    EXPECT_EQ(lines_in(flows), 1);
    EXPECT_EQ(lines_, 3U);
}

TEST_F(Writing, NothingIsWrittenForNobody) {
    const auto [events, flows] = told({.flows = path_of("flows"), .flow_ends = true});
    EXPECT_EQ(lines_in(flows), 1);
    EXPECT_EQ(lines_, 1U);
}

}  // namespace
}  // namespace ajar::exporting
