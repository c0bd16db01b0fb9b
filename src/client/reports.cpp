// Answers in a few lines.
#include "client/reports.hpp"

#include <fmt/format.h>

#include "client/flows.hpp"
#include "client/table.hpp"
#include "export/human.hpp"

namespace ajar::client {
namespace {

using control::Value;

std::string words_of(const Value& list) {
    std::string out;
    for (const auto& word : list.list()) out += fmt::format("{}{}", out.empty() ? "" : ", ", word.text());
    return out;
}

std::string changed_text(const Value& a) {
    std::string out;
    if (!a["changed"].list().empty()) out += fmt::format("changed: {}\n", words_of(a["changed"]));
    if (!a["restart"].list().empty()) out += fmt::format("needs a restart: {}\n", words_of(a["restart"]));
    return out;
}

void flatten(const std::string& name, const Value& value, Table& into) {
    const auto below = [&](const std::string& part) {
        return name.empty() ? part : fmt::format("{}.{}", name, part);
    };
    if (value.is_object()) {
        for (const auto& member : value.members()) flatten(below(member.name), member.value, into);
    } else if (std::holds_alternative<Value::List>(value.is)) {
        for (std::size_t i = 0; i < value.list().size(); ++i)
            flatten(below(std::to_string(i)), value.list()[i], into);
    } else {
        into.row(
            {name, std::holds_alternative<std::string>(value.is) ? value.text() : control::text_of(value)});
    }
}

}  // namespace

Value bare(const Value& answer) {
    Value::Object out;
    for (const auto& member : answer.members())
        if (member.name != "v" && member.name != "id" && member.name != "ok") out.push_back(member);
    return {std::move(out)};
}

std::string flat_csv(const Value& answer) {
    Table table({"name", "value"});
    flatten("", bare(answer), table);
    return table.csv(true);
}

std::string reload_text(const Value& a) {
    const auto what = changed_text(a);
    return fmt::format("generation {}\n{}", a["generation"].count(),
                       what.empty() ? "nothing has changed\n" : what);
}

// As a file that `ajar run -c` takes: keys with their sections before them need no headings.
std::string config_text(const Value& a) {
    std::string out = fmt::format("# generation {}\n", a["generation"].count());
    for (const auto& [name, value] : a["options"].members())
        out += fmt::format("{} = {}\n", name, plain(value.text()));
    return out + a["services"].text();
}

std::string profile_text(const Value& a) {
    Table timers({"TIMER", ">AFTER"}), actions({"CAUSE", "ACTION"});
    for (const auto& [name, after] : a["timeouts"].members()) timers.row({name, time_text(after.real())});
    for (const auto& [name, action] : a["actions"].members()) actions.row({name, action.text()});
    return fmt::format("profile {}, generation {}\n{}\n{}\n{}", a["profile"].text(), a["generation"].count(),
                       changed_text(a), timers.text(true), actions.text(true));
}

std::string posture_text(const Value& a) {
    std::string out = fmt::format("mode {}\n", a["mode"].text());
    Table standing({"STANDS", "WHOM", "SINCE"}), sources({"SOURCE", "BY", "UNTIL"}),
        changes({"CHANGE", ">TIMES"}), fleet({"APPLIANCE", "MODE", ">HALF OPEN", "STAGES"});
    for (const auto& one : a["standing"].list())
        if (!one["change"].text().starts_with("source_"))  // those stand below, with their ends
            standing.row({one["change"].text(), one["name"].text(), one["since"].text()});
    for (const auto& one : a["blocked"].list())
        sources.row({one["name"].text(), "defence",
                     one["until"].null() ? "it subsides" : control::text_of(one["until"])});
    for (const auto& one : a["blocks"].list())
        sources.row(
            {one["prefix"].text(),
             one["box"].null() ? "hand" : fmt::format("{} of {}", one["by"].text(), one["box"].text()),
             one["until"].null() ? "unblocked" : one["until"].text()});
    for (const auto& one : a["fleet"].list())
        fleet.row({one["box"].text(), one["mode"].text(), exporting::human_count(one["half_open"].count()),
                   words_of(one["stages"])});
    for (const auto& [name, count] : a["changes"].members())
        if (count.count() != 0) changes.row({name, exporting::human_count(count.count())});
    out += standing.empty() ? "no flood, no limit, no pressure\n" : fmt::format("\n{}", standing.text(true));
    for (Table* table : {&sources, &fleet, &changes})
        if (!table->empty()) out += fmt::format("\n{}", table->text(true));
    return out;
}

std::string event_line(const Value& e) {
    const Value& own = e["ajar"];
    if (e["event_type"].text() == "defence")
        return fmt::format("{}  defence     {}  {}\n", e["timestamp"].text(), plain(own["name"].text()),
                           plain(own["sentence"].text()));
    return fmt::format("{}  {:10}  {} -> {}  {}  {}\n", e["timestamp"].text(), e["event_type"].text(),
                       end_text(e, true), end_text(e, false), own["state"].text(), own["reason"].text());
}

}  // namespace ajar::client
