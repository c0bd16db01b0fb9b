// One request after the other, and what is printed of the answers.
#include "client/client.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>

#include "client/reports.hpp"
#include "client/session.hpp"
#include "client/table.hpp"
#include "client/top.hpp"
#include "config/units.hpp"
#include "exit_code.hpp"
#include "explain/explain.hpp"
#include "export/human.hpp"
#include "put_line.hpp"

namespace ajar::client {
namespace {

using control::Value;
using control::VerbId;

int complain(const Call& call, const std::string& text, int code = kFailed) {
    put_line(stderr, fmt::format("ajar {}: {}", call.verb->name, plain(text)));
    return code;
}

/// The user's mistake, or something that did not work?
int code_of(const std::string& code) {
    const bool usage = code.starts_with("bad_") || code.starts_with("unknown_");
    return usage ? kUsage : kFailed;
}
int complain(const Call& call, const Reply& reply) { return complain(call, reply.text, code_of(reply.code)); }

/// False: nobody reads any more, which is no fault.
bool print(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

void set(Value::Object& options, std::string_view name, Value value) {
    for (auto& member : options)
        if (member.name == name) return void(member.value = std::move(value));
    options.push_back({std::string(name), std::move(value)});
}

/// Empty where it was not.
std::string given(const Call& call, std::string_view option) {
    for (const auto& member : call.options)
        if (member.name == option) return member.value.text();
    return {};
}

/// What a list has printed, or why it has not.
struct Listed {
    std::optional<int> code{};  ///< it went wrong
    std::string cursor;         ///< where it would go on
};

/// Pages until the limit, or the end.
Listed list_once(Session& session, const Call& call) {
    auto options = call.options;
    std::optional<std::uint64_t> left;
    if (const auto limit = config::parse_count(given(call, "limit"))) left = *limit;
    FlowPrinter printer(call.form);
    while (true) {
        if (left) set(options, "limit", {*left});
        const auto reply = session.ask(options, call.verb->name);
        if (!reply) return {complain(call, reply.error()), {}};
        if (!reply->code.empty()) return {complain(call, *reply), {}};
        const Value& a = reply->value;
        if (!a["count"].null()) {
            print(fmt::format("{}\n", a["count"].count()));
            return {};
        }
        const auto& flows = a["flows"].list();
        if (!print(printer.page(flows))) return {kGood, {}};
        if (left) *left -= std::min<std::uint64_t>(*left, flows.size());
        const auto& cursor = a["cursor"].text();
        // A sorted list without a limit would be sorted anew for each page: the first one is what was asked
        // for.
        const bool sorted = cursor.starts_with('s') && !left;
        if (cursor.empty() || sorted || (left && *left == 0)) return {{}, cursor};
        set(options, "cursor", {cursor});
    }
}

int list(Session& session, const Call& call) {
    while (true) {
        if (call.every && isatty(STDOUT_FILENO) == 1) print("\x1b[H\x1b[2J");
        const auto listed = list_once(session, call);
        if (listed.code) return *listed.code;
        if (!call.every) {
            if (!listed.cursor.empty()) put_line(stderr, "more: --cursor " + listed.cursor);
            return kGood;
        }
        const auto pause = std::chrono::duration_cast<std::chrono::nanoseconds>(*call.every);
        const timespec nap{pause.count() / 1'000'000'000, pause.count() % 1'000'000'000};
        if (nanosleep(&nap, nullptr) != 0) return kGood;
    }
}

std::string text_of(const Call& call, const Value& a) {
    switch (call.verb->id) {
        case VerbId::stats:
            return stats_text(a);
        case VerbId::posture:
            return posture_text(a);
        case VerbId::reload:
            return reload_text(a);
        case VerbId::profile:
            return profile_text(a);
        case VerbId::config:
            return config_text(a);
        case VerbId::block:
            return fmt::format(
                "{} is blocked{}{}{}\n", a["prefix"].text(), a["until"].null() ? "" : " until ",
                a["until"].text(),
                a["mode"].text() == "observe" ? "; mode observe: its SYNs are counted, and pass" : "");
        case VerbId::unblock:
            return fmt::format("{} is not blocked by hand any more\n", a["prefix"].text());
        default:
            return fmt::format(
                "{} evicted{}{}\n", exporting::counted(a["evicted"].count(), "connection", "connections"),
                a["gone"].count() == 0 ? "" : fmt::format(", {} had ended by themselves", a["gone"].count()),
                a["mode"].text() == "observe" ? "; mode observe: no reset was sent" : "");
    }
}

int once(Session& session, const Call& call) {
    const auto reply = session.ask(call.options, call.verb->name);
    if (!reply) return complain(call, reply.error());
    if (!reply->code.empty()) return complain(call, *reply);
    if (call.form == Form::json) return print(control::text_of(bare(reply->value)) + "\n"), kGood;
    if (call.form == Form::csv) return print(flat_csv(reply->value)), kGood;
    return print(text_of(call, reply->value)), kGood;
}

int get(Session& session, const Call& call) {
    const auto reply = session.ask(call.options, call.verb->name);
    if (!reply) return complain(call, reply.error());
    if (!reply->code.empty()) return complain(call, *reply);
    FlowPrinter printer(call.form);
    return print(printer.page(reply->value["flows"].list())), kGood;
}

int events(Session& session, const Call& call) {
    const auto reply = session.ask(call.options, call.verb->name);
    if (!reply) return complain(call, reply.error());
    if (!reply->code.empty()) return complain(call, *reply);
    while (true) {
        const auto line = session.next(std::nullopt);
        if (!line) return complain(call, line.error());
        if (!*line) return kGood;  // a signal
        const Value& v = **line;
        if (v["end"].flag()) return kGood;
        if (!v["lost"].null())
            put_line(stderr,
                     fmt::format("ajar events: {} lost: this end reads too slowly", v["lost"].count()));
        if (v["event"].null()) continue;
        const bool plain = call.form == Form::json;
        if (!print(plain ? control::text_of(v["event"]) + "\n" : event_line(v["event"]))) return kGood;
    }
}

/// What the appliance remembers, told as of a file. Nothing remembered: whether it lives.
int explain(Session& session, const Call& call) {
    const auto reply = session.ask(call.options, call.verb->name);
    if (!reply) return complain(call, reply.error());
    if (!reply->code.empty()) return complain(call, *reply);
    const Value& a = reply->value;
    std::string lines;
    for (const auto& event : a["events"].list()) lines += control::text_of(event) + "\n";
    const auto& alive = a["flows"].list();
    const std::string flow = given(call, "flow");
    if (!lines.empty()) return explain::explain_text(lines, "the appliance", flow, call.form == Form::json);
    if (alive.empty())
        return complain(
            call, fmt::format("nothing of {} is among the latest {} that this appliance remembers, and it is "
                              "not alive; [events] file remembers more",
                              flow, exporting::counted(a["remembered"].count(), "event", "events")));
    print("Nothing was flagged, evicted or reset of it; it is alive:\n");
    FlowPrinter printer(call.form);
    return print(printer.page(alive)), kGood;
}

}  // namespace

int call(const Call& call) {
    std::signal(SIGPIPE, SIG_IGN);
    if (call.form == Form::conntrack && call.verb->id != VerbId::list && call.verb->id != VerbId::get)
        return complain(call, "conntrack's lines are for list and get", kUsage);
    if (call.form == Form::csv && call.verb->id == VerbId::events)
        return complain(call, "events have no columns of their own; -o json has all of them", kUsage);
    auto session = Session::open(call.socket, call.patience);
    if (!session) return complain(call, session.error());
    switch (call.verb->id) {
        case VerbId::list:
            return list(*session, call);
        case VerbId::get:
            return get(*session, call);
        case VerbId::events:
            return events(*session, call);
        case VerbId::explain:
            return explain(*session, call);
        case VerbId::top:
            return top(*session, call.every.value_or(std::chrono::seconds(1)), call.once);
        default:
            return once(*session, call);
    }
}

}  // namespace ajar::client
