// From a story to the rungs of its ladder.
#include "page/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "explain/page.hpp"

namespace ajar::page {
namespace {

using explain::Letter;
using explain::Moment;
using explain::Story;

struct Sign {
    char letter;
    std::string_view title;
};
constexpr std::array kSigns = {
    Sign{'S', "SYN"},      Sign{'H', "SYN ACK"}, Sign{'A', "first ACK"},          Sign{'D', "first data"},
    Sign{'F', "FIN"},      Sign{'R', "RST"},     Sign{'C', "wrong checksum"},     Sign{'T', "data again"},
    Sign{'W', "window 0"}, Sign{'I', "FIN RST"}, Sign{'Q', "SYN with FIN or RST"}};

std::optional<Rung> rung_of(const Letter& l) {
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(l.letter)));
    const auto* const sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& s) { return s.letter == upper; });
    if (sign == kSigns.end()) return std::nullopt;
    Rung rung;
    rung.kind = Rung::Kind::letter;
    rung.from = l.letter == upper ? explain::kClient : explain::kServer;
    rung.reset = upper == 'R' || upper == 'I';
    rung.title = sign->title;
    return rung;
}

Rung rung_of(const Moment& m) {
    Rung rung;
    rung.time = m.time;
    if (!m.packet) {
        rung.kind = Rung::Kind::act;
        rung.title = m.what;
        rung.to = m.reset_to;
        return rung;
    }
    const Glimpse& g = *m.packet;
    rung.from = m.from;
    rung.reset = g.flags.rst();
    rung.title = explain::flags_text(g.flags);
    if (g.payload != 0) rung.title += fmt::format(", {} {}", g.payload, g.payload == 1 ? "byte" : "bytes");
    rung.detail = fmt::format("seq {}", g.seq);
    if (g.flags.ack()) rung.detail += fmt::format(" ack {}", g.ack);
    rung.detail += fmt::format(" win {}", g.window);
    return rung;
}

bool has_packets(const Story& story) {
    return std::any_of(story.timeline.begin(), story.timeline.end(),
                       [](const Moment& m) { return m.packet; });
}

}  // namespace

Ladder ladder_of(const Story& story) {
    Ladder out;
    for (const auto end : {explain::kClient, explain::kServer}) out.ends[end] = text_of(story.ends[end]);
    if (!has_packets(story))
        for (const Letter& l : story.history)
            if (auto rung = rung_of(l)) out.rungs.push_back(std::move(*rung));
    for (const Moment& m : story.timeline) out.rungs.push_back(rung_of(m));
    if (out.rungs.size() > Ladder::kMost) {
        out.left_out = out.rungs.size() - Ladder::kMost;
        out.rungs.resize(Ladder::kMost);
    }
    return out;
}

}  // namespace ajar::page
