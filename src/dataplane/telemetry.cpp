// The metrics' own names, without labels.
#include "dataplane/telemetry.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <mutex>
#include <string_view>

#include "metrics/families.hpp"
#include "metrics/flat.hpp"

// Its callback type is called `handler`, at global scope.
#include <rte_telemetry.h>

namespace ajar::dataplane {
namespace {

using metrics::Families;
using metrics::Number;

// DPDK passes nothing of ours to a command.
std::mutex lock_of_sampler;                   // NOLINT
metrics::Sampler* current_sampler = nullptr;  // NOLINT

Families current_families() {
    const std::lock_guard held(lock_of_sampler);
    const auto view = current_sampler == nullptr ? nullptr : current_sampler->look();
    return view ? metrics::families_of(*view) : Families();
}

int put_numbers(rte_tel_data* out, const std::vector<Number>& numbers) {
    if (numbers.empty()) return -1;
    rte_tel_data_start_dict(out);
    for (const auto& [name, value] : numbers) {
        if (value == std::floor(value)) {
            rte_tel_data_add_dict_u64(out, name.c_str(), static_cast<std::uint64_t>(value));
        } else {
            rte_tel_data_add_dict_string(out, name.c_str(), fmt::format("{:.9f}", value).c_str());
        }
    }
    return 0;
}

int tell_names(const char*, const char*, rte_tel_data* out) {
    const auto families = current_families();
    if (families.empty()) return -1;
    rte_tel_data_start_array(out, RTE_TEL_STRING_VAL);
    for (const auto& family : families) rte_tel_data_add_array_string(out, family.name.c_str());
    return 0;
}

int tell_metric(const char*, const char* name, rte_tel_data* out) {
    return name == nullptr ? -1 : put_numbers(out, metrics::flat(current_families(), name));
}
int tell_flows(const char*, const char*, rte_tel_data* out) {
    return put_numbers(out, metrics::flat(current_families(), "ajar_flows"));
}
int tell_worker(const char*, const char* number, rte_tel_data* out) {
    return put_numbers(out, metrics::flat(current_families(), "worker", number == nullptr ? "0" : number));
}
int tell_port(const char*, const char* name, rte_tel_data* out) {
    return name == nullptr ? -1 : put_numbers(out, metrics::flat(current_families(), "port", name));
}

struct Command {
    const char* name;
    telemetry_cb answer;
    const char* help;
};
constexpr std::array kCommands = {
    Command{"/ajar/metrics", tell_names, "Names of all metrics. Takes no parameters"},
    Command{"/ajar/metric", tell_metric, "One metric, by its labels. Parameters: its name"},
    Command{"/ajar/flows", tell_flows, "Living flows by state. Takes no parameters"},
    Command{"/ajar/worker", tell_worker, "What a worker counts. Parameters: its number (default 0)"},
    Command{"/ajar/port", tell_port, "What is counted of a port. Parameters: its name"},
};

}  // namespace

Telemetry::Telemetry(metrics::Sampler& sampler) : sampler_(sampler) {
    const std::lock_guard held(lock_of_sampler);
    current_sampler = &sampler;
    for (const auto& command : kCommands)
        rte_telemetry_register_cmd(command.name, command.answer, command.help);
}

Telemetry::~Telemetry() {
    sampler_.stop();
    const std::lock_guard held(lock_of_sampler);
    current_sampler = nullptr;
}

}  // namespace ajar::dataplane
