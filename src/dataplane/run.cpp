// `ajar run`, from the configuration to the exit code.
#include "dataplane/run.hpp"

#include <rte_version.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "causes/tell.hpp"
#include "config/device.hpp"
#include "config/eal_args.hpp"
#include "config/presence.hpp"
#include "confine/user.hpp"
#include "dataplane/appliance.hpp"
#include "dataplane/control.hpp"
#include "dataplane/control_socket.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/settle.hpp"
#include "dataplane/sharing.hpp"
#include "dataplane/signals.hpp"
#include "dataplane/telemetry.hpp"
#include "dataplane/web.hpp"
#include "exit_code.hpp"
#include "export/asks.hpp"
#include "export/event_writer.hpp"
#include "put_line.hpp"

namespace ajar {
namespace {

using dataplane::Appliance;
using dataplane::Ending;

int fail(const std::string& text, int code) {
    put_line(stderr, "ajar: " + text);
    return code;
}

bool right(const Ending& ending) { return ending.sums_hold && ending.mbufs_lost == 0 && ending.faults == 0; }

/// False, with a complaint, where it could not be written whole.
bool write_file(const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    std::FILE* const file = path == "-" ? stdout : std::fopen(path.c_str(), "w");
    bool good = file != nullptr && std::fprintf(file, "%s\n", text.c_str()) > 0 && std::fflush(file) == 0;
    const int why = errno;
    if (file != nullptr && file != stdout) good = std::fclose(file) == 0 && good;
    if (!good) put_line(stderr, "ajar: " + path + ": " + std::strerror(why));
    return good;
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

exporting::PacketOutput packets_of(const Config& config) {
    exporting::PacketOutput out{.folder = config.capture_folder,
                                .limits = {.file_bytes = config.capture_file_size,
                                           .files = config.capture_files,
                                           .snap = config.capture_snap},
                                .packets = config.capture_packets};
    for (const auto& [a, b] : config.ports)
        for (const auto& port : {a, b}) out.interfaces.push_back(config::device_name(port));
    return out;
}

exporting::Outputs outputs_of(const Config& config) {
    return {
        .events = config.events_file,
        .flows = config.flows_file,
        .begin = exporting::Begin::append,
        .patience = patience_for(config),
        .rotation = {.bytes = config.rotate_size, .every = config.rotate_every, .keep = config.rotate_keep},
        .ipfix = {.collector = config.ipfix_collector,
                  .domain = config.ipfix_domain,
                  .template_interval = config.ipfix_templates,
                  .packet_time = config.clock == ClockSource::packet},
        .packets = packets_of(config),
        .flow_ends = config.flow_end_lines};
}

/// As whoever goes on writing them.
auto open_outputs(const Config& config) {
    const confine::AsUser as(config::user_of(config));
    return exporting::EventWriter::open(outputs_of(config));
}

/// How a run ended.
struct Watched {
    Mode mode;
    Duration drained;
};

/// Until the run is over; the live view is gone from the screen then.
Watched watch(Appliance& appliance, const Config& config, const RunFlags& flags,
              const dataplane::Listeners& listeners, std::FILE* log) {
    dataplane::Control control(appliance, config, flags, listeners, log);
    control.loop();
    return {control.config().policy.mode, control.drained()};
}

/// The judgement of why attempts fail needs the ends of all flows, so it comes with the flow records.
using Causes = std::optional<causes::Causes>;

void tell_causes(Causes& causes, Ending& ending, std::FILE* log) {
    if (!causes) return;
    causes->finish();
    ending.causes = causes::labels_json(*causes);
    ending.scanners = causes::scanners_json(*causes);
    std::fputs(causes::labels_text(*causes).c_str(), log);
    std::fputs(causes::scanners_text(*causes).c_str(), log);
}

/// Nobody reads what others send, or connects to them, with more rights than he keeps.
void open_gates(dataplane::ControlSocket* socket, dataplane::Web* web, dataplane::Sharing* sharing) {
    if (socket != nullptr) socket->begin();
    if (web != nullptr) web->begin();
    if (sharing != nullptr) sharing->begin();
}

int run(Appliance& appliance, const Config& config, const RunFlags& flags,
        const dataplane::Listeners& listeners, Causes& causes, std::unique_ptr<dataplane::Sharing>& sharing) {
    std::FILE* const log = log_for(config, flags);
    auto& writer = listeners.writer;
    auto socket = dataplane::ControlSocket::open(config, listeners.box);
    if (!socket) return fail(socket.error(), kUsage);
    metrics::Sampler sampler(listeners.box, {AJAR_VERSION, rte_version()});
    auto web = dataplane::Web::open(config, sampler, listeners.box, listeners.notes);
    if (!web) return fail(web.error(), kUsage);
    std::optional<dataplane::Telemetry> telemetry(std::in_place, sampler);  // behind `web`: it looks at it
    if (auto started = appliance.start_ports(); !started) return fail(started.error(), kFailed);
    if (auto shares = sharing ? sharing->start() : true; !shares) return fail(shares.error(), kFailed);
    if (auto settled = dataplane::settle(appliance, config, flags.config_file); !settled)
        return fail(settled.error(), kFailed);
    open_gates(socket->get(), web->get(), sharing.get());
    if (auto launched = appliance.launch_lanes(); !launched) return fail(launched.error(), kFailed);
    const auto [mode, drained] = watch(appliance, config, flags, listeners, log);
    sharing.reset();
    telemetry.reset();
    web->reset();
    socket->reset();
    appliance.stop();
    appliance.take_packets([&](const auto& packet) { writer.add(packet); });
    writer.flush();
    for (const auto& line : listeners.changes.take_all()) put_line(log, line);
    const auto last = appliance.sample();
    Ending ending = appliance.close();
    ending.lines_written = writer.written();
    ending.lines_lost = writer.lost();
    ending.exported = writer.exported();
    ending.packets_written = writer.packets_written();
    ending.packets_lost += writer.packets_lost();
    ending.drained = drained;
    ending.would = listeners.would;
    for (const auto& line : summary_lines(last, ending, mode)) put_line(log, line);
    tell_causes(causes, ending, log);
    std::fputs(exporting::busiest_text(ending.busiest).c_str(), log);
    const bool written = write_file(flags.summary_file, summary_json(last, ending, mode));
    if (!right(ending)) return fail("the frames do not add up: see the summary", kFailed);
    if (ending.lines_lost != 0) return fail("not every event could be written: see the summary", kFailed);
    if (ending.exported.lost != 0) return fail("not every flow could be exported: see the summary", kFailed);
    return written ? kGood : kFailed;
}

}  // namespace

int run_appliance(const Config& config, const RunFlags& flags) {
    if (auto prepared = dataplane::prepare(config); !prepared) return fail(prepared.error(), kFailed);
    auto writer = open_outputs(config);
    if (!writer) return fail(writer.error(), kUsage);
    const dataplane::Signals signals;
    auto eal = dataplane::Eal::start(config::eal_arguments(config), config.dumpcap);
    if (!eal) return fail(eal.error(), kUsage);
    auto sharing = dataplane::Sharing::open(config);
    if (!sharing) return fail(sharing.error(), kUsage);
    Causes causes;
    dataplane::ChangeLog changes;
    dataplane::LiveBox box;
    live::Notes notes;
    control::WouldHave would;
    Appliance* running = nullptr;
    const auto sink = [&](const Event& e) {
        if (running != nullptr && writer->wants_packets_of(e))
            running->take_packets([&](const auto& packet) { writer->add(packet); });
        writer->write(e);
        box.tell(e);
        if (*sharing) (*sharing)->desk().tell(e);
        notes.add(e);
        would.add(e);
        if (causes) causes->add(e);
    };
    auto appliance = Appliance::make(config, sink, [&](const Change& change) {
        writer->write(change);
        changes.add(change);
        box.tell(change);
        if (*sharing) (*sharing)->desk().tell(change);
        notes.add(change);
    });
    if (!appliance) return fail(appliance.error(), kUsage);
    running = appliance->get();
    box.attach(**appliance);
    if (config.policy.flow_end_events) causes.emplace((*appliance)->wiring().steering.key());
    return run(**appliance, config, flags, {*writer, changes, notes, box, sharing->get(), would}, causes,
               *sharing);
}

}  // namespace ajar
