// What is printed where, and what is said of a connection that is not found or not the only one.
#include "explain/explain.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "exit_code.hpp"
#include "explain/page.hpp"
#include "explain/search.hpp"
#include "export/human.hpp"
#include "put_line.hpp"

namespace ajar::explain {
namespace {

constexpr std::size_t kWidest = 110;  // beyond it lines are hard to read

int complain(const std::string& text) {
    put_line(stderr, fmt::format("ajar explain: {}", text));
    return kFailed;
}

Look look_of_output() {
    Look look;
    if (isatty(STDOUT_FILENO) != 1) return look;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        look.width = std::min(kWidest, std::size_t{size.ws_col});
    look.bold = std::getenv("NO_COLOR") == nullptr;
    return look;
}

/// A connection in a list, and the first thing that was told of it.
std::string line_of_connection(const Incident& i) {
    std::string tags;
    for (const auto tag : i.vlans) tags += fmt::format("  VLAN {}", tag);
    return fmt::format("\n  {}  {}  {} -> {}{}", i.uid, exporting::utc_text(i.begun),
                       text_of(i.ends[kClient]), text_of(i.ends[kServer]), tags);
}

int complain_of_unknown(const Wanted& wanted, const Found& found) {
    std::string text = fmt::format(
        "nothing was told of {} in {}; an event tells only what was flagged, evicted, reset, asked or half "
        "open (flow records, --flows, have every connection)",
        wanted.text(), exporting::counted(found.lines, "line", "lines"));
    if (!found.near.empty()) text += "\nbetween the same hosts:";
    for (const Incident& i : found.near) text += line_of_connection(i);
    return complain(text);
}

int complain_of_several(const Wanted& wanted, const std::vector<Incident>& connections, bool more) {
    constexpr std::size_t kShown = 50;
    std::string text = fmt::format("{} was used by {}{} connections; name one by its uid:", wanted.text(),
                                   more ? "more than " : "", connections.size());
    for (std::size_t n = 0; n < std::min(kShown, connections.size()); ++n)
        text += line_of_connection(connections[n]);
    if (connections.size() > kShown) text += fmt::format("\n  and {} more", connections.size() - kShown);
    return complain(text);
}

/// Within bounded memory.
std::string left_out_text(const Keep& kept) {
    return fmt::format("Of its events the first {} and the last {} are told here; {} in between {} left out.",
                       Keep::kEdge, Keep::kEdge, kept.left_out(), kept.left_out() == 1 ? "is" : "are");
}

int explain_found(const Wanted& wanted, const Result<Found>& found, bool json) {
    if (!found) return complain(found.error());
    for (const auto& warning : found->warnings) complain(warning);
    const Keep& kept = found->kept;
    const auto& connections = kept.connections();
    if (connections.empty()) return complain_of_unknown(wanted, *found);
    if (connections.size() > 1) return complain_of_several(wanted, connections, kept.more_connections());
    Story story = tell(kept.incidents());
    if (kept.left_out() != 0) story.facts.push_back(left_out_text(kept));
    const std::string text = json ? json_of(story) + "\n" : page_of(story, look_of_output());
    const bool told = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return told && std::fflush(stdout) == 0 ? kGood : complain("cannot write to standard output");
}

}  // namespace

int explain(const ExplainOptions& options) {
    const auto wanted = Wanted::parse(options.flow);
    if (!wanted) return complain(wanted.error()), kUsage;
    return explain_found(*wanted, search(options.files, *wanted), options.json);
}

int explain_text(std::string_view lines, const std::string& name, const std::string& flow, bool json) {
    const auto wanted = Wanted::parse(flow);
    if (!wanted) return complain(wanted.error()), kUsage;
    return explain_found(*wanted, search_text(lines, name, *wanted), json);
}

}  // namespace ajar::explain
