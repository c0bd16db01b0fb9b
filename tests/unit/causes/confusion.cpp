// How a mix is generated, replayed and compared.
#include "confusion.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <unordered_map>

#include "causes/window.hpp"
#include "generate/pcap_file.hpp"
#include "generate/source.hpp"
#include "replay/engine.hpp"

namespace ajar::causes::test {
namespace {

using Tuple = std::pair<Endpoint, Endpoint>;  // client and server, with their ports

struct Truth {
    Label label;
    bool scanner;
};
using Truths = std::map<Tuple, Truth>;

Endpoint end_of(const gen::Conversation& c, gen::End e) {
    return {c.address[gen::index(e)], c.port[gen::index(e)], c.family};
}

Truths generate(const GenOptions& options, const std::string& path) {
    Truths truths;
    auto source = gen::Source::make(options);
    auto file = gen::PcapFile::open(path, false);
    EXPECT_TRUE(source.ok() && file.ok());
    source->observe([&](const gen::Conversation& c) {
        truths[{end_of(c, gen::End::client), end_of(c, gen::End::server)}] = {c.label, c.scanner};
    });
    while (const auto frame = source->next()) file->write(*frame);
    EXPECT_TRUE(file->close());
    return truths;
}

Tuple tuple_of(const Event& e) {
    const Side s = e.originator();
    return {{e.key.address[s], e.key.port[s].value(), e.family}, server_of(e)};
}

/// Names flows whose first packet was the responder's by their true client.
const Truth* find(const Truths& truths, const Tuple& tuple) {
    auto at = truths.find(tuple);
    if (at == truths.end()) at = truths.find({tuple.second, tuple.first});
    return at == truths.end() ? nullptr : &at->second;
}

replay::ReplayOptions replay_options(const std::string& path) {
    replay::ReplayOptions options;
    options.files = {path};
    options.shards = 2;
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 1U << 17U;
    return options;
}

CountKey source_of(const Endpoint& client) { return key_of(CountKind::source, client, 0); }

Scanners compare_sources(const Truths& truths, const Suspects& suspects) {
    std::map<CountKey, bool> scans;
    for (const auto& [tuple, truth] : truths) scans[source_of(tuple.first)] |= truth.scanner;
    std::map<CountKey, bool> flagged;
    for (const Suspect* s : suspects.flagged()) flagged[s->source] = true;
    Scanners out;
    for (const auto& [source, scanner] : scans) {
        const bool found = flagged.count(source) != 0;
        ++(scanner ? (found ? out.found : out.missed) : (found ? out.accused : out.left_alone));
        if (scanner != found)
            out.names +=
                fmt::format(" {}{}", scanner ? "-" : "+", text_of({source.address, 0, source.family}));
    }
    return out;
}

}  // namespace

std::uint64_t Confusion::of(Label truth) const {
    std::uint64_t sum = 0;
    for (const auto n : cells_[index(truth)]) sum += n;
    return sum;
}

double Confusion::right_per_mille() const {
    std::uint64_t all = 0, good = 0;
    for (std::size_t l = 0; l < kLabelCount; ++l) {
        all += of(static_cast<Label>(l));
        good += cells_[l][l];
    }
    return all == 0 ? 0 : 1000.0 * static_cast<double>(good) / static_cast<double>(all);
}

std::string Confusion::table() const {
    auto out = fmt::format("{:>16}", "is \\ judged");
    for (const auto& text : kLabelTexts) out += fmt::format(" {:>8}", text.name.substr(0, 8));
    for (std::size_t row = 0; row < kLabelCount; ++row) {
        out += fmt::format("\n{:>16}", kLabelTexts[row].name);
        for (const auto n : cells_[row]) out += fmt::format(" {:>8}", n == 0 ? "." : std::to_string(n));
    }
    return out + fmt::format("\n{:.2f} % right\n", right_per_mille() / 10);
}

std::string Scanners::table() const {
    return fmt::format("{:>16} {:>8} {:>8}\n{:>16} {:>8} {:>8}\n{:>16} {:>8} {:>8}\n{}\n", "is \\ judged",
                       "scanner", "none", "scanner", found, missed, "none", accused, left_alone, names);
}

Judgement judge(const GenOptions& options) {
    const auto path = fmt::format("/tmp/ajar-confusion-{}.pcap", getpid());
    const auto truths = generate(options, path);
    Judgement out;
    const HashKey key = hash_key_from_seed(1);
    Window window(key);
    std::unordered_map<std::uint64_t, Label> truth_of;
    const auto compare = [&](const Trial& trial, Label label) {
        out.flows.add(truth_of[trial.flow_id], label);
    };
    replay::Engine engine(replay_options(path));
    const auto sink = [&](std::span<const replay::EventRef> events) {
        for (const auto& e : events) {
            if (e.event->kind != EventKind::flow_end) continue;
            const Truth* const truth = find(truths, tuple_of(*e.event));
            if (truth == nullptr) {
                ++out.unmatched;
                continue;
            }
            truth_of[e.event->flow_id] = truth->label;
            window.add(trial_of(*e.event, prepare(key)), compare);
        }
    };
    engine.run(sink, [](const replay::Input&) {});
    window.close(compare);
    out.sources = compare_sources(truths, window.suspects());
    std::remove(path.c_str());
    return out;
}

}  // namespace ajar::causes::test
