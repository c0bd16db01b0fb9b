// Several profiles over the same capture, and the two tables that come of it.
#include "replay/what_if.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <new>

#include "ajar/policy/decide.hpp"
#include "exit_code.hpp"
#include "export/endpoints.hpp"
#include "export/human.hpp"
#include "export/line_writer.hpp"
#include "replay/engine.hpp"
#include "replay/progress.hpp"

namespace ajar::replay {
namespace {

constexpr Duration kForEver = std::chrono::hours(24 * 15);  // the longest that a timer counts
constexpr std::uint8_t kRepeatsOfTheBereaved = 3;

constexpr std::size_t at(TimerClass c) { return static_cast<std::size_t>(c); }

/// A timer ended it, though nobody had closed it.
bool forgets(Reason reason) {
    for (std::size_t c = 0; c < kTimerClassCount; ++c) {
        const Expiry expiry = expiry_of(static_cast<TimerClass>(c));
        if (expiry.cause && expiry.reason == reason) return true;
    }
    return false;
}

Time last_packet_of(const Event& end) { return Time(Duration(end.record.last_ns)); }
std::uint64_t packets_of(const Warm& warm) {
    return std::uint64_t{warm.sent[0].packets} + warm.sent[1].packets;
}
std::uint64_t bytes_of(const Warm& warm) { return warm.sent[0].ip_bytes + warm.sent[1].ip_bytes; }

void note_forgotten(WhatIf& what, const Truth& truth, const Event& end) {
    const Forgotten one{end.flow_id,
                        truth,
                        end.time,
                        end.reason,
                        truth.packets - packets_of(end.warm),
                        truth.bytes - std::min(truth.bytes, bytes_of(end.warm))};
    ++what.forgotten;
    what.packets += one.packets;
    what.bytes += one.bytes;
    what.longest_silence = std::max(what.longest_silence, end.time - last_packet_of(end));
    const auto by_bytes = [](const Forgotten& a, const Forgotten& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.flow_id < b.flow_id;
    };
    what.worst.insert(std::upper_bound(what.worst.begin(), what.worst.end(), one, by_bytes), one);
    if (what.worst.size() > WhatIf::kWorst) what.worst.pop_back();
}

/// From the last packet of a dead connection to its end, or what its timer would have made of that.
Duration kept_for(const Event& end, const Truth& truth, const Policy& policy) {
    Duration kept = end.time - truth.last;
    if (end.reason == Reason::alive_at_end) kept = policy.timeouts[at(end.timer)];
    const Expiry expiry = expiry_of(end.timer);
    if (expiry.cause && asks_first(policy, Mode::enforce, expiry))
        kept += policy.probe.interval * policy.probe.tries;
    return kept;
}

std::string worst_text(const WhatIf& what) {
    std::string out;
    for (const Forgotten& one : what.worst) {
        out += fmt::format("  {:<8}  {} -> {}  forgotten at {}, {} into it, by {}; then {} more\n",
                           name(what.profile), text_of(one.truth, one.truth.originator),
                           text_of(one.truth, other(one.truth.originator)), exporting::utc_text(one.at),
                           exporting::human_duration(one.at - one.truth.begun), name(one.reason),
                           exporting::human_bytes(one.bytes));
    }
    return out;
}

std::string worst_json(const WhatIf& what) {
    std::string out;
    for (const Forgotten& one : what.worst) {
        exporting::Text uid, when;
        exporting::put_uid(uid, one.flow_id);
        exporting::put_seconds(when, one.at.time_since_epoch());
        out += fmt::format(
            "{}{{\"uid\":\"{}\",\"orig\":\"{}\",\"resp\":\"{}\",\"forgotten\":{},\"reason\":\"{}\","
            "\"packets\":{},\"bytes\":{}}}",
            out.empty() ? "" : ",", fmt::to_string(uid), text_of(one.truth, one.truth.originator),
            text_of(one.truth, other(one.truth.originator)), fmt::to_string(when), name(one.reason),
            one.packets, one.bytes);
    }
    return "[" + out + "]";
}

std::string seconds_of(Duration d) {
    exporting::Text text;
    exporting::put_seconds(text, d);
    return fmt::to_string(text);
}

/// All flows that end under a policy are given to `visit`. False: no frame could be read, and it was said
/// why.
template <typename Visit>
bool replay_under(const Policy& policy, ReplayOptions options, Visit&& visit) {
    options.policy = policy;
    options.policy.checksums = ChecksumPolicy::ignore;
    Engine engine(options);
    Progress progress(options.files, options.progress);
    engine.run(
        [&](std::span<const EventRef> events) {
            for (const EventRef& e : events)
                if (e.event->kind == EventKind::flow_end) visit(*e.event);
        },
        [&](const Input& input) { progress.update(input.position(), input.totals().frames); });
    const auto& [warnings, failed] = engine.complaints();
    if (engine.input().frames != 0) return true;
    for (const auto& warning : warnings) fmt::print(stderr, "ajar replay: {}\n", warning);
    return !failed;
}

bool write_json(const ReplayOptions& options, std::span<const WhatIf> all) {
    if (options.summary_file.empty()) return true;
    auto file = exporting::LineWriter::open(options.summary_file, exporting::Begin::anew);
    if (!file) {
        fmt::print(stderr, "ajar replay: {}\n", file.error());
        return false;
    }
    exporting::put((*file)->text(), table_json(all));
    exporting::put((*file)->text(), "\n");
    (*file)->committed();
    (*file)->flush();
    return (*file)->lost() == 0;
}

}  // namespace

std::string text_of(const Truth& truth, Side side) {
    exporting::Text text;
    exporting::put_address(text, truth.family, truth.key.address[side]);
    const auto port = truth.key.port[side].value();
    return truth.family == Family::ipv6 ? fmt::format("[{}]:{}", fmt::to_string(text), port)
                                        : fmt::format("{}:{}", fmt::to_string(text), port);
}

Policy watching_policy() {
    Policy policy = policy_of(Profile::ajar);
    policy.mode = Mode::observe;
    policy.mid_stream = MidStream::loose;
    for (std::size_t c = 0; c < kTimerClassCount; ++c)
        if (expiry_of(static_cast<TimerClass>(c)).cause) policy.timeouts[c] = kForEver;
    policy.flow_end_events = true;
    return policy;
}

Policy policy_to_compare(Profile profile) {
    Policy policy = policy_of(profile);
    policy.mid_stream = MidStream::loose;
    policy.flow_end_events = true;
    return policy;
}

Truth truth_of(const Event& end) {
    Truth truth{.key = end.key, .family = end.family, .originator = end.originator()};
    truth.begun = end.begun();
    truth.last = last_packet_of(end);
    truth.packets = packets_of(end.warm);
    truth.bytes = bytes_of(end.warm);
    truth.established = !is_embryonic(end.state);
    truth.bereaved = end.reason == Reason::alive_at_end && end.conn.repeats >= kRepeatsOfTheBereaved;
    return truth;
}

void compare(WhatIf& what, const Truths& truths, const Event& event, const Policy& policy) {
    const auto found = truths.find(event.flow_id);
    if (event.kind != EventKind::flow_end || found == truths.end() || !found->second.established) return;
    const Truth& truth = found->second;
    ++what.connections;
    if (forgets(event.reason) && event.time < truth.last) return note_forgotten(what, truth, event);
    if (!truth.bereaved) return;
    const Duration kept = kept_for(event, truth, policy);
    if (kept <= Duration::zero()) return;
    ++what.kept;
    what.kept_for += kept;
    what.longest_kept = std::max(what.longest_kept, kept);
}

Result<std::vector<Profile>> profiles_of(const std::string& list) {
    std::vector<Profile> out;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto end = std::min(list.find(',', begin), list.size());
        const std::string word = list.substr(begin, end - begin);
        const auto profile = profile_named(word);
        if (!profile || *profile == Profile::zeek)
            return Error{fmt::format(
                "--what-if: \"{}\" is none of ajar, linux, pf, asa, panos, azure-lb, aws-nlb", word)};
        if (std::find(out.begin(), out.end(), *profile) == out.end()) out.push_back(*profile);
        begin = end + 1;
    }
    return out;
}

