// Text and JSON.
#include "doctor/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

constexpr std::size_t kGradeWidth = 9, kCheckWidth = 15;

/// The further lines of a text of several begin below the first.
std::string indented(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '\n') out.append(kGradeWidth + kCheckWidth, ' ');
    }
    return out;
}

std::string row(const Told& told, bool named) {
    auto out = fmt::format("{:{}}{:{}}{}\n", name(told.finding.grade), kGradeWidth, named ? told.check : "",
                           kCheckWidth, indented(told.finding.seen));
    if (!told.finding.fix.empty())
        out += fmt::format("{:{}}{:{}}{}\n", "", kGradeWidth, "  mend it by", kCheckWidth,
                           indented(told.finding.fix));
    return out;
}

std::string verdict(const std::vector<Told>& all) {
    const auto troubles = count(all, Grade::trouble), advice = count(all, Grade::advice);
    if (troubles + advice == 0) return "nothing to mend\n";
    return fmt::format("{} trouble{}, {} of advice\n", troubles, troubles == 1 ? "" : "s", advice);
}

}  // namespace

std::vector<Told> examine(const Patient& patient) {
    std::vector<Told> out;
    for (const auto& check : checks())
        for (auto& finding : check.look(patient)) out.push_back({check.name, std::move(finding)});
    return out;
}

std::size_t count(const std::vector<Told>& all, Grade grade) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Told& t) { return t.finding.grade == grade; }));
}

std::string as_text(const std::vector<Told>& all) {
    std::string out;
    std::string_view before;
    for (const auto& told : all) {
        out += row(told, told.check != before);
        before = told.check;
    }
    return out + "\n" + verdict(all);
}

std::string as_json(const std::vector<Told>& all, const std::string& file) {
    nlohmann::ordered_json out = {{"file", file},
                                  {"troubles", count(all, Grade::trouble)},
                                  {"advice", count(all, Grade::advice)},
                                  {"findings", nlohmann::ordered_json::array()}};
    for (const auto& [check, finding] : all)
        out["findings"].push_back(
            {{"check", check}, {"grade", name(finding.grade)}, {"seen", finding.seen}, {"fix", finding.fix}});
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace ajar::doctor
