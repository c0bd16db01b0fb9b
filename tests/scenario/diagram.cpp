// The reader of packet diagrams.
#include "diagram.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "ajar/policy/timeouts.hpp"

namespace ajar::scenario {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string w; in >> w;) words.push_back(w);
    return words;
}

std::uint32_t number(const std::string& word) {
    std::size_t used = 0;
    const auto value = std::stoul(word, &used, 0);
    if (used != word.size()) fail("not a number: " + word);
    return static_cast<std::uint32_t>(value);
}

template <typename Names>
std::size_t index_of(const Names& names, const std::string& word, const char* what) {
    const auto* it = std::find(names.begin(), names.end(), word);
    if (it == names.end()) fail(std::string("no ") + what + ": " + word);
    return static_cast<std::size_t>(it - names.begin());
}

Reason reason_named(const std::string& word) {
    for (std::size_t i = 0; i < kReasonCount; ++i)
        if (kReasonTable[i].name == word) return static_cast<Reason>(i);
    fail("no reason: " + word);
}

TcpFlags flags_of(const std::string& word) {
    TcpFlags flags;
    const std::string letters = "FSRPAUEC";
    if (word == "-") return flags;
    for (const char c : word) {
        const auto bit = letters.find(c);
        if (bit == std::string::npos) fail("no TCP flag: " + word);
        flags.bits = static_cast<std::uint8_t>(flags.bits | (1U << bit));
    }
    return flags;
}

/// C > S  FLAGS  SEQ[:END]  [ack N] [win N] [sack N] [scale N] [sackok]
Arrow arrow_of(const std::vector<std::string>& w) {
    if (w.size() < 5 || w[0] != "C" || w[2] != "S" || (w[1] != ">" && w[1] != "<"))
        fail("an arrow reads: C > S FLAGS SEQ[:END] [ack N] [win N] [sack N] [scale N] [sackok]");
    Arrow a;
    a.from = w[1] == ">" ? Who::client : Who::server;
    a.flags = flags_of(w[3]);
    const auto colon = w[4].find(':');
    a.seq = number(w[4].substr(0, colon));
    a.end = colon == std::string::npos ? a.seq : number(w[4].substr(colon + 1));
    for (std::size_t i = 5; i < w.size(); ++i) {
        if (w[i] == "sackok") {
            a.sack_permitted = true;
            continue;
        }
        if (i + 1 == w.size()) fail("a value is missing after " + w[i]);
        const std::string& key = w[i];
        const std::uint32_t value = number(w[++i]);
        if (key == "ack") {
            a.ack = value;
        } else if (key == "win") {
            a.window = static_cast<std::uint16_t>(value);
        } else if (key == "scale") {
            a.scale = static_cast<std::uint8_t>(value);
        } else if (key == "sack") {
            a.sack = value;
            a.has_sack = true;
        } else {
            fail("no such word in an arrow: " + key);
        }
    }
    return a;
}

/// VERDICT STATE [REASON] [timer CLASS] [promoted]
Expected expected_of(const std::vector<std::string>& w) {
    static constexpr std::array<std::string_view, 6> verdicts = {"new",    "reopen",  "ok",
                                                                 "passed", "invalid", "refused"};
    if (w.size() < 2) fail("after the bar: VERDICT STATE [REASON] [timer CLASS] [promoted]");
    Expected e;
    e.verdict = verdicts[index_of(verdicts, w[0], "verdict")];
    e.state = w[1] == "-" ? TcpState::none : static_cast<TcpState>(index_of(kTcpStateNames, w[1], "state"));
    for (std::size_t i = 2; i < w.size(); ++i) {
        if (w[i] == "promoted") {
            e.promoted = true;
        } else if (w[i] == "timer" && i + 1 < w.size()) {
            e.timer = static_cast<TimerClass>(index_of(kTimerClassNames, w[++i], "timer"));
        } else {
            e.reason = reason_named(w[i]);
        }
    }
    return e;
}

/// expect C.rcv 101 S.end 501
std::vector<Number> numbers_of(const std::vector<std::string>& w) {
    std::vector<Number> numbers;
    for (std::size_t i = 1; i + 1 < w.size(); i += 2)
        numbers.push_back(
            {w[i].front() == 'C' ? Who::client : Who::server, w[i].substr(2), number(w[i + 1])});
    return numbers;
}

/// policy: strict refuse retransmissions 3
void set_policy(Policy& policy, const std::vector<std::string>& w) {
    for (std::size_t i = 1; i < w.size(); ++i) {
        if (w[i] == "strict")
            policy.window = WindowCheck::strict;
        else if (w[i] == "liberal")
            policy.window = WindowCheck::liberal;
        else if (w[i] == "off")
            policy.window = WindowCheck::off;
        else if (w[i] == "refuse")
            policy.mid_stream = MidStream::refuse;
        else if (w[i] == "probation")
            policy.mid_stream = MidStream::probation;
        else if (w[i] == "loose")
            policy.mid_stream = MidStream::loose;
        else if (w[i] == "zeek")
            policy = policy_of(Profile::zeek);
        else
            fail("no such policy: " + w[i]);
    }
}

void read_line(const std::string& text, int number, std::vector<Scenario>& out, const std::string& file) {
    const auto words = words_of(text.substr(0, text.find('#')));
    if (words.empty()) return;
    if (words[0] == "scenario:") {
        Scenario s;
        s.file = file;
        s.title = text.substr(text.find(':') + 2);
        s.number = number;
        s.policy = policy_of(Profile::ajar);
        out.push_back(std::move(s));
        return;
    }
    if (out.empty()) fail("a line before the first scenario");
    if (words[0] == "policy:") return set_policy(out.back().policy, words);
    Line line;
    line.number = number;
    line.text = text;
    if (words[0] == "expect") {
        line.numbers = numbers_of(words);
    } else {
        const auto bar = std::find(words.begin(), words.end(), "|");
        line.arrow = arrow_of({words.begin(), bar});
        if (bar == words.end()) fail("no bar, nothing expected");
        line.expected = expected_of({bar + 1, words.end()});
    }
    out.back().lines.push_back(std::move(line));
}

}  // namespace

std::vector<Scenario> read(const std::string& path) {
    std::ifstream in(path);
    if (!in) fail("cannot open " + path);
    std::vector<Scenario> out;
    int number = 0;
    const std::string file = path.substr(path.rfind('/') + 1);
    for (std::string text; std::getline(in, text);) {
        ++number;
        try {
            read_line(text, number, out, file);
        } catch (const std::exception& e) {
            fail(file + ":" + std::to_string(number) + ": " + e.what());
        }
    }
    return out;
}

}  // namespace ajar::scenario