std::string table_text(std::span<const WhatIf> all) {
    std::string out = fmt::format("{:<9} {:>11}  {:>15} {:>10} {:>15}  {:>16} {:>12} {:>12}\n", "profile",
                                  "connections", "forgotten alive", "cut off", "longest silence",
                                  "kept after death", "on average", "at most");
    for (const WhatIf& what : all) {
        const auto average =
            what.kept == 0 ? Duration{} : what.kept_for / static_cast<std::int64_t>(what.kept);
        out += fmt::format("{:<9} {:>11}  {:>15} {:>10} {:>15}  {:>16} {:>12} {:>12}\n", name(what.profile),
                           exporting::human_count(what.connections), exporting::human_count(what.forgotten),
                           exporting::human_bytes(what.bytes),
                           what.forgotten == 0 ? "-" : exporting::human_duration(what.longest_silence),
                           exporting::human_count(what.kept),
                           what.kept == 0 ? "-" : exporting::human_duration(average),
                           what.kept == 0 ? "-" : exporting::human_duration(what.longest_kept));
    }
    std::string worst;
    for (const WhatIf& what : all) worst += worst_text(what);
    if (!worst.empty()) out += "\nThe worst of those forgotten alive:\n" + worst;
    return out;
}

std::string rows_json(std::span<const WhatIf> all) {
    std::string out;
    for (const WhatIf& what : all) {
        out += fmt::format(
            "{}{{\"profile\":\"{}\",\"connections\":{},\"forgotten_alive\":{{\"connections\":{},\"packets\":{"
            "},"
            "\"bytes\":{},\"longest_silence\":{},\"worst\":{}}},\"kept_after_death\":{{\"connections\":{},"
            "\"seconds\":{},\"longest\":{}}}}}",
            out.empty() ? "" : ",", name(what.profile), what.connections, what.forgotten, what.packets,
            what.bytes, seconds_of(what.longest_silence), worst_json(what), what.kept,
            seconds_of(what.kept_for), seconds_of(what.longest_kept));
    }
    return "[" + out + "]";
}

