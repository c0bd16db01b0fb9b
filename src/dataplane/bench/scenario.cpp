// What scenarios have in common.
#include "dataplane/bench/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

void add(Row& row, const Stretch& s) {
    row.rates.push_back(s.rate());
    row.wall_rates.push_back(s.wall_rate());
    row.packets += s.all_received;
    row.transmitted += s.transmitted;
    row.dropped += s.all_received - std::min(s.all_received, s.transmitted);  // frames of our own went, too
    row.switches += s.switches;
}

}  // namespace

Shape Trial::shape(const Wiring& wiring, std::uint8_t lot, std::uint32_t worker) const {
    const Family family = flags.ipv6 ? Family::ipv6 : Family::ipv4;
    return {.lot = {.number = lot,
                    .family = family,
                    .worker = worker,
                    .workers = workers,
                    .rss_word = wiring.steering.key().rss_word},
            .frame_bytes = flags.frame_bytes == 0 ? FrameWriter::shortest(family) : flags.frame_bytes};
}

Traffic& add_data(Cast& cast, const Trial& trial, const Shape& shape, std::uint64_t connections) {
    if (trial.flags.choice == "zipf") return cast.add<ZipfData>(shape, connections, kZipfExponent);
    return cast.add<UniformData>(shape, connections);
}

std::vector<Shape> add_lots(const Trial& trial, const Wiring& wiring, std::uint32_t first_lot) {
    std::vector<Shape> lots;
    for (std::uint32_t w = 0; w < trial.workers; ++w)
        lots.push_back(trial.shape(wiring, static_cast<std::uint8_t>(first_lot + w), w));
    return lots;
}

Queues add_strangers(Cast& cast, const std::vector<Shape>& lots, std::uint8_t flags) {
    Queues out;
    for (const Shape& lot : lots) out.push_back(&cast.add<Strangers>(lot, flags));
    return out;
}

Check mix_check(const Row& mix, std::initializer_list<std::pair<const Row*, double>> parts) {
    constexpr double kMostMixTime = 1.25;
    double sum = 0;
    for (const auto& [part, share] : parts) sum += share * part->nanoseconds();
    return {"time of the " + mix.run + " / weighted sum of its parts",
            mix.flows,
            mix.workers,
            mix.nanoseconds() / sum,
            kMostMixTime,
            true};
}

Result<bool> fill_with(const Trial& trial, Bed& bed, const Queues& queues, std::uint64_t each,
                       std::string_view what) {
    Cast cast;
    Queues heads;
    for (Traffic* traffic : queues) heads.push_back(&cast.add<Head>(*traffic, each));
    const auto all = each * queues.size(), before = bed.sample().frames.received;
    return bed.fill(heads, all, [&](std::uint64_t n) {
        trial.progress(what, static_cast<double>(n - before) / static_cast<double>(all));
    });
}

Result<std::vector<Row>> in_turn(const Trial& trial, Bed& bed, const std::vector<Part>& parts) {
    std::vector<Row> rows;
    rows.reserve(parts.size());
    for (const Part& p : parts)
        rows.push_back({.run = p.name, .flows = trial.flows, .workers = trial.workers});
    const auto turns = trial.flags.rounds * parts.size();
    for (std::size_t turn = 0; turn < turns; ++turn) {
        const Part& part = parts[turn % parts.size()];
        const auto what =
            fmt::format("round {} of {}, {}", turn / parts.size() + 1, trial.flags.rounds, part.name);
        const auto watch = [&](std::uint64_t) {
            trial.progress(what, static_cast<double>(turn) / static_cast<double>(turns));
        };
        bed.hold(*part.posture, part.policy == nullptr ? trial.config.policy : *part.policy);
        auto stretch = part.tracked ? bed.track(part.queues, trial.flags.packets, watch)
                                    : bed.forward(part.queues, trial.flags.packets, watch);
        if (!stretch) return Error{stretch.error()};
        add(rows[turn % parts.size()], *stretch);
    }
    for (std::size_t i = 1; i < rows.size(); ++i) {
        rows[i].ratio = ratio_of(rows[i].rates, rows[0].rates);
        rows[i].beside = rows[0].run;
    }
    return rows;
}

void check_sums(Bed& bed, std::vector<std::string>& faults) {
    const auto ending = bed.close();
    if (!ending.sums_hold) faults.emplace_back("frames were received and neither sent nor disposed of");
    if (ending.mbufs_lost != 0) faults.push_back(fmt::format("{} buffers are missing", ending.mbufs_lost));
}

std::span<const Scenario> scenarios() {
    static constexpr Scenario kAll[] = {
        {"established", "data in known flows", 1, 64, false, size_established, established},
        {"connect", "handshakes; as many connections end as begin", 1, 64, false, size_connect, connect},
        {"flood", "SYNs into a full embryonic store: each evicts the oldest", 1, 64, false, size_flood,
         flood},
        {"mixed", "a flood into a full store beside established flows, one packet in five theirs", 1, 64,
         false, size_mixed, mixed},
        {"handoff", "half of the packets, or all, reach the wrong worker", 2, 64, false, size_handoff,
         handoff},
        {"cookies", "SYNs of a flooded service, answered with cookies or challenged, beside the store's way",
         1, 64, false, size_cookies, cookies},
        {"acks", "ACKs of no flow to a flooded service, each tried for a cookie, beside a calm one", 1, 64,
         false, size_acks, acks},
        {"translated", "data in flows that began with a cookie, beside data in others", 1, 64, false,
         size_translated, translated},
        {"forged", "ACKs and RSTs of no flow beside established flows, by shares", 1, 64, false, size_forged,
         forged},
        {"latency", "ring to ring at half load, in peace and while a million handshakes expire", 1, 1, true,
         size_latency, latency},
        {"idle", "ring to ring at quarter load, while all other connections are asked whether they live", 1,
         1, true, size_idle, idle},
    };
    return kAll;
}

const Scenario* scenario_named(std::string_view name) {
    const auto all = scenarios();
    const auto it = std::find_if(all.begin(), all.end(), [&](const Scenario& s) { return s.name == name; });
    return it == all.end() ? nullptr : &*it;
}

}  // namespace ajar::dataplane
