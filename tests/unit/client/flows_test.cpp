// Are flows printed as each form wants them?
#include "client/flows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "client/reports.hpp"
#include "client/table.hpp"

namespace ajar::client {
namespace {

using control::Value;

Value::List flows_in(const std::string& text) {
    const auto value = control::parse_value(text, {8, 1000});
    EXPECT_TRUE(value) << value.error();
    return value->list();
}

const std::string kFlow =
    R"({"uid":"C12345678901234567","flow_id":7,"state":"ESTABLISHED","src_ip":"10.0.0.1","src_port":4711,)"
    R"("dest_ip":"10.0.0.2","dest_port":80,"vlan":[10,20],"pair":0,"worker":1,"age":65.5,"idle":0.25,)"
    R"("timer":"established","timeout":432000,"left":431999.75,"pkts_toserver":12345,"pkts_toclient":6,)"
    R"("bytes_toserver":1200,"bytes_toclient":800,"history":"ShA"})";

TEST(FlowPrinter, AConntrackLineIsConntracks) {
    FlowPrinter printer(Form::conntrack);
    EXPECT_EQ(printer.page(flows_in("[" + kFlow + "]")),
              "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=4711 dport=80 packets=12345 "
              "bytes=1200 "
              "src=10.0.0.2 dst=10.0.0.1 sport=80 dport=4711 packets=6 bytes=800 [ASSURED] mark=0 use=1\n");
    EXPECT_EQ(
        printer.page(flows_in(R"([{"state":"SYN_SENT","src_ip":"10.0.0.1","src_port":1,"dest_ip":"10.0.0.2",)"
                              R"("dest_port":2,"left":59.9,"pkts_toserver":1,"bytes_toserver":60}])")),
        "tcp      6 59 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 packets=1 bytes=60 [UNREPLIED] "
        "src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 packets=0 bytes=0 mark=0 use=1\n");
}

TEST(FlowPrinter, WhatWasRefusedIsNotAssured) {
    FlowPrinter printer(Form::conntrack);
    const auto line = [&](const char* history) {
        return printer.page(flows_in(fmt::format(
            R"([{{"state":"CLOSE","pkts_toserver":2,"pkts_toclient":1,"history":"{}"}}])", history)));
    };
    EXPECT_EQ(line("Sr").find("ASSURED"), std::string::npos) << "a closed port";
    EXPECT_EQ(line("ShR").find("ASSURED"), std::string::npos) << "a half-open scan";
    EXPECT_NE(line("ShAr").find("ASSURED"), std::string::npos);
}

TEST(FlowPrinter, ATableHasItsHeadOnce) {
    FlowPrinter printer(Form::table);
    const auto first = printer.page(flows_in("[" + kFlow + "]"));
    EXPECT_EQ(first.find("STATE"), 0U);
    EXPECT_NE(first.find("10.0.0.1:4711"), std::string::npos);
    EXPECT_NE(first.find("1 min 5 s"), std::string::npos) << first;
    EXPECT_NE(first.find("12.3k/6"), std::string::npos) << first;
    EXPECT_EQ(printer.page(flows_in("[" + kFlow + "]")).find("STATE"), std::string::npos);
    EXPECT_EQ(FlowPrinter(Form::table).page({}), "");
}

TEST(FlowPrinter, CsvHasAllOfIt) {
    FlowPrinter printer(Form::csv);
    const auto text = printer.page(flows_in("[" + kFlow + "]"));
    EXPECT_EQ(text.substr(0, text.find('\n')),
              "uid,flow_id,state,src_ip,src_port,dest_ip,dest_port,pair,worker,age,idle,timer,timeout,left,"
              "pkts_toserver,"
              "pkts_toclient,bytes_toserver,bytes_toclient,history,flagged,vlan");
    EXPECT_NE(text.find(",ShA,,\"10,20\"\n"), std::string::npos) << text;
}

TEST(FlowPrinter, JsonIsALineEach) {
    FlowPrinter printer(Form::json);
    const auto text = printer.page(flows_in("[" + kFlow + "," + kFlow + "]"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_EQ(text.find("{\"uid\":\"C12345678901234567\""), 0U);
}

TEST(EndText, AnIpv6AddressStandsInBrackets) {
    const auto flow = flows_in(R"([{"src_ip":"2001:db8::1","src_port":80}])")[0];
    EXPECT_EQ(end_text(flow, true), "[2001:db8::1]:80");
}

TEST(Table, NumbersStandToTheRight) {
    Table table({"A", ">N"});
    table.row({"long one", "5"});
    table.row({"b", "1,234"});
    EXPECT_EQ(table.text(true), "A             N\nlong one      5\nb         1,234\n");
    EXPECT_EQ(table.csv(true), "A,N\nlong one,5\nb,\"1,234\"\n");
}

TEST(Table, NoSpreadsheetReckonsWithATextNorDoesATerminalObeyOne) {
    Table table({"A", "B"});
    table.row({"=cmd|' /C calc'!A0", "-5"});
    table.row({"-2+3", "@x"});
    table.row({"\tx", "+1.5e3"});
    EXPECT_EQ(table.csv(false), "'=cmd|' /C calc'!A0,-5\n'-2+3,'@x\n'\tx,'+1.5e3\n");
    EXPECT_EQ(plain("a\x1b[2Jb\r\n\x7f\xc2\x9b"
                    "5n\xc3\xa9"),
              "a?[2Jb????5n\xc3\xa9");
    Table other({"A"});
    other.row({"\x1b]0;title\x07"});
    EXPECT_EQ(other.text(false), "?]0;title?\n");
}

TEST(FlatCsv, NamesHaveDots) {
    const auto value = *control::parse_value(R"({"v":1,"id":2,"ok":true,"a":{"b":[1,"x"]}})", {8, 100});
    EXPECT_EQ(flat_csv(value), "name,value\na.b.0,1\na.b.1,x\n");
}

}  // namespace
}  // namespace ajar::client
