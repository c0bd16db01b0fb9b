// The method in words.
#include "dataplane/bench/method.hpp"

#include <fmt/format.h>

#include <chrono>

#include "export/human.hpp"

namespace ajar::dataplane {
namespace {

std::string frames(const BenchFlags& flags, const Scenario& scenario) {
    const Family family = flags.ipv6 ? Family::ipv6 : Family::ipv4;
    const auto bytes = flags.frame_bytes == 0 ? FrameWriter::shortest(family) : flags.frame_bytes;
    return fmt::format("{}, data in {} bytes with FCS; {}", flags.ipv6 ? "IPv6" : "IPv4", bytes,
                       scenario.wire ? "stamped, into the ring of one net_ring port and out of the other's"
                                     : "headers made by an rx callback on net_null");
}

std::string choice(const BenchFlags& flags) {
    if (flags.choice != "zipf") return "each flow once from each side in a pass, in an order that jumps";
    return fmt::format("drawn, the k-th most frequent with a weight of 1 / k^{}", kZipfExponent);
}

std::string rounds(const BenchFlags& flags, const Scenario& scenario) {
    if (scenario.wire) return fmt::format("{}, up to a second of each run in turn", flags.rounds);
    return fmt::format("{} of each run in turn, {} packets a round after a tenth as many to warm up",
                       flags.rounds, exporting::human_count(flags.packets));
}

std::string offered(const Scenario& scenario) {
    const std::string loads =
        scenario.wire
            ? "full load: as much as is taken; half or quarter load: so much of that, at an even pace"
            : "as much as is taken; \"at 50 %\": half of that, at an even pace, into a queue of 1024";
    return loads + "; loss criterion: no frame dropped, and those that were are counted";
}

std::string rates(const Scenario& scenario) {
    if (scenario.wire) return "medians, on the wall";
    return "medians, packets by the time that a worker was on its CPU; ratios are of medians, in brackets "
           "the "
           "least and the most of a round";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> method(const BenchFlags& flags, const Scenario& scenario) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    return {{"frames", frames(flags, scenario)}, {"flows", choice(flags)},
            {"rounds", rounds(flags, scenario)}, {"offered", offered(scenario)},
            {"rates", rates(scenario)},          {"date", exporting::utc_text(now)}};
}

}  // namespace ajar::dataplane
