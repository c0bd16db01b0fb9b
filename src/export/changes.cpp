// How the defence tells what it does.
#include "export/changes.hpp"

#include <algorithm>
#include <array>

#include "export/asks.hpp"
#include "export/block_list.hpp"
#include "export/human.hpp"
#include "export/json.hpp"

namespace ajar::exporting {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"destination", "service", "source", "network"};

/// What kind of name it has.
std::string_view about(const Change& c) {
    switch (c.subject) {
        case Subject::name:
            return kKindNames[static_cast<std::size_t>(c.name.kind)];
        case Subject::named:
            return "named_service";
        case Subject::rung:
            return "rung";
        default:
            return "all";
    }
}

std::string plain_name(const Change& c) {
    switch (c.subject) {
        case Subject::name:
            return name_text(c.name);
        case Subject::named:
            return c.service;
        case Subject::rung:
            return std::string(name(c.rung));
        default:
            return {};
    }
}

bool asks(CountKind kind) { return kind == CountKind::source || kind == CountKind::network; }

/// In EVE's own fields.
void put_who(Text& out, const Change& c) {
    if (c.subject != Subject::name) return;
    put(out, asks(c.name.kind) ? ",\"src_ip\":\"" : ",\"dest_ip\":\"");
    put_address(out, c.name.family, c.name.address);
    out.push_back('"');
    if (c.name.kind == CountKind::service) {
        put(out, ",\"dest_port\":");
        put_number(out, c.name.port.value());
    }
    put(out, ",\"proto\":\"TCP\"");
    const auto outer = c.name.zone >> 12U & 0xfffU, inner = c.name.zone & 0xfffU;
    if (outer == 0 && inner == 0) return;
    put(out, ",\"vlan\":[");
    put_number(out, outer);
    if (inner != 0) {
        out.push_back(',');
        put_number(out, inner);
    }
    out.push_back(']');
}

void put_text(Text& out, std::string_view key, std::string_view value) {
    put(out, key);
    put_quoted(out, value);
}
void put_time(Text& out, std::string_view key, Time t) {
    put(out, key);
    out.push_back('"');
    put_iso_time(out, t);
    out.push_back('"');
}

void put_gauge(Text& out, const Change& c) {
    if (c.gauge == Gauge::none) return;
    put_text(out, ",\"gauge\":", name(c.gauge));
    put(out, ",\"value\":");
    put_number(out, c.value);
    if (c.elsewhere != 0) {
        put(out, ",\"elsewhere\":");
        put_number(out, c.elsewhere);
    }
    put(out, ",\"enter\":");
    put_number(out, c.enter);
    put(out, ",\"leave\":");
    put_number(out, c.leave);
}

void put_ajar(Text& out, const Change& c) {
    const ChangeInfo& what = info(c.kind);
    put_text(out, ",\"ajar\":{\"change\":", what.name);
    put_text(out, ",\"sentence\":", sentence_of(c));
    put_text(out, ",\"about\":", about(c));
    if (c.subject != Subject::all) put_text(out, ",\"name\":", plain_name(c));
    put_text(out, ",\"mode\":", name(c.mode));
    put_gauge(out, c);
    if (c.kind == ChangeKind::flooded)
        put_text(out, ",\"method\":", kSynProofNames[static_cast<std::size_t>(c.method)]);
    if (c.kind == ChangeKind::flooded && c.subject == Subject::name && c.name.kind == CountKind::service)
        put(out, c.server_known ? ",\"server_known\":true" : ",\"server_known\":false");
    if (what.step == Step::goes_on || what.step == Step::ends) put_time(out, ",\"since\":", c.since);
    if (c.until != Time{}) put_time(out, ",\"until\":", c.until);
    if (c.subject == Subject::name) {
        put(out, ",\"pair\":");
        put_number(out, port_pair_of(c.name.zone));
    }
    put(out, ",\"generation\":");
    put_number(out, c.generation);
    out.push_back('}');
}

std::string elsewhere_text(const Change& c) {
    return c.elsewhere == 0 ? "" : fmt::format(", {} of them elsewhere", human_count(c.elsewhere));
}

}  // namespace

