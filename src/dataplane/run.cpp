// `ajar run`, from the configuration to the exit code.
#include "dataplane/run.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "config/eal_args.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/control.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/signals.hpp"
#include "export/event_writer.hpp"

namespace ajar {
namespace {

using dataplane::Appliance;
using dataplane::Ending;

constexpr int kDone = 0, kFault = 1, kConfiguration = 2;

int fail(const std::string& text, int code) {
    fmt::print(stderr, "ajar: {}\n", text);
    return code;
}

bool right(const Ending& ending) { return ending.sums_hold && ending.mbufs_lost == 0 && ending.faults == 0; }

void write_file(const std::string& path, const std::string& text) {
    if (path.empty()) return;
    std::FILE* const file = path == "-" ? stdout : std::fopen(path.c_str(), "w");
    if (file == nullptr) {
        fmt::print(stderr, "ajar: {}: {}\n", path, std::strerror(errno));
        return;
    }
    fmt::print(file, "{}\n", text);
    if (file != stdout) std::fclose(file);
}

/// Records on standard output leave the words for standard error.
std::FILE* log_for(const Config& config, const RunFlags& flags) {
    const bool taken = config.events_file == "-" || config.flows_file == "-" || flags.summary_file == "-";
    return taken ? stderr : stdout;
}

/// The packet clock loses no line: captures can wait for whoever reads the events, traffic cannot.
exporting::Patience patience_for(const Config& config) {
    if (config.clock == ClockSource::tsc) return nullptr;
    return [] { return !dataplane::Signals::stop_asked(); };
}

/// Until the run is over; the live view is gone from the screen then. Returns the mode it ended in.
Mode watch(Appliance& appliance, const Config& config, const RunFlags& flags, exporting::EventWriter& writer,
           std::FILE* log) {
    dataplane::Control control(appliance, config, flags, writer, log);
    control.loop();
    return control.config().policy.mode;
}

int run(Appliance& appliance, const Config& config, const RunFlags& flags, exporting::EventWriter& writer) {
    std::FILE* const log = log_for(config, flags);
    if (auto started = appliance.start(); !started) return fail(started.error(), kFault);
    const Mode mode = watch(appliance, config, flags, writer, log);
    appliance.stop();
    writer.flush();
    const auto last = appliance.sample();
    const Ending ending = appliance.close();
    for (const auto& line : summary_lines(last, ending, mode)) fmt::print(log, "{}\n", line);
    write_file(flags.summary_file, summary_json(last, ending, mode));
    return right(ending) ? kDone : fail("the frames do not add up: see the summary", kFault);
}

}  // namespace

int run_appliance(const Config& given, const RunFlags& flags) {
    Config config = given;
    if (!flags.flows_file.empty()) config.flows_file = flags.flows_file;
    config.policy.flow_end_events |= !config.flows_file.empty();
    auto writer = exporting::EventWriter::open(config.events_file, config.flows_file,
                                               exporting::Begin::append, patience_for(config));
    if (!writer) return fail(writer.error(), kConfiguration);
    const dataplane::Signals signals;
    auto eal = dataplane::Eal::start(config::eal_arguments(config));
    if (!eal) return fail(eal.error(), kConfiguration);
    auto appliance = Appliance::make(config, [&](const Event& e) { writer->write(e); });
    if (!appliance) return fail(appliance.error(), kConfiguration);
    return run(**appliance, config, flags, *writer);
}

}  // namespace ajar
