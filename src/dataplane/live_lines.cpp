// The lines of the live view and of the log.
#include <fmt/format.h>

#include "dataplane/report.hpp"
#include "export/asks.hpp"
#include "export/changes.hpp"
#include "export/human.hpp"

namespace ajar::dataplane {
namespace {

double seconds_between(const Sample& now, const Sample& before) {
    return std::max(std::chrono::duration<double>(now.taken - before.taken).count(), 1e-3);
}

std::uint64_t embryonic(const TrackerSums& sums) {
    std::uint64_t n = 0;
    for (std::size_t s = 0; s < kTcpStateCount; ++s) {
        if (is_embryonic(static_cast<TcpState>(s))) n += sums.flows[s];
    }
    return n;
}

std::uint64_t living(const TrackerSums& sums) {
    std::uint64_t n = 0;
    for (const auto count : sums.flows) n += count;
    return n;
}

/// "name count  name count" of all that are not zero, for one fate.
std::string by_reason(const std::array<std::uint64_t, kReasonCount>& counts, auto&& wanted) {
    std::string out;
    for (std::size_t i = 0; i < kReasonCount; ++i) {
        if (counts[i] == 0 || !wanted(static_cast<Reason>(i))) continue;
        out += fmt::format("{}{} {}", out.empty() ? "" : "  ", kReasonTable[i].name,
                           exporting::human_short(static_cast<double>(counts[i])));
    }
    return out.empty() ? "none" : out;
}

std::string states_line(const TrackerSums& sums) {
    std::string out;
    for (std::size_t s = 0; s < kTcpStateCount; ++s) {
        if (sums.flows[s] == 0) continue;
        out += fmt::format("{}{} {}", out.empty() ? "" : "  ", kTcpStateNames[s],
                           exporting::human_short(static_cast<double>(sums.flows[s])));
    }
    return out.empty() ? "none" : out;
}

std::string ages_line(const TrackerSums& sums) {
    std::string out;
    for (std::size_t i = 0; i < sums.embryonic_age.size(); ++i) {
        const bool last = i == kEmbryonicAgeBounds.size();
        const auto bound = kEmbryonicAgeBounds[last ? i - 1 : i].count();
        out += fmt::format("{}{}{}s {}", out.empty() ? "" : "  ", last ? ">=" : "<", bound,
                           exporting::human_short(static_cast<double>(sums.embryonic_age[i])));
    }
    return out;
}

bool ends_a_flow(Reason r) { return fate(r) == Fate::end && r != Reason::alive_at_end; }
bool any_reason(Reason) { return true; }

std::string a_second(std::uint64_t n) { return exporting::human_short(static_cast<double>(n)) + "/s"; }

/// What the defence does, or in observe would do.
void add_defence(std::vector<std::string>& out, const Sample& now, const Sample& before, Mode mode) {
    const double span = seconds_between(now, before);
    const auto& t = now.tracker;
    const auto rate = [&](std::uint64_t TrackerSums::*n) {
        return exporting::human_short(static_cast<double>(t.*n - before.tracker.*n) / span);
    };
    using T = TrackerSums;
    if (mode == Mode::observe) {
        out.push_back(fmt::format("enforce    would answer {} SYNs/s  challenge {}/s  drop {}/s",
                                  rate(&T::would_answer), rate(&T::would_challenge), rate(&T::would_drop)));
        return;
    }
    out.push_back(fmt::format("cookies    sent {}/s  accepted {}/s  refused {}/s   translated flows {}",
                              rate(&T::cookies_sent), rate(&T::cookies_accepted), rate(&T::cookies_refused),
                              exporting::human_short(static_cast<double>(t.translated))));
    if (t.challenges_sent == 0) return;
    out.push_back(fmt::format("challenges sent {}/s  met {}/s  refused {}/s   waived {}/s",
                              rate(&T::challenges_sent), rate(&T::challenges_met),
                              rate(&T::challenges_refused), rate(&T::challenges_waived)));
}

/// "3 translated connections left, 24 s at most"
std::string drain_text(const Sample& now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*now.drains_for).count();
    return fmt::format(
        "{} left, {} s at most",
        exporting::counted(now.tracker.proxied_open, "translated connection", "translated connections"),
        seconds);
}

/// Nothing while few ask.
void add_asked(std::vector<std::string>& out, const Asks& asked) {
    if (asked.count < exporting::kWorthTelling) return;
    const auto who = [&](std::size_t r) { return exporting::outstanding(asked, r, a_second); };
    out.push_back(fmt::format("asked      {}  of    {}", a_second(asked.count), who(kServices)));
    out.push_back(fmt::format("           at    {}", who(kHosts)));
    out.push_back(fmt::format("           by    {}", who(kSources)));
    out.push_back(fmt::format("           from  {}", who(kNetworks)));
}

}  // namespace

