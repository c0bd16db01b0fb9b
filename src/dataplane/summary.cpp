// The summary at exit, for people and for programs.
#include <fmt/format.h>

#include <numeric>

#include "dataplane/report.hpp"
#include "export/asks.hpp"
#include "export/block_list.hpp"
#include "export/changes.hpp"

namespace ajar::dataplane {
namespace {

void list_reasons(std::vector<std::string>& out, const std::array<std::uint64_t, kReasonCount>& counts,
                  auto&& wanted) {
    for (std::size_t i = 0; i < kReasonCount; ++i) {
        if (counts[i] == 0 || !wanted(kReasonTable[i].fate)) continue;
        out.push_back(
            fmt::format("  {:>12}  {:<22} {}", counts[i], kReasonTable[i].name, kReasonTable[i].sentence));
    }
}

std::string json_of_reasons(const std::array<std::uint64_t, kReasonCount>& counts, auto&& wanted) {
    std::string out;
    for (std::size_t i = 0; i < kReasonCount; ++i) {
        if (counts[i] == 0 || !wanted(kReasonTable[i].fate)) continue;
        out += fmt::format("{}\"{}\":{}", out.empty() ? "" : ",", kReasonTable[i].name, counts[i]);
    }
    return "{" + out + "}";
}

bool is_end(Fate f) { return f == Fate::end; }
bool is_sign(Fate f) { return f == Fate::sign; }
bool is_of_packets(Fate f) { return f != Fate::end && f != Fate::sign; }
bool any(Fate) { return true; }

void add_signs(std::vector<std::string>& out, const std::array<std::uint64_t, kReasonCount>& counts) {
    const auto title = out.size();
    list_reasons(out, counts, is_sign);
    if (out.size() != title)
        out.emplace(out.begin() + static_cast<std::ptrdiff_t>(title), "signs of half-open connections:");
}

std::string attempts_text(const std::array<std::uint64_t, kAttemptCount>& counts) {
    std::string out;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (counts[a] != 0 && failed(static_cast<Attempt>(a)))
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", counts[a], kAttemptNames[a]);
    return out.empty() ? "none" : out;
}

std::string json_of_attempts(const std::array<std::uint64_t, kAttemptCount>& counts) {
    std::string out;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (counts[a] != 0)
            out += fmt::format("{}\"{}\":{}", out.empty() ? "" : ",", kAttemptNames[a], counts[a]);
    return "{" + out + "}";
}

void add_defence(std::vector<std::string>& out, const Situation& situation, Time now) {
    std::string counts;
    for (std::size_t k = 0; k < kChangeCount; ++k) {
        const auto n = situation.count(static_cast<ChangeKind>(k));
        if (n != 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", n, kChangeTable[k].name);
    }
    if (!counts.empty()) out.push_back("changes of the defence: " + counts);
    if (const auto standing = exporting::standing_text(situation, now); !standing.empty())
        out.push_back("  at the end: " + standing);
}

std::string buffers_text(const Ending& ending) {
    if (ending.mbufs_lost != 0) return fmt::format("; {} BUFFERS LOST", ending.mbufs_lost);
    if (ending.mbufs_kept != 0)
        return fmt::format("; every buffer is back but {} that the driver keeps", ending.mbufs_kept);
    return "; every buffer is back";
}

std::string sums_line(const FrameSums& f, const Ending& ending) {
    return fmt::format("{} received + {} of our own {} {} transmitted + {} dropped or consumed{}", f.received,
                       f.crafted, ending.sums_hold ? "=" : "DIFFERS FROM", f.transmitted, f.disposed,
                       buffers_text(ending));
}

/// How many connections mode enforce would have ended, and why.
void add_would(std::vector<std::string>& out, const control::WouldHave& would) {
    const auto evicted = std::accumulate(would.evicted.begin(), would.evicted.end(), std::uint64_t{0});
    if (evicted == 0) return;
    out.push_back(fmt::format(
        "in mode enforce {} connections would have been evicted, with {} RSTs:", evicted, would.resets));
    list_reasons(out, would.evicted, any);
}

void add_answers(std::vector<std::string>& out, const TrackerSums& t, const Ending& ending) {
    if (t.cookies_sent != 0) {
        out.push_back(
            fmt::format("SYN cookies: {} sent, {} came back, {} ACKs were none; {} translated "
                        "connections were alive and ended with this process",
                        t.cookies_sent, t.cookies_accepted, t.cookies_refused, ending.cut_off));
    }
    if (t.challenges_sent + t.challenges_adopted != 0) {
        out.push_back(
            fmt::format("reset challenges: {} sent, {} met, {} more proofs of others' challenges, {} "
                        "RSTs were none; {} SYNs passed after two unanswered ones",
                        t.challenges_sent, t.challenges_met, t.challenges_adopted, t.challenges_refused,
                        t.challenges_waived));
    }
    if (t.would_answer + t.would_challenge + t.would_drop != 0) {
        out.push_back(
            fmt::format("in mode enforce {} SYNs would have been answered, {} challenged, {} dropped",
                        t.would_answer, t.would_challenge, t.would_drop));
    }
    if (ending.drained != Duration(0)) {
        out.push_back(fmt::format("drained for {:.1f} s before the end",
                                  std::chrono::duration<double>(ending.drained).count()));
    }
}

std::string json_of_ports(const std::vector<control::PortFacts>& ports) {
    std::string out;
    for (const auto& p : ports) {
        out += fmt::format(
            "{}{{\"received\":{},\"transmitted\":{},\"crafted\":{},\"crafted_dropped\":{},\"dropped\":{},"
            "\"tx_failed\":{},"
            "\"missed\":{},"
            "\"no_buffer\":{}}}",
            out.empty() ? "" : ",", p.received, p.transmitted, p.crafted, p.crafted_dropped, p.dropped,
            p.tx_failed, p.missed, p.no_buffer);
    }
    return "[" + out + "]";
}

}  // namespace

std::vector<std::string> summary_lines(const Sample& end, const Ending& ending, Mode mode) {
    const auto& f = end.frames;
    const auto& t = end.tracker;
    std::vector<std::string> out = {fmt::format("ajar ran for {:.1f} s, mode {}", ending.seconds,
                                                mode == Mode::enforce ? "enforce" : "observe"),
                                    "frames: " + sums_line(f, ending)};
    for (const auto& p : end.ports) {
        out.push_back(fmt::format("  {}: in {}, out {}, dropped {}, missed by the device {}", p.device,
                                  p.received, p.transmitted, p.dropped, p.missed + p.no_buffer));
    }
    out.emplace_back("frames dropped or consumed:");
    list_reasons(out, f.by_reason, any);
    out.push_back(fmt::format("flows: {} begun, {} confirmed, {} ended; resets sent {}, due {}", t.created,
                              t.promoted, t.ended, t.resets_sent, t.resets_due));
    list_reasons(out, t.reasons, is_end);
    if (t.probings != 0) {
        out.push_back(fmt::format(
            "silent connections: {} asked with {} probes, {} answers; {} alive, {} dead, {} spoke for "
            "themselves, {} under way",
            t.probings, t.probes_sent, t.probes_answered, t.proven_alive, t.proven_dead,
            t.probings_ended_by_traffic, t.probing));
    }
    add_signs(out, t.reasons);
    add_would(out, ending.would);
    add_answers(out, t, ending);
    add_defence(out, ending.situation, end.now);
    out.push_back("attempts that came to nothing: " + attempts_text(t.attempts));
    out.emplace_back("packets outside the ordinary:");
    list_reasons(out, t.reasons, is_of_packets);
    out.push_back(fmt::format("events: {} raised, {} lost in full rings; {} lines written, {} lost", t.events,
                              t.events_lost, ending.lines_written, ending.lines_lost));
    if (ending.exported.sent + ending.exported.lost != 0) {
        out.push_back(
            fmt::format("flows exported (IPFIX): {}, {} lost", ending.exported.sent, ending.exported.lost));
    }
    if (ending.packets_written + ending.packets_lost != 0) {
        out.push_back(fmt::format("packets of flagged flows: {} written, {} lost", ending.packets_written,
                                  ending.packets_lost));
    }
    if (t.links_refused != 0) {
        out.push_back(fmt::format("link headers: {} known, no room for those of {} packets", t.link_headers,
                                  t.links_refused));
    }
    if (!ending.packet_clock) {
        out.push_back(fmt::format(
            "the latest expiry came {} ms after its deadline, {} partitions wait for the next look",
            t.latest_expiry_ns / 1'000'000, t.timer_backlog));
    }
    if (ending.faults != 0) {
        out.push_back(fmt::format("FAULT: {} frames differ from their captures' headers", ending.faults));
    }
    return out;
}

std::string summary_json(const Sample& end, const Ending& ending, Mode mode) {
    const auto& f = end.frames;
    const auto& t = end.tracker;
    return fmt::format(
        "{{\"seconds\":{:.3f},\"mode\":\"{}\",\"received\":{},\"crafted\":{},\"transmitted\":{},\"disposed\":"
        "{},"
        "\"handed_over\":{},\"sums_hold\":{},\"mbufs_lost\":{},\"faults\":{},\"ports\":{},"
        "\"disposed_by_reason\":{},\"flows\":{{"
        "\"created\":{},\"promoted\":{},\"ended\":{}}},\"ends\":{},\"attempts\":{},\"packets\":{},\"resets_"
        "sent\":{},"
        "\"resets_due\":{},\"probing\":{{\"begun\":{},\"put_off\":{},\"probes\":{},\"answers\":{},\"alive\":{"
        "},\"dead\":{},\"spoke\":{},"
        "\"under_way\":{}}},\"cookies\":{{\"sent\":{},\"accepted\":{},\"refused\":{}}},\"challenges\":{{"
        "\"sent\":{},\"met\":{},\"adopted\":{},\"refused\":{},\"waived\":{}}},\"would\":{{"
        "\"answer\":{},\"challenge\":{},\"drop\":{},\"evicted\":{},\"resets\":{}}},\"translated\":{},"
        "\"drained\":{:.3f},"
        "\"tombstones\":{},\"link_headers\":{},\"links_refused\":{},\"timer_backlog\":{},"
        "\"latest_expiry_ns\":{},\"events\":{},\"events_lost\":{},\"lines_written\":{},\"lines_lost\":{},"
        "\"flows_exported\":{},\"flows_not_exported\":{},\"packets_written\":{},\"packets_lost\":{},"
        "\"signs\":{},\"causes\":{},\"scanners\":{},\"defence\":{},\"standing\":{},\"blocked\":{},\"busiest_"
        "second\":{}}}",
        ending.seconds, mode == Mode::enforce ? "enforce" : "observe", f.received, f.crafted, f.transmitted,
        f.disposed, f.handed_over, ending.sums_hold, ending.mbufs_lost, ending.faults,
        json_of_ports(end.ports), json_of_reasons(f.by_reason, any), t.created, t.promoted, t.ended,
        json_of_reasons(t.reasons, is_end), json_of_attempts(t.attempts),
        json_of_reasons(t.reasons, is_of_packets), t.resets_sent, t.resets_due, t.probings,
        t.probings_put_off, t.probes_sent, t.probes_answered, t.proven_alive, t.proven_dead,
        t.probings_ended_by_traffic, t.probing, t.cookies_sent, t.cookies_accepted, t.cookies_refused,
        t.challenges_sent, t.challenges_met, t.challenges_adopted, t.challenges_refused, t.challenges_waived,
        t.would_answer, t.would_challenge, t.would_drop, json_of_reasons(ending.would.evicted, any),
        ending.would.resets, ending.cut_off, std::chrono::duration<double>(ending.drained).count(),
        t.tombstones, t.link_headers, t.links_refused, t.timer_backlog, t.latest_expiry_ns, t.events,
        t.events_lost, ending.lines_written, ending.lines_lost, ending.exported.sent, ending.exported.lost,
        ending.packets_written, ending.packets_lost, json_of_reasons(t.reasons, is_sign), ending.causes,
        ending.scanners, exporting::changes_json(ending.situation),
        exporting::standing_json(ending.situation), exporting::block_json(ending.situation, end.now),
        exporting::asks_json(ending.busiest));
}

}  // namespace ajar::dataplane
