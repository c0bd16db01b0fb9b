// Segments made anew from their numbers.
#include "property/translate_model.hpp"

#include <iomanip>

namespace ajar::test {
namespace {

void append(Octets& out, std::uint32_t number, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

void append(Octets& out, const Octets& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append(Octets& out, const Option& option) {
    if (option.kind == Option::Kind::nop) return out.push_back(1);
    constexpr std::array<std::uint8_t, 4> kKinds = {1, 253, 8, 5};
    out.push_back(kKinds.at(static_cast<std::size_t>(option.kind)));
    out.push_back(static_cast<std::uint8_t>(2 + 4 * option.numbers.size() + option.value.size()));
    for (const auto n : option.numbers) append(out, n, 4);
    append(out, option.value);
}

}  // namespace

std::uint32_t sum_of(const Octets& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
    return sum % 0xffff;
}

Octets options_of(const Segment& segment) {
    Octets out;
    for (const auto& option : segment.options) append(out, option);
    append(out, segment.ending);
    while (out.size() % 4 != 0) out.push_back(1);
    return out;
}

Octets encode(const Segment& segment) {
    const auto options = options_of(segment);
    Octets out;
    append(out, segment.port[0], 2);
    append(out, segment.port[1], 2);
    append(out, segment.seq, 4);
    append(out, segment.ack, 4);
    out.push_back(static_cast<std::uint8_t>((5 + options.size() / 4) << 4U));
    out.push_back(segment.flags);
    append(out, segment.window, 2);
    append(out, 0, 2);
    append(out, segment.urgent, 2);
    append(out, options);
    append(out, segment.payload);
    const auto checksum = (0xffffU - (sum_of(out) + segment.pseudo) % 0xffffU + segment.error) % 0xffffU;
    out[kChecksum] = static_cast<std::uint8_t>(checksum >> 8U);
    out[kChecksum + 1] = static_cast<std::uint8_t>(checksum);
    return out;
}

std::ostream& operator<<(std::ostream& out, const Segment& segment) {
    out << std::hex << std::setfill('0');
    for (const auto b : encode(segment)) out << std::setw(2) << unsigned{b};
    return out << std::dec;
}

Segment to_server(Segment segment, tcp::Translation by) {
    if (segment.acknowledges()) segment.ack += by.seq;
    for (auto& [kind, numbers, value] : segment.options) {
        if (kind == Option::Kind::sack) {
            for (auto& edge : numbers) edge += by.seq;
        } else if (kind == Option::Kind::timestamps && segment.acknowledges() && numbers[1] != 0) {
            numbers[1] += by.stamp;
        }
    }
    return segment;
}

Segment to_client(Segment segment, tcp::Translation by) {
    segment.seq -= by.seq;
    for (auto& [kind, numbers, value] : segment.options) {
        if (kind == Option::Kind::timestamps) numbers[0] -= by.stamp;
    }
    return segment;
}

}  // namespace ajar::test
