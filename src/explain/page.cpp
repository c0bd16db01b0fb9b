// Paragraphs and tables.
#include "explain/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "explain/words.hpp"
#include "export/event_json.hpp"
#include "export/human.hpp"
#include "export/json.hpp"

namespace ajar::explain {
namespace {

constexpr std::size_t kIndent = 2, kLeastWidth = 40;

std::string joined(const std::vector<std::string>& sentences) {
    std::string out;
    for (const auto& sentence : sentences) out += (out.empty() ? "" : " ") + sentence;
    return out;
}

std::string titled(std::string_view text, const Look& look) {
    return look.bold ? fmt::format("\x1b[1m{}\x1b[0m\n", text) : fmt::format("{}\n", text);
}

std::string packet_row(const Moment& m) {
    const Glimpse& g = *m.packet;
    return fmt::format("  {}  {:<6}  {:<11} {:>10} {:>10} {:>5} {:>5} {:>3}\n", clock_text(m.time),
                       m.from == kClient ? "client" : "server", flags_text(g.flags), g.seq,
                       g.flags.ack() ? fmt::format("{}", g.ack) : "-", g.payload, g.window, g.ttl);
}

std::string timeline_text(const Story& story) {
    std::string out = fmt::format("  {:<15}  {:<6}  {:<11} {:>10} {:>10} {:>5} {:>5} {:>3}\n", "", "from",
                                  "flags", "seq", "ack", "bytes", "win", "ttl");
    std::string day;
    for (const Moment& m : story.timeline) {
        if (const auto its_day = day_text(m.time); its_day != day) {
            out += fmt::format("  {}, UTC\n", its_day);
            day = its_day;
        }
        out += m.packet ? packet_row(m) : fmt::format("  {}  Ajar    {}\n", clock_text(m.time), m.what);
    }
    return out;
}

std::string chapter_text(const Chapter& c, const Look& look) {
    const auto when = c.time ? fmt::format("{}  ", exporting::utc_text(*c.time)) : std::string();
    return titled(when + c.title, look) + wrapped(joined(c.sentences), kIndent, look.width) + "\n";
}

std::string history_text(const std::vector<Letter>& history) {
    std::string out;
    for (const Letter& l : history) out += fmt::format("  {}  {}\n", l.letter, l.meaning);
    return out;
}

std::string letters_of(const std::vector<Letter>& history) {
    std::string out;
    for (const Letter& l : history) out += l.letter;
    return out;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "SEQ 1001", "5 min", "1.62 kB)." stay in one line.
bool belong_together(std::string_view word, std::string_view next) {
    if (word.ends_with("SEQ")) return true;
    if (word.empty() || std::isdigit(static_cast<unsigned char>(word.back())) == 0) return false;
    return is_one_of(next.substr(0, next.find_last_not_of(".,;:)") + 1),
                     {"ns", "us", "ms", "s", "min", "h", "d", "B", "kB", "MB", "GB", "TB"});
}

/// Where the first words that belong together end.
std::size_t end_of_piece(std::string_view text) {
    std::size_t begin = 0, end = std::min(text.find(' '), text.size());
    while (end < text.size()) {
        const auto next = std::min(text.find(' ', end + 1), text.size());
        if (!belong_together(text.substr(begin, end - begin), text.substr(end + 1, next - end - 1))) break;
        begin = end + 1;
        end = next;
    }
    return end;
}

}  // namespace

std::string flags_text(TcpFlags flags) {
    constexpr std::array<std::string_view, 8> kNames = {"FIN", "SYN", "RST", "PSH",
                                                        "ACK", "URG", "ECE", "CWR"};
    std::string out;
    for (std::size_t bit = 0; bit < kNames.size(); ++bit)
        if (flags.has(static_cast<std::uint8_t>(1U << bit)))
            out += fmt::format("{}{}", out.empty() ? "" : " ", kNames[bit]);
    return out.empty() ? "none" : out;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    width = std::max(width, kLeastWidth);
    std::string out, line;
    const std::string margin(indent, ' ');
    while (!text.empty()) {
        const auto end = end_of_piece(text);
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line.clear();
        }
        line += (line.empty() ? margin : " ") + std::string(word);
    }
    return line.empty() ? out : out + line + "\n";
}

std::string page_of(const Story& story, const Look& look) {
    std::string out = titled(fmt::format("Connection {}", story.uid), look);
    out += fmt::format("  client  {}\n  server  {}\n", text_of(story.ends[kClient]),
                       text_of(story.ends[kServer]));
    out += wrapped(joined(story.facts), kIndent, look.width) + "\n";
    for (const Chapter& c : story.chapters) out += chapter_text(c, look);
    out += titled("What each end knows now", look);
    for (const auto& sentence : story.knows) out += wrapped(sentence, kIndent, look.width);
    out += '\n';
    out += titled("Timeline", look) + timeline_text(story);
    if (story.history.empty()) return out;
    out += '\n';
    out += titled(fmt::format("History {}", letters_of(story.history)), look) + history_text(story.history);
    return out;
}

namespace {

using exporting::Json;

std::string iso_json(Time t) {
    exporting::Text text;
    exporting::put_iso_time(text, t);
    return Json::quoted(fmt::to_string(text));
}

std::string list_json(const std::vector<std::string>& texts) {
    Json list('[');
    for (const auto& text : texts) list.item(Json::quoted(text));
    return list.text();
}

std::string chapter_json(const Chapter& c) {
    Json out;
    if (c.time) out.member("time", iso_json(*c.time));
    return out.member("title", Json::quoted(c.title)).member("sentences", list_json(c.sentences)).text();
}

std::string moment_json(const Moment& m) {
    Json out;
    out.member("time", iso_json(m.time));
    if (!m.packet) return out.member("ajar", Json::quoted(m.what)).text();
    const Glimpse& g = *m.packet;
    return out.member("from", Json::quoted(m.from == kClient ? "client" : "server"))
        .member("flags", Json::quoted(flags_text(g.flags)))
        .member("seq", std::uint64_t{g.seq})
        .member("ack", std::uint64_t{g.ack})
        .member("len", std::uint64_t{g.payload})
        .member("win", std::uint64_t{g.window})
        .member("ttl", std::uint64_t{g.ttl})
        .text();
}

std::string letter_json(const Letter& l) {
    return Json()
        .member("letter", Json::quoted({&l.letter, 1}))
        .member("meaning", Json::quoted(l.meaning))
        .text();
}

template <typename List, typename Text>
std::string each_json(const List& list, Text&& text) {
    Json out('[');
    for (const auto& one : list) out.item(text(one));
    return out.text();
}

}  // namespace

std::string json_of(const Story& story) {
    return Json()
        .member("uid", Json::quoted(story.uid))
        .member("client", Json::quoted(text_of(story.ends[kClient])))
        .member("server", Json::quoted(text_of(story.ends[kServer])))
        .member("facts", list_json(story.facts))
        .member("events", each_json(story.chapters, chapter_json))
        .member("knows", Json()
                             .member("client", Json::quoted(story.knows[kClient]))
                             .member("server", Json::quoted(story.knows[kServer]))
                             .text())
        .member("timeline", each_json(story.timeline, moment_json))
        .member("history", each_json(story.history, letter_json))
        .text();
}

}  // namespace ajar::explain
