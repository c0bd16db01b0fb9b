// Where the two sets of records come from.
#include "zeek_connection.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>

#include "ajar/flow/record.hpp"
#include "export/endpoints.hpp"
#include "replay/engine.hpp"

namespace ajar::corpus {
namespace {

/// One spelling for one address; IPv4 inside IPv6 is IPv4, as Zeek prints it.
std::string canonical(std::string address) {
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    constexpr std::string_view kMapped = "::ffff:";
    std::string spelled = text.data();
    const bool v4 = spelled.starts_with(kMapped) && spelled.find('.') != std::string::npos;
    return v4 ? spelled.substr(kMapped.size()) : spelled;
}

double number(const std::string& cell) { return cell.empty() ? 0 : std::stod(cell); }

std::string endpoint_of(const Event& e, Side side) {
    exporting::Text text;
    exporting::put_endpoint(text, e, side);
    return canonical(fmt::to_string(text)) + " " + std::to_string(e.key.port[side].value());
}

double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

Connection connection_of(const Event& e) {
    const Side o = e.originator();
    const Side r = exporting::responder(e);
    return {endpoint_of(e, o),
            endpoint_of(e, r),
            std::string(record::conn_state(e.record)),
            std::string(e.record.history_text()),
            seconds(e.record.first_ns),
            seconds(e.record.last_ns - e.record.first_ns),
            e.warm.sent[o].packets,
            e.warm.sent[r].packets};
}

}  // namespace

std::vector<Connection> read_truth(const std::string& path) {
    std::ifstream in(path);
    std::vector<Connection> out;
    std::string line;
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        std::vector<std::string> c;
        std::istringstream cut(line);
        for (std::string cell; std::getline(cut, cell, ',');) c.push_back(cell);
        // Other rows come from tshark, or from a run that verified checksums.
        if (c.size() < 11 || !c[10].starts_with("zeek-8.0.10-run -C")) continue;
        out.push_back({canonical(c[0]) + " " + c[1], canonical(c[2]) + " " + c[3], c[4], c[5], number(c[8]),
                       number(c[9]), std::stoul(c[6]), std::stoul(c[7])});
    }
    return out;
}

std::vector<Connection> replay_as_zeek(const std::string& capture) {
    replay::ReplayOptions options;
    options.use_profile(Profile::zeek);
    options.files = {capture};
    options.sizes.confirmed = options.sizes.embryonic = options.sizes.tombstones = 1U << 16U;
    options.shards = 1;
    replay::Engine engine(options);
    std::vector<Connection> out;
    const auto sink = [&](std::span<const replay::EventRef> events) {
        for (const auto& e : events)
            if (e.event->kind == EventKind::flow_end) out.push_back(connection_of(*e.event));
    };
    engine.run(sink, [](const replay::Input&) {});
    return out;
}

}  // namespace ajar::corpus