std::vector<std::string> live_lines(const Sample& now, const Sample& before, const Asks& lately,
                                    const Situation& situation, Mode mode) {
    const double span = seconds_between(now, before);
    const auto rate = [&](std::uint64_t a, std::uint64_t b) {
        return exporting::human_short(static_cast<double>(a - b) / span);
    };
    const auto& f = now.frames;
    const auto& t = now.tracker;
    std::vector<std::string> out = {
        fmt::format("ajar  {}  in {} packets/s  {}bit/s  out {} packets/s",
                    mode == Mode::enforce ? "enforce" : "observe", rate(f.received, before.frames.received),
                    rate(8 * f.received_bytes, 8 * before.frames.received_bytes),
                    rate(f.transmitted, before.frames.transmitted)),
        "",
        fmt::format("flows      {}  (+{}/s -{}/s)", exporting::human_short(static_cast<double>(living(t))),
                    rate(t.created, before.tracker.created), rate(t.ended, before.tracker.ended)),
        fmt::format("states     {}", states_line(t)),
        fmt::format("embryonic  {}   by age  {}", exporting::human_short(static_cast<double>(embryonic(t))),
                    ages_line(t)),
        fmt::format("ended      {}", by_reason(t.reasons, ends_a_flow)),
        fmt::format("resets     sent {}  due {}", exporting::human_short(static_cast<double>(t.resets_sent)),
                    exporting::human_short(static_cast<double>(t.resets_due))),
        fmt::format("asking     {} silent connections  {} probes/s   alive {}  dead {}  spoke {}",
                    exporting::human_short(static_cast<double>(t.probing)),
                    rate(t.probes_sent, before.tracker.probes_sent),
                    exporting::human_short(static_cast<double>(t.proven_alive)),
                    exporting::human_short(static_cast<double>(t.proven_dead)),
                    exporting::human_short(static_cast<double>(t.probings_ended_by_traffic)))};
    add_defence(out, now, before, mode);
    out.push_back(fmt::format("dropped    {}", by_reason(f.by_reason, any_reason)));
    out.push_back(fmt::format("held       {} fragments   handed over {}   events lost {}", f.held,
                              exporting::human_short(static_cast<double>(f.handed_over)), t.events_lost));
    if (now.drains_for) out.push_back("draining   " + drain_text(now));
    add_asked(out, lately);
    if (const auto standing = exporting::standing_text(situation, now.now); !standing.empty())
        out.push_back("defence    " + standing);
    out.emplace_back();
    for (const auto& p : now.ports) {
        out.push_back(fmt::format("port  {}  {}  in {}  out {}  dropped {}  missed {}",
                                  p.link_up ? "up  " : "down", p.device,
                                  exporting::human_short(static_cast<double>(p.received)),
                                  exporting::human_short(static_cast<double>(p.transmitted)),
                                  exporting::human_short(static_cast<double>(p.dropped)),
                                  exporting::human_short(static_cast<double>(p.missed + p.no_buffer))));
    }
    return out;
}

std::string log_line(const Sample& now, const Sample& before) {
    const double span = seconds_between(now, before);
    const auto& t = now.tracker;
    return fmt::format(
        "in {} packets/s, out {} packets/s, {} flows, {} embryonic, ended: {}; dropped: {}{}",
        exporting::human_short(static_cast<double>(now.frames.received - before.frames.received) / span),
        exporting::human_short(static_cast<double>(now.frames.transmitted - before.frames.transmitted) /
                               span),
        living(t), embryonic(t), by_reason(t.reasons, ends_a_flow),
        by_reason(now.frames.by_reason, any_reason), now.drains_for ? "; draining: " + drain_text(now) : "");
}

}  // namespace ajar::dataplane