std::string gauge_of(const Change& c) {
    const auto per_cent = [](std::uint64_t per_mille) {
        return fmt::format("{:.1f} %", static_cast<double>(per_mille) / 10);
    };
    const auto mark = human_count(info(c.kind).step == Step::begins ? c.enter : c.leave);
    switch (c.gauge) {
        case Gauge::half_open:
            return fmt::format("{} half open{} (mark {})", human_count(c.value), elsewhere_text(c), mark);
        case Gauge::a_second:
            return fmt::format("{} a second (mark {})", human_count(c.value), mark);
        case Gauge::embryonic:
        case Gauge::confirmed:
            return fmt::format("{} table {} full (marks {} and {})", name(c.gauge), per_cent(c.value),
                               per_cent(c.enter), per_cent(c.leave));
        default:
            return {};
    }
}

namespace {

/// ", 1,200 half open (mark 1,000)".
std::string gauge_text(const Change& change) {
    const auto gauge = gauge_of(change);
    return gauge.empty() ? gauge : ", " + gauge;
}

std::string with_spaces(std::string_view id) {
    std::string out(id);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

/// "192.0.2.7:80: flooded", "stage cookies: entered", "answers for all".
std::string title_of(const Change& c) {
    const ChangeInfo& what = info(c.kind);
    if (c.subject == Subject::all) return with_spaces(what.name);
    if (c.subject == Subject::rung)
        return subject_of(c) + (what.step == Step::begins ? ": entered" : ": left");
    return subject_of(c) + ": " + with_spaces(what.name);
}

std::string how_it_ends(const Change& c) {
    if (c.until == Time{}) return {};
    return fmt::format(", {} more", human_duration(std::max(Duration{}, c.until - c.time)));
}

}  // namespace

void append_change(Text& out, const Change& change) {
    put_time(out, "{\"timestamp\":", change.time);
    put(out, ",\"event_type\":\"defence\"");
    put_who(out, change);
    put_ajar(out, change);
    put(out, "}\n");
}

std::string subject_of(const Change& change) {
    if (change.subject == Subject::all) return "all services";
    if (change.subject == Subject::rung) return "stage " + with_spaces(plain_name(change));
    return plain_name(change);
}

std::string line_of(const Change& change) {
    return fmt::format(
        "{}{}{}{}: {}{}", change.mode == Mode::observe ? "(observing) " : "", title_of(change),
        gauge_text(change), how_it_ends(change), sentence_of(change),
        change.server_known ? "" : "; clients are challenged until their server has been seen to answer");
}

namespace {

constexpr std::size_t kNamed = 4;

/// Those that a measure applies to, the first few.
std::string names_under(Measure measure, const Situation& situation) {
    std::size_t n = 0;
    std::string names;
    for (const Change& c : situation.now()) {
        if (info(c.kind).measure != measure || ++n > kNamed) continue;
        names += (names.empty() ? "" : ", ") + subject_of(c);
    }
    return n <= kNamed ? names : fmt::format("{} and {} more", names, n - kNamed);
}

}  // namespace

std::string standing_text(const Situation& situation, Time now) {
    constexpr std::array<std::pair<Measure, std::string_view>, 6> kMeasures = {
        {{Measure::flood, "flooded"},
         {Measure::limit, "at their limit"},
         {Measure::block, "blocked"},
         {Measure::heaviest, "give way first:"},
         {Measure::everyone, "answers for"},
         {Measure::rung, "pressure:"}}};
    std::string out;
    for (const auto& [measure, title] : kMeasures) {
        const auto names =
            measure == Measure::block ? block_text(situation, now, kNamed) : names_under(measure, situation);
        if (!names.empty()) out += fmt::format("{}{} {}", out.empty() ? "" : "; ", title, names);
    }
    return out;
}

std::string standing_json(const Situation& situation) {
    Json all('[');
    for (const Change& c : situation.now()) {
        Json one;
        one.member("change", Json::quoted(info(c.kind).name)).member("about", Json::quoted(about(c)));
        if (c.subject != Subject::all) one.member("name", Json::quoted(plain_name(c)));
        one.member("since", epoch_seconds(c.since));
        if (c.until != Time{}) one.member("until", epoch_seconds(c.until));
        all.item(one.text());
    }
    return all.text();
}

std::string changes_json(const Situation& situation) {
    Json all;
    for (std::size_t k = 0; k < kChangeCount; ++k) {
        const auto n = situation.count(static_cast<ChangeKind>(k));
        if (n != 0) all.member(kChangeTable[k].name, n);
    }
    Json stages;
    for (std::size_t r = 0; r < kRungCount; ++r)
        if (const auto n = situation.count(static_cast<Rung>(r)); n != 0) stages.member(kRungNames[r], n);
    if (situation.count(ChangeKind::rung_entered) != 0) all.member("stages", stages.text());
    return all.text();
}

}  // namespace ajar::exporting
