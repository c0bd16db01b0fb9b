// Does a flood of ACKs or RSTs that belong to no flow cost the established flows beside it more than its
// share? By shares of the flood, with and without cookies to look for.
#include <fmt/format.h>

#include "dataplane/bench/flooded.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::size_t kTurn = 40;  // packets: a mix begins anew after so many
constexpr std::array<std::size_t, 3> kOfFlood = {4, 20, 36};

/// A flood alone and its mixes, by their rows.
struct Flooding {
    std::string name;
    Queues flood;
    const Posture* posture;
    std::size_t row = 0;  // its own; those of its mixes follow
};

std::string mix_name(std::size_t of_flood, const std::string& flood) {
    return fmt::format("mix, {} % {}", 100 * of_flood / kTurn, flood);
}

Queues mix(Cast& cast, const Queues& data, const Queues& flood, std::size_t of_flood) {
    Queues out;
    for (std::size_t w = 0; w < data.size(); ++w)
        out.push_back(&cast.add<Mix>(*data[w], kTurn - of_flood, *flood[w], of_flood));
    return out;
}

std::vector<Part> parts_of(Cast& cast, const Queues& data, std::vector<Flooding>& floods) {
    std::vector<Part> parts;
    for (Flooding& f : floods) {
        f.row = 2 + parts.size();
        parts.push_back({f.name, true, f.flood, f.posture});
        for (const auto of_flood : kOfFlood)
            parts.push_back(
                {mix_name(of_flood, f.name), true, mix(cast, data, f.flood, of_flood), f.posture});
    }
    return parts;
}

Queues data_of(Cast& cast, const Trial& trial, const std::vector<Shape>& lots) {
    Queues out;
    for (const Shape& lot : lots) out.push_back(&add_data(cast, trial, lot, trial.flows_each()));
    return out;
}

std::vector<Check> checks_of(const std::vector<Row>& rows, const std::vector<Flooding>& floods) {
    std::vector<Check> out;
    for (const Flooding& f : floods) {
        for (std::size_t i = 0; i < kOfFlood.size(); ++i) {
            const double share = static_cast<double>(kOfFlood[i]) / kTurn;
            out.push_back(mix_check(rows[f.row + 1 + i], {{&rows[1], 1 - share}, {&rows[f.row], share}}));
        }
    }
    return out;
}

}  // namespace

void size_forged(Config& config, std::uint64_t flows) {
    size_acks(config, flows);
    config.sizes.confirmed = with_room(flows);
}

Result<Findings> forged(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const Wiring& wiring = (*bed)->wiring();
    const auto lots = add_lots(trial, wiring, 0), strange = add_lots(trial, wiring, trial.workers);
    Flooded flooded(wiring.steering.key(), trial.config.sizes);
    for (const Shape& lot : strange) flooded.add(lot);
    if (auto opened = open_flows(trial, **bed, lots, trial.flows_each()); !opened)
        return Error{opened.error()};
    Cast cast;
    const auto data = data_of(cast, trial, lots), acks = add_strangers(cast, strange, TcpFlags::kAck);
    const auto resets = add_strangers(cast, strange, TcpFlags::kRst);
    std::vector<Flooding> floods = {{"ACKs", acks, &Posture::calm()},
                                    {"RSTs", resets, &Posture::calm()},
                                    {"ACKs, cookies", acks, &flooded.posture()},
                                    {"RSTs, challenges", resets, &flooded.posture()}};
    auto parts = parts_of(cast, data, floods);
    const auto plain =
        mix(cast, data_of(cast, trial, lots), add_strangers(cast, strange, TcpFlags::kAck), kTurn / 2);
    parts.insert(parts.begin(), {{"macswap", false, plain}, {"established", true, data}});
    if (auto filled = fill_embryonic(trial, **bed, acks); !filled) return Error{filled.error()};
    if (auto warm = fill_with(trial, **bed, data, 2 * trial.flows_each(), "one pass over the flows"); !warm)
        return Error{warm.error()};
    auto rows = in_turn(trial, **bed, parts);
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    out.checks = checks_of(out.rows, floods);
    check_alive(**bed, trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
