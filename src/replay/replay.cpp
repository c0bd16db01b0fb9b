// The command: engine, records and report put together, and what the exit code says.
#include "replay/replay.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <new>
#include <optional>

#include "exit_code.hpp"
#include "export/event_writer.hpp"
#include "export/human.hpp"
#include "replay/engine.hpp"
#include "replay/flagged.hpp"
#include "replay/html.hpp"
#include "replay/outputs.hpp"
#include "replay/progress.hpp"
#include "replay/report.hpp"

namespace ajar::replay {
namespace {

int complain(const std::string& text) {
    fmt::print(stderr, "ajar replay: {}\n", text);
    return kFailed;
}

/// Where a file of records takes standard output, the report goes to standard error.
std::FILE* report_stream(const ReplayOptions& o) {
    const bool taken =
        o.events_file == "-" || o.flows_file == "-" || o.summary_file == "-" || o.report_file == "-";
    return taken ? stderr : stdout;
}

struct Run {
    Outcome outcome;
    std::optional<FlaggedFlows> flagged;  ///< where their packets were asked for
    std::optional<Details> details;       ///< where a page was asked for
    std::vector<WhatIf> what_if;
    std::uint64_t faults = 0;
    std::chrono::duration<double> elapsed{};
};

Run run_engine(const ReplayOptions& options, exporting::EventWriter& records) {
    Engine engine(options);
    Progress progress(options.files, options.progress);
    Run run;
    run.outcome.tally = Tally(hash_key_from_seed(options.seed));
    if (!options.report_file.empty()) run.details.emplace();
    if (!options.packets_file.empty()) run.flagged.emplace();
    engine.run(
        [&](std::span<const EventRef> events) {
            for (const EventRef& e : events) {
                const auto finding = run.outcome.tally.add(*e.event);
                if (run.details) run.details->add(*e.event, finding.has_value());
                const bool has_packets = run.flagged && run.flagged->add(*e.event);
                records.write(*e.event, has_packets ? options.packets_file : std::string_view());
            }
            records.look();
        },
        [&](const Input& input) { progress.update(input.position(), input.totals().frames); },
        [&](const Change& change) {
            run.outcome.tally.add(change);
            records.write(change);
        });
    run.outcome.tally.finish();
    records.flush();
    run.elapsed = progress.elapsed();
    run.faults = engine.faults();
    run.outcome.input = engine.input();
    run.outcome.complaints = engine.complaints();
    run.outcome.sums = engine.sums();
    run.outcome.busiest = engine.busiest();
    return run;
}

bool write_file(const std::string& path, std::string_view text) {
    auto file = exporting::LineWriter::open(path, exporting::Begin::anew);
    if (!file) return complain(file.error()) == kGood;
    exporting::put((*file)->text(), text);
    (*file)->committed();
    (*file)->flush();
    return (*file)->lost() == 0;
}

bool write_summary(const ReplayOptions& options, const Run& run) {
    return options.summary_file.empty() ||
           write_file(options.summary_file, summary_json(options, run.outcome, run.what_if));
}

bool write_page(const ReplayOptions& options, const Run& run) {
    return !run.details ||
           write_file(options.report_file, report_html(options, run.outcome, *run.details, run.what_if));
}

/// The second reading.
bool write_packets(const ReplayOptions& options, Run& run) {
    if (!run.flagged) return true;
    const auto written = write_flagged(options, *run.flagged);
    if (!written) return complain(written.error()) == kGood;
    fmt::print(report_stream(options), "  {} of {} in {}\n",
               exporting::counted(*written, "packet", "packets"),
               exporting::counted(run.flagged->size(), "flagged connection", "flagged connections"),
               options.packets_file);
    if (run.flagged->left_out() != 0)
        fmt::print(report_stream(options), "  not in it: those of further flags ({})\n",
                   run.flagged->left_out());
    return true;
}

void print_report(const ReplayOptions& options, const Run& run) {
    std::FILE* out = report_stream(options);
    fmt::print(out, "{}", report_text(options, run.outcome));
    const double rate = static_cast<double>(run.outcome.input.frames) / std::max(run.elapsed.count(), 1e-9);
    fmt::print(out, "  replayed in {}, {:.3g} M packets/s\n",
               exporting::human_duration(std::chrono::duration_cast<Duration>(run.elapsed)), rate / 1e6);
    if (!run.what_if.empty()) fmt::print(out, "\n{}", table_text(run.what_if));
}

/// Sums that must agree, or this program is wrong and says so.
bool adds_up(const Run& run) {
    const auto& sums = run.outcome.sums;
    return run.faults == 0 && sums.packets == run.outcome.input.frames &&
           sums.forwarded + sums.dropped + sums.consumed == sums.packets;
}

int conclude(const ReplayOptions& options, Run& run, const exporting::EventWriter& records) {
    const auto& [warnings, failed] = run.outcome.complaints;
    if (run.outcome.input.frames == 0 && failed) {
        for (const auto& warning : warnings) complain(warning);
        return kFailed;
    }
    print_report(options, run);
    const bool written =
        write_summary(options, run) && write_page(options, run) && write_packets(options, run);
    if (!written || records.lost() != 0 || records.exported().lost != 0) return kFailed;
    if (!adds_up(run)) return complain("internal fault: packets or events do not add up; please report it");
    return failed ? kFailed : kGood;
}

}  // namespace

int replay(const ReplayOptions& options) {
    if (std::count(options.files.begin(), options.files.end(), "-") > 1)
        return complain("standard input (-) can be read once only");
    if (!options.packets_file.empty() && std::count(options.files.begin(), options.files.end(), "-") != 0)
        return complain("--packets reads its captures twice, which standard input (-) allows once");
    if (const auto clash = clash_of_files(options); !clash.empty()) return complain(clash);
    auto records = exporting::EventWriter::open(
        {.events = options.events_file,
         .flows = options.flows_file,
         .begin = exporting::Begin::anew,
         .patience = exporting::always,
         .ipfix = {.collector = options.ipfix_collector, .packet_time = true, .interfaces = false}});
    if (!records) return complain(records.error());
    try {
        Run run = run_engine(options, *records);
        if (!options.what_if.empty() && run.outcome.input.frames != 0) {
            auto compared = compare_profiles(options, options.what_if);
            if (!compared) return kFailed;
            run.what_if = std::move(*compared);
        }
        return conclude(options, run, *records);
    } catch (const std::bad_alloc&) {
        return complain(
            "not enough memory for the tables; make them smaller (tables.confirmed, tables.embryonic)");
    }
}

}  // namespace ajar::replay
