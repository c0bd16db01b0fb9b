// The report of a replay as one JSON object.
#include <fmt/format.h>

#include "causes/tell.hpp"
#include "export/asks.hpp"
#include "export/block_list.hpp"
#include "export/changes.hpp"
#include "export/json.hpp"
#include "replay/report.hpp"

namespace ajar::replay {
namespace {

using exporting::Json;

std::string strings(const std::vector<std::string>& values) {
    Json array('[');
    for (const auto& v : values) array.item(Json::quoted(v));
    return array.text();
}

std::string findings(const Tally& tally) {
    Json all;
    for (std::size_t f = 0; f < kFindingTexts.size(); ++f) {
        const auto& group = tally.findings[f];
        if (group.count == 0) continue;
        all.member(kFindingTexts[f].name, Json()
                                              .member("count", group.count)
                                              .member("servers", causes::endpoints_json(group.servers))
                                              .member("clients", causes::endpoints_json(group.clients))
                                              .text());
    }
    return all.text();
}

std::string reasons(const std::array<std::uint64_t, kReasonCount>& counts) {
    Json all;
    for (std::size_t r = 0; r < kReasonCount; ++r)
        if (counts[r] != 0) all.member(kReasonTable[r].name, counts[r]);
    return all.text();
}

std::string by_cause(const std::array<std::uint64_t, kCauseCount>& counts) {
    Json all;
    for (std::size_t c = 0; c < kCauseCount; ++c) all.member(kCauseNames[c], counts[c]);
    return all.text();
}

std::string attempts(const std::array<std::uint64_t, kAttemptCount>& counts) {
    Json all;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (counts[a] != 0) all.member(kAttemptNames[a], counts[a]);
    return all.text();
}

std::string conn_states(const Tally& tally) {
    Json all;
    for (const auto& [state, n] : tally.conn_states) all.member(state, n);
    return all.text();
}

}  // namespace

std::string summary_json(const ReplayOptions& options, const Outcome& outcome,
                         std::span<const WhatIf> what_if) {
    const auto& [in, complaints, sums, tally, busiest] = outcome;
    Json all;
    all.member("files", strings(options.files)).member("warnings", strings(complaints.warnings));
    all.member("profile", Json::quoted(options.profile))
        .member("mode", Json::quoted(name(options.policy.mode)));
    all.member("first", exporting::epoch_seconds(in.first)).member("last", exporting::epoch_seconds(in.last));
    all.member("packets", in.frames).member("bytes", in.bytes).member("tcp_packets", sums.tcp);
    all.member("forwarded", sums.forwarded).member("dropped", sums.dropped).member("consumed", sums.consumed);
    all.member("cut_by_snap_length", in.cut).member("backward_timestamps", in.backwards);
    all.member("connections", tally.flows).member("conn_states", conn_states(tally));
    all.member("ends", reasons(tally.ends)).member("reasons", reasons(sums.reasons));
    all.member("attempts", attempts(sums.attempts));
    all.member("flagged", by_cause(tally.flagged)).member("evicted", by_cause(tally.evicted));
    all.member("resets", tally.resets).member("findings", findings(tally));
    all.member("causes", causes::labels_json(tally.causes));
    all.member("scanners", causes::scanners_json(tally.causes));
    all.member("defence", exporting::changes_json(tally.situation));
    all.member("standing", exporting::standing_json(tally.situation));
    all.member("blocked", exporting::block_json(tally.situation, in.last));
    all.member("busiest_second", exporting::asks_json(busiest));
    if (!what_if.empty()) all.member("what_if", rows_json(what_if));
    return all.text() + '\n';
}

}  // namespace ajar::replay