std::string table_json(std::span<const WhatIf> all) { return "{\"what_if\":" + rows_json(all) + "}"; }

std::optional<std::vector<WhatIf>> compare_profiles(const ReplayOptions& options,
                                                    std::span<const Profile> profiles) {
    Truths truths;
    if (!replay_under(watching_policy(), options,
                      [&](const Event& e) { truths.emplace(e.flow_id, truth_of(e)); }))
        return std::nullopt;
    std::vector<WhatIf> all;
    for (const Profile profile : profiles) {
        const Policy policy = policy_to_compare(profile);
        WhatIf what{.profile = profile};
        if (!replay_under(policy, options, [&](const Event& e) { compare(what, truths, e, policy); }))
            return std::nullopt;
        all.push_back(std::move(what));
    }
    return all;
}

int what_if(const ReplayOptions& options, std::span<const Profile> profiles) try {
    const auto compared = compare_profiles(options, profiles);
    if (!compared) return kFailed;
    const auto& all = *compared;
    fmt::print(options.summary_file == "-" ? stderr : stdout, "{}", table_text(all));
    return write_json(options, all) ? kGood : kFailed;
} catch (const std::bad_alloc&) {
    fmt::print(stderr,
               "ajar replay: not enough memory; make the tables smaller (tables.confirmed, "
               "tables.embryonic)\n");
    return kFailed;
}

}  // namespace ajar::replay
