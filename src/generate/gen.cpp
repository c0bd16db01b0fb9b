// `ajar gen`: frames from a Source into capture files, the truth beside them.
#include "generate/gen.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "exit_code.hpp"
#include "generate/pcap_file.hpp"
#include "generate/source.hpp"

namespace ajar {
namespace {

int fail(int code, const std::string& text) {
    fmt::print(stderr, "ajar gen: {}\n", text);
    return code;
}

/// "a/b.pcap" for port 0 is "a/b.a.pcap", for port 1 "a/b.b.pcap"; a name without ".pcap" gets it.
std::string split_name(const std::string& output, std::size_t port) {
    constexpr std::string_view ending = ".pcap";
    std::string stem = output;
    if (stem.ends_with(ending)) stem.resize(stem.size() - ending.size());
    return fmt::format("{}.{}{}", stem, port == 0 ? 'a' : 'b', ending);
}

Result<std::vector<gen::PcapFile>> open_files(const GenOptions& o) {
    std::vector<gen::PcapFile> files;
    for (std::size_t port = 0; port < (o.split ? 2U : 1U); ++port) {
        auto file = gen::PcapFile::open(o.split ? split_name(o.output, port) : o.output, o.microseconds);
        if (!file) return Error{file.error()};
        files.push_back(std::move(*file));
    }
    return files;
}

/// Each conversation as a line of `path` when it begins; nothing where `path` is empty.
void list_connections(gen::Source& source, std::ofstream& list, const std::string& path) {
    if (path.empty()) return;
    list.open(path);
    source.observe([&](const gen::Conversation& c) { list << gen::to_json(c); });
}

bool write_truth(const gen::Source& source, const GenOptions& o) {
    if (o.truth.empty()) return true;
    std::ofstream file(o.truth);
    file << gen::to_json(source.truth(), o);
    return file.flush().good();
}

std::string check_output(const GenOptions& o) {
    if (o.output.empty()) return "no output: -o FILE, or -o - for standard output";
    if (o.split && o.output == "-") return "--split writes two files: -o needs a name, not -";
    return {};
}

}  // namespace

int generate(const GenOptions& options) {
    if (const auto text = check_output(options); !text.empty()) return fail(kUsage, text);
    auto source = gen::Source::make(options);
    if (!source) return fail(kUsage, source.error());
    auto files = open_files(options);
    if (!files) return fail(kFailed, files.error());
    std::ofstream list;
    list_connections(*source, list, options.truth_connections);
    while (const auto frame = source->next()) (*files)[options.split ? frame->port : 0].write(*frame);
    for (auto& file : *files) {
        if (!file.close())
            return fail(kFailed, fmt::format("{}: not all of it could be written", options.output));
    }
    if (!options.truth_connections.empty() && !list.flush().good()) {
        return fail(kFailed, fmt::format("cannot write {}", options.truth_connections));
    }
    if (!write_truth(*source, options)) return fail(kFailed, fmt::format("cannot write {}", options.truth));
    return kGood;
}

}  // namespace ajar
