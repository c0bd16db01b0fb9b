// Translating the server's numbers in a segment, and in what an ICMP error quotes of one.
#include "ajar/tcp/translate.hpp"

#include <algorithm>
#include <bit>

#include "ajar/packet/byte_order.hpp"
#include "ajar/packet/packet.hpp"
#include "packet/tcp_options.hpp"

namespace ajar::tcp {
namespace {

namespace tcp_option = parser::tcp_option;

constexpr std::size_t kSeq = 4, kAck = 8, kOffset = 12, kFlags = 13, kChecksum = 16, kFixed = 20;
constexpr std::size_t kIcmpChecksum = 2;

/// Each half of the sum plus itself turned round: the carry of one half goes round into the other.
constexpr std::uint16_t fold(std::uint64_t sum) {
    const auto words = static_cast<std::uint32_t>((sum + std::rotl(sum, 32)) >> 32U);
    return static_cast<std::uint16_t>((words + std::rotl(words, 16)) >> 16U);
}
static_assert(fold(0xffff'ffff'ffff'ffff) == 0xffff && fold(0x1'0000) == 1 && fold(0xfffe'0003) == 2);

/// Numbers of one header being changed, and the difference that they make to its sum.
class Edit {
public:
    explicit Edit(std::uint8_t* header) : header_(header) {}

    /// A number at an odd place has its bytes in the other halves of their words.
    void add(std::size_t at, std::uint32_t delta) {
        const auto was = load_be32(header_ + at);
        const auto is = was + delta;
        store_be32(header_ + at, is);
        sum_ += (std::uint64_t{~was} + is) << (at % 2 * 8);
    }
    [[nodiscard]] std::uint32_t number(std::size_t at) const { return load_be32(header_ + at); }
    [[nodiscard]] bool acknowledges() const { return (header_[kFlags] & TcpFlags::kAck) != 0; }

    [[nodiscard]] std::uint16_t difference() const { return fold(sum_); }
    /// RFC 1624 eqn. 3: HC' = ~(~HC + ~m + m').
    void settle(std::uint8_t* checksum) const {
        const auto sum = static_cast<std::uint16_t>(~load_be16(checksum));
        store_be16(checksum, static_cast<std::uint16_t>(~fold(sum_ + sum)));
    }

private:
    std::uint8_t* header_;
    std::uint64_t sum_ = 0;  ///< of few differences below 2^41
};

/// Where the server's numbers stand in what the client sends.
struct FromClient {
    static constexpr std::size_t kNeeds = kFlags + 1;

    static void fixed(Edit& edit, Translation delta) {
        if (edit.acknowledges()) edit.add(kAck, delta.seq);
    }
    static void option(Edit& edit, Translation delta, std::uint8_t kind, std::size_t at, std::size_t length) {
        if (kind == tcp_option::kTimestamps && length == 8) {
            const bool echo = edit.acknowledges() && edit.number(at + 4) != 0;
            edit.add(at + 4, echo ? delta.stamp : 0);
        } else if (kind == tcp_option::kSack) {
            for (std::size_t edge = 0; edge < length / 8 * 8; edge += 4) edit.add(at + edge, delta.seq);
        }
    }
};

/// ... and in what the server sends.
struct FromServer {
    static constexpr std::size_t kNeeds = kSeq + 4;

    static void fixed(Edit& edit, Translation delta) { edit.add(kSeq, delta.seq); }
    static void option(Edit& edit, Translation delta, std::uint8_t kind, std::size_t at, std::size_t length) {
        if (kind == tcp_option::kTimestamps && length == 8) edit.add(at, delta.stamp);
    }
};

/// Bytes of a header that is whole; 0 of another.
std::size_t length_of(std::span<const std::uint8_t> header) {
    if (header.size() < kFixed) return 0;
    const std::size_t length = (header[kOffset] >> 4U) * 4U;
    return length < kFixed || length > header.size() ? 0 : length;
}

/// False where an option is malformed.
template <typename From>
bool translate_options(Edit& edit, const std::uint8_t* options, std::size_t length, Translation delta) {
    if (length == 0) return true;
    const auto visit = [&](std::uint8_t kind, std::size_t at, std::size_t size) {
        From::option(edit, delta, kind, kFixed + at, size);
    };
    if (!parser::are_aligned_timestamps(options, length)) {
        return parser::for_each_option(options, length, visit);
    }
    visit(tcp_option::kTimestamps, 4, 8);
    return true;
}

template <typename From>
Translated translate(std::span<std::uint8_t> segment, Translation delta) {
    const auto length = length_of(segment);
    if (length == 0) [[unlikely]]
        return {0, Extent::cut};
    Edit edit(segment.data());
    From::fixed(edit, delta);
    const bool sound = translate_options<From>(edit, segment.data() + kFixed, length - kFixed, delta);
    edit.settle(segment.data() + kChecksum);
    return {edit.difference(), sound ? Extent::whole : Extent::malformed};
}

/// Where the quoted checksum follows, the quotation's sum is what it was, and so is the message's.
template <typename From>
Translated translate_quote(std::span<std::uint8_t> message, std::size_t at, Translation delta) {
    const auto quote = message.subspan(std::min(at, message.size()));
    if (length_of(quote) != 0) return translate<From>(quote, delta);
    if (quote.size() < From::kNeeds) return {0, Extent::cut};
    Edit edit(quote.data());
    From::fixed(edit, delta);
    const bool has_checksum = quote.size() >= kChecksum + 2;
    edit.settle(has_checksum ? quote.data() + kChecksum : message.data() + kIcmpChecksum);
    return {edit.difference(), Extent::cut};
}

constexpr Translation reversed(Translation t) { return {0U - t.seq, 0U - t.stamp}; }

}  // namespace

Translated translate_to_server(std::span<std::uint8_t> segment, Translation by) {
    return translate<FromClient>(segment, by);
}

Translated translate_to_client(std::span<std::uint8_t> segment, Translation by) {
    return translate<FromServer>(segment, reversed(by));
}

Translated translate_error_to_server(std::span<std::uint8_t> message, std::size_t quote, Translation by) {
    return translate_quote<FromServer>(message, quote, by);
}

Translated translate_error_to_client(std::span<std::uint8_t> message, std::size_t quote, Translation by) {
    return translate_quote<FromClient>(message, quote, reversed(by));
}

}  // namespace ajar::tcp
