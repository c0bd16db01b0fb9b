// The comparison with Linux, packet by packet.
#include "perpacket.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "ajar/packet/parse.hpp"
#include "replay/capture_reader.hpp"

namespace ajar::corpus {
namespace {

struct Row {
    unsigned frame = 0;
    std::string flags, verdict, state, packet;
};

std::vector<Row> read_truth(const std::string& path) {
    std::ifstream in(path);
    std::vector<Row> rows;
    std::string line;
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        std::vector<std::string> cells;
        std::istringstream cut(line);
        for (std::string cell; std::getline(cut, cell, ',');) cells.push_back(cell);
        if (cells.size() < 12) continue;
        rows.push_back({static_cast<unsigned>(std::stoul(cells[0])), cells[6], cells[10], cells[11],
                        "port " + cells[3] + " " + cells[6] + " seq " + cells[7] + " ack " + cells[8] +
                            " len " + cells[9]});
    }
    return rows;
}

/// Fragments are the business of the holder in front of the machine; what the kernel's IP layer dropped
/// reached no conntrack.
bool concerns_conntrack(const Row& row) {
    return row.verdict != "none" && row.verdict != "unsendable" && row.flags != "frag";
}

Observed observe(const replay::Record& record, TrackerJudge& judge) {
    ParseOptions options;
    options.link = record.link;
    options.captured = true;
    options.zone_from_vlan = false;  // the oracle replaced the link header
    Packet packet;
    parse(record.bytes, record.wire_length, options, packet);
    if (packet.kind == PacketKind::tcp) return judge.feed(packet);
    return {packet.kind == PacketKind::refused ? "refused" : "passed", "-", packet.reason};
}

}  // namespace

Comparison compare(const std::string& capture, const std::string& truth, TrackerJudge& judge) {
    auto reader = replay::CaptureReader::open(capture);
    if (!reader) throw std::runtime_error(reader.error());
    Comparison out;
    replay::Record record;
    unsigned frame = 0;
    for (const Row& row : read_truth(truth)) {
        while (frame < row.frame && reader->next(record) == replay::CaptureReader::Status::record) ++frame;
        if (frame != row.frame) throw std::runtime_error(capture + " ends before the truth does");
        if (!concerns_conntrack(row)) {
            ++out.unseen;
            continue;
        }
        ++out.compared;
        const Observed o = observe(record, judge);
        if (o.verdict == row.verdict && o.state == row.state) continue;
        out.differences.push_back({row.frame, "Linux " + row.verdict + " " + row.state + ", Ajar " +
                                                  o.verdict + " " + o.state + " (" +
                                                  std::string(name(o.reason)) + "): " + row.packet});
    }
    return out;
}

/// `[rule]` opens a group; `capture 1 5-9` lists frames; `#` starts a comment.
std::map<std::string, std::set<unsigned>> read_expected(const std::string& path) {
    std::map<std::string, std::set<unsigned>> out;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string capture;
        if (!(words >> capture) || capture.front() == '[') continue;
        for (std::string range; words >> range;) {
            const auto dash = range.find('-');
            const auto first = std::stoul(range.substr(0, dash));
            const auto last = dash == std::string::npos ? first : std::stoul(range.substr(dash + 1));
            for (auto f = first; f <= last; ++f) out[capture].insert(static_cast<unsigned>(f));
        }
    }
    return out;
}

}  // namespace ajar::corpus
