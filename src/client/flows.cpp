// A flow's members in the order of each form.
#include "client/flows.hpp"

#include <fmt/format.h>

#include <array>

#include "client/table.hpp"
#include "export/human.hpp"

namespace ajar::client {
namespace {

using control::Value;

/// "10,200" of outer and inner.
std::string vlans_text(const Value& flow) {
    std::string out;
    for (const auto& tag : flow["vlan"].list())
        out += fmt::format("{}{}", out.empty() ? "" : ",", tag.count());
    return out;
}

std::string marks_text(const Value& flow) {
    std::string out = flow["flagged"].text();
    for (const auto* mark : {"translated", "mid_stream", "tunnelled", "suspected"})
        if (flow[mark].flag()) out += fmt::format("{}{}", out.empty() ? "" : " ", mark);
    return out;
}

std::vector<std::string> table_row(const Value& f) {
    return {f["state"].text(),
            end_text(f, true),
            end_text(f, false),
            time_text(f["age"].real()),
            time_text(f["idle"].real()),
            f["left"].null() ? "-" : time_text(f["left"].real()),
            fmt::format("{}/{}", exporting::human_short(f["pkts_toserver"].real()),
                        exporting::human_short(f["pkts_toclient"].real())),
            exporting::human_bytes(f["bytes_toserver"].count() + f["bytes_toclient"].count()),
            f["history"].text(),
            f["uid"].text(),
            marks_text(f)};
}

constexpr std::array<const char*, 20> kCsv = {
    "uid",           "flow_id",        "state",          "src_ip",  "src_port",
    "dest_ip",       "dest_port",      "pair",           "worker",  "age",
    "idle",          "timer",          "timeout",        "left",    "pkts_toserver",
    "pkts_toclient", "bytes_toserver", "bytes_toclient", "history", "flagged"};

std::vector<std::string> csv_row(const Value& f) {
    std::vector<std::string> out;
    for (const auto* name : kCsv) {
        const Value& v = f[name];
        const bool text = std::holds_alternative<std::string>(v.is);
        out.push_back(v.null() ? std::string() : text ? v.text() : control::text_of(v));
    }
    out.push_back(vlans_text(f));
    return out;
}

Table csv_table() {
    std::vector<std::string_view> names(kCsv.begin(), kCsv.end());
    names.emplace_back("vlan");
    return Table(names);
}

/// One direction in conntrack's words.
std::string tuple_text(const Value& f, bool original) {
    const auto* const src = original ? "src" : "dest";
    const auto* const dst = original ? "dest" : "src";
    const auto* const way = original ? "toserver" : "toclient";
    const auto ip = [&](const char* end) { return f[fmt::format("{}_ip", end)].text(); };
    const auto port = [&](const char* end) { return f[fmt::format("{}_port", end)].count(); };
    return fmt::format("src={} dst={} sport={} dport={} packets={} bytes={} ", ip(src), ip(dst), port(src),
                       port(dst), f[fmt::format("pkts_{}", way)].count(),
                       f[fmt::format("bytes_{}", way)].count());
}

/// Beyond its handshake; one that was closed within it never was.
bool is_assured(const Value& f) {
    const auto& state = f["state"].text();
    if (state == "SYN_SENT" || state == "SYN_RECV" || state == "SYN_SENT2" || state == "UNVERIFIED")
        return false;
    if (state != "CLOSE" || f["history"].null()) return true;
    const auto& history = f["history"].text();  // Zeek's: the server's SYN-ACK, then the client's word
    const auto at = history.find('h');
    return at != std::string::npos && history.find_first_of("ADF", at) != std::string::npos;
}

/// As `conntrack -L` with nf_conntrack_acct has it; of states of Ajar's own the name is Ajar's.
std::string conntrack_line(const Value& f) {
    const auto left = f["left"].null() ? 0 : static_cast<std::uint64_t>(f["left"].real());
    const bool unreplied = f["pkts_toclient"].count() == 0;
    return fmt::format("tcp      6 {} {} {}{}{}{}mark=0 use=1\n", left, f["state"].text(),
                       tuple_text(f, true), unreplied ? "[UNREPLIED] " : "", tuple_text(f, false),
                       is_assured(f) && !unreplied ? "[ASSURED] " : "");
}

}  // namespace

std::string end_text(const Value& flow, bool source) {
    const auto& address = flow[source ? "src_ip" : "dest_ip"].text();
    const auto port = flow[source ? "src_port" : "dest_port"].count();
    const bool v6 = address.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

std::string time_text(double seconds) {
    return exporting::human_duration(Duration(static_cast<std::int64_t>(seconds * 1e9)));
}

struct FlowPrinter::Impl {
    Form form;
    Table table;
    bool first = true;
};

FlowPrinter::FlowPrinter(Form form)
    : impl_(new Impl{form, form == Form::csv ? csv_table()
                                             : Table({"STATE", "CLIENT", "SERVER", ">AGE", ">IDLE", ">LEFT",
                                                      ">PACKETS", ">BYTES", "HISTORY", "UID", "MARKS"})}) {}
FlowPrinter::~FlowPrinter() = default;

std::string FlowPrinter::page(const Value::List& flows) {
    std::string out;
    auto& table = impl_->table;
    for (const Value& flow : flows) {
        if (impl_->form == Form::json) out += control::text_of(flow) + "\n";
        if (impl_->form == Form::conntrack) out += conntrack_line(flow);
        if (impl_->form == Form::table) table.row(table_row(flow));
        if (impl_->form == Form::csv) table.row(csv_row(flow));
    }
    if (impl_->form == Form::table && !(table.empty() && impl_->first)) out = table.text(impl_->first);
    if (impl_->form == Form::csv) out = table.csv(impl_->first);
    table.clear();
    impl_->first = impl_->first && impl_->form == Form::table && flows.empty();
    return out;
}

}  // namespace ajar::client
