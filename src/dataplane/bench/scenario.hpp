// What does each scenario of `ajar bench` fill its tables with, and what does it measure?
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/bench.hpp"
#include "dataplane/bench/bed.hpp"
#include "dataplane/bench/report.hpp"
#include "dataplane/bench/scripts.hpp"

namespace ajar::dataplane {

/// One number of flows on one number of workers.
struct Trial {
    const BenchFlags& flags;
    const LcoreClocks& clocks;
    std::uint64_t flows;
    std::uint32_t workers;
    Config config;  ///< tables large enough; a scenario may change it
    /// Says what is being done; `part` of it is done.
    std::function<void(std::string_view what, double part)> progress;
    /// Says a line that stays, before the figures.
    std::function<void(const std::string& line)> announce;

    [[nodiscard]] std::uint64_t flows_each() const { return flows / workers; }
    [[nodiscard]] Shape shape(const Wiring& wiring, std::uint8_t lot, std::uint32_t worker) const;
};

struct Findings {
    std::vector<Row> rows{};
    std::vector<Check> checks{};
    std::vector<std::string> faults{};
};

struct Scenario {
    std::string_view name, help;
    std::uint32_t least_workers, most_workers;
    bool wire;  ///< needs an lcore beside the workers, for a source and sink of its own
    /// Sets what its tables must hold. No device is touched.
    void (*size)(Config& config, std::uint64_t flows);
    Result<Findings> (*run)(const Trial& trial);
};
std::span<const Scenario> scenarios();
const Scenario* scenario_named(std::string_view name);

Result<Findings> established(const Trial& trial);
Result<Findings> connect(const Trial& trial);
Result<Findings> flood(const Trial& trial);
Result<Findings> mixed(const Trial& trial);
Result<Findings> handoff(const Trial& trial);
Result<Findings> latency(const Trial& trial);
Result<Findings> idle(const Trial& trial);
Result<Findings> cookies(const Trial& trial);
Result<Findings> acks(const Trial& trial);
Result<Findings> translated(const Trial& trial);
Result<Findings> forged(const Trial& trial);

/// Traffic of a trial, by queue, and who owns it.
class Cast {
public:
    template <typename T, typename... Arguments>
    T& add(Arguments&&... arguments) {
        auto made = std::make_unique<T>(std::forward<Arguments>(arguments)...);
        T& out = *made;
        owned_.push_back(std::move(made));
        return out;
    }

private:
    std::vector<std::unique_ptr<Traffic>> owned_;
};
using Queues = std::vector<Traffic*>;

inline constexpr double kZipfExponent = 1.0;

/// Data of a trial's flows, as its flags choose them.
Traffic& add_data(Cast& cast, const Trial& trial, const Shape& shape, std::uint64_t connections);

/// Tracks the next `each` packets of every queue, measuring nothing.
Result<bool> fill_with(const Trial& trial, Bed& bed, const Queues& queues, std::uint64_t each,
                       std::string_view what);

/// One of the things that are measured in turn.
struct Part {
    std::string name;
    bool tracked = true;
    Queues queues{};
    const Posture* posture = &Posture::calm();
    const Policy* policy = nullptr;  ///< null: the trial's
};

/// Measures all parts, round after round. Rows come in the order of the parts; each but the first has its
/// ratio to the first.
Result<std::vector<Row>> in_turn(const Trial& trial, Bed& bed, const std::vector<Part>& parts);

/// Makes the handshakes of connections 0 to `each` - 1 of every lot; queue i carries lot i.
Result<bool> open_flows(const Trial& trial, Bed& bed, const std::vector<Shape>& lots, std::uint64_t each);
/// SYNs of one lot a worker.
Queues add_floods(Cast& cast, const Trial& trial, const Wiring& wiring, std::uint8_t first_lot);
Result<bool> fill_embryonic(const Trial& trial, Bed& bed, const Queues& floods);
/// Lots `first_lot` and on, one a worker.
std::vector<Shape> add_lots(const Trial& trial, const Wiring& wiring, std::uint32_t first_lot);
/// Segments of no flow: one kind of one lot a worker.
Queues add_strangers(Cast& cast, const std::vector<Shape>& lots, std::uint8_t flags);
/// Time of a mix of parts, each with its share of the packets, beside the weighted sum of their times.
Check mix_check(const Row& mix, std::initializer_list<std::pair<const Row*, double>> parts);
/// Are `flows` established, no more and no fewer?
void check_alive(const Bed& bed, std::uint64_t flows, std::vector<std::string>& faults);
/// And did every packet belong to its flow?
void check_flows(const Bed& bed, std::uint64_t flows, std::vector<std::string>& faults);

/// What any bed must say in the end.
void check_sums(Bed& bed, std::vector<std::string>& faults);

}  // namespace ajar::dataplane
