// Services and cookies, from SYNs as the tracker reads them.
#include "dataplane/bench/flooded.hpp"

#include "ajar/defence/defence.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/packet/parse.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint8_t kFeatures =
    ServerProfile::kScale | ServerProfile::kSack | ServerProfile::kTimestamps | ServerProfile::kEcn;
constexpr ServerProfile kServer{1460, 7, kFeatures, kFeatures};
/// Connections that name every service of a lot: their partitions are all there are.
constexpr std::uint64_t kEveryService = 1U << 14U;

Packet syn_of(const Tuple& tuple, const FrameWriter& writer) {
    std::array<std::uint8_t, FrameWriter::kHeaderBytes> frame{};
    const auto length = writer.write(tuple, 0, kSyn, frame.data());
    Packet syn;
    parse(std::span(frame).first(length), length, {}, syn);
    return syn;
}

}  // namespace

std::uint8_t Flooded::promise() { return kServer.promise(); }

Flooded::Flooded(const HashKey& key, const TableSizes& sizes)
    : hash_key_(prepare(key)), lines_(sketch_lines(sizes)) {
    posture_.active = true;
    posture_.flooded = posture_.lately = CellSet(lines_);
    posture_.profiles = profiles_;
    posture_.keys = std::make_shared<tcp::cookie::Keys>(cookie_secret(key), Time(std::chrono::hours(1)));
}

std::uint64_t Flooded::service_of(const Packet& syn) const {
    const Side server = other(syn.side);
    const auto of = [&](const auto& key) {
        return keyed_hash(count_key(CountKind::service, key.address[server], key.zone, key.port[server]),
                          hash_key_);
    };
    return syn.family == Family::ipv4 ? of(syn.v4) : of(syn.v6);
}

void Flooded::add(const Shape& shape) {
    const Tuples tuples(shape.lot);
    const auto writer = shape.syn_writer();
    for (std::uint64_t n = 0; n < kEveryService; ++n) {
        const auto service = service_of(syn_of(tuples.of(n), writer));
        profiles_->put(service, kServer);
        for (const auto cell : cells_of(service, lines_)) {
            posture_.flooded.set(cell);
            posture_.lately.set(cell);
        }
    }
}

Beginnings Flooded::cookies(const Shape& shape, std::uint64_t connections) const {
    const Tuples tuples(shape.lot);
    const auto writer = shape.syn_writer();
    Beginnings out;
    out.reserve(connections);
    for (std::uint64_t n = 0; n < connections; ++n)
        out.push_back(tcp::cookie::seal(*posture_.keys, syn_of(tuples.of(n), writer), promise()));
    return out;
}

}  // namespace ajar::dataplane
