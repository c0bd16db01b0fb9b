// Files are told apart by what they are, not by what they are called.
#include "replay/outputs.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include "export/ipfix/collector.hpp"
#include "export/target.hpp"

namespace ajar::replay {
namespace {

bool is_file(const std::string& text) {
    const auto target = exporting::parse_target(text);
    return !text.empty() && target && target->kind == exporting::Target::Kind::path;
}

bool same_file(const std::string& a, const std::string& b) {
    struct stat x {
    }, y{};
    if (stat(a.c_str(), &x) != 0 || stat(b.c_str(), &y) != 0) return a == b;
    return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

}  // namespace

std::string clash_of_files(const ReplayOptions& options) {
    const auto collector = exporting::ipfix::parse_collector(options.ipfix_collector);
    const bool to_file = collector && collector->kind == exporting::ipfix::Collector::Kind::file;
    const std::vector<std::string> outputs = {options.events_file,
                                              options.flows_file,
                                              options.summary_file,
                                              options.report_file,
                                              to_file ? collector->host : "",
                                              options.packets_file};
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (!is_file(outputs[i])) continue;
        for (const auto& capture : options.files)
            if (is_file(capture) && same_file(outputs[i], capture))
                return fmt::format("{} is a capture to read; write to another file", outputs[i]);
        for (std::size_t j = 0; j < i; ++j)
            if (is_file(outputs[j]) && same_file(outputs[i], outputs[j]))
                return fmt::format("{} cannot take two outputs; write to two files", outputs[i]);
    }
    return {};
}

}  // namespace ajar::replay
