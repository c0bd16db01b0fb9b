// The report of a replay as one JSON object.
#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "export/text.hpp"
#include "replay/report.hpp"

namespace ajar::replay {
namespace {

/// An object or array under construction: members are texts of JSON already.
class Json {
public:
    explicit Json(char open = '{') : text_(1, open) {}
    Json& member(std::string_view key, const std::string& value) {
        return item(fmt::format("{}:{}", quoted(key), value));
    }
    Json& member(std::string_view key, std::uint64_t value) { return member(key, std::to_string(value)); }
    Json& item(const std::string& value) {
        if (text_.size() > 1) text_ += ',';
        text_ += value;
        return *this;
    }
    [[nodiscard]] std::string text() const { return text_ + (text_.front() == '{' ? '}' : ']'); }

    static std::string quoted(std::string_view raw) {
        exporting::Text out;
        exporting::put_quoted(out, raw);
        return fmt::to_string(out);
    }

private:
    std::string text_;
};

std::string strings(const std::vector<std::string>& values) {
    Json array('[');
    for (const auto& v : values) array.item(Json::quoted(v));
    return array.text();
}

/// Seconds of the epoch with their fraction, as Zeek writes times.
std::string seconds(Time t) {
    const auto ns = t.time_since_epoch().count();
    return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

std::string endpoints(const causes::HeavyHitters& hitters) {
    constexpr std::size_t kShown = 10;
    Json array('[');
    for (const auto& [endpoint, n] : hitters.top(kShown))
        array.item(
            Json().member("endpoint", Json::quoted(causes::text_of(endpoint))).member("count", n).text());
    return array.text();
}

std::string findings(const Tally& tally) {
    Json all;
    for (std::size_t f = 0; f < kFindingTexts.size(); ++f) {
        const auto& group = tally.findings[f];
        if (group.count == 0) continue;
        all.member(kFindingTexts[f].name, Json()
                                              .member("count", group.count)
                                              .member("servers", endpoints(group.servers))
                                              .member("clients", endpoints(group.clients))
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

std::string causes(const std::array<std::uint64_t, kCauseCount>& counts) {
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

std::string summary_json(const ReplayOptions& options, const Outcome& outcome) {
    const auto& [in, complaints, sums, tally] = outcome;
    Json all;
    all.member("files", strings(options.files)).member("warnings", strings(complaints.warnings));
    all.member("profile", Json::quoted(options.profile))
        .member("mode", Json::quoted(name(options.policy.mode)));
    all.member("first", seconds(in.first)).member("last", seconds(in.last));
    all.member("packets", in.frames).member("bytes", in.bytes).member("tcp_packets", sums.tcp);
    all.member("forwarded", sums.forwarded).member("dropped", sums.dropped).member("consumed", sums.consumed);
    all.member("cut_by_snap_length", in.cut).member("backward_timestamps", in.backwards);
    all.member("connections", tally.flows).member("conn_states", conn_states(tally));
    all.member("ends", reasons(tally.ends)).member("reasons", reasons(sums.reasons));
    all.member("attempts", attempts(sums.attempts));
    all.member("flagged", causes(tally.flagged)).member("evicted", causes(tally.evicted));
    all.member("resets", tally.resets).member("findings", findings(tally));
    return all.text() + '\n';
}

}  // namespace ajar::replay
