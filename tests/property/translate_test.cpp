// Is translating a segment in place the same as making it anew from translated numbers?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "property/translate_model.hpp"

namespace ajar::test {
namespace {

using tcp::Extent;
using tcp::Translated;
using tcp::Translation;

constexpr std::size_t kFixed = 20, kMostOptions = 40;

rc::Gen<std::uint32_t> numbers() {
    return rc::gen::oneOf(
        rc::gen::arbitrary<std::uint32_t>(),
        rc::gen::elementOf(std::vector<std::uint32_t>{0, 1, 0xffff, 0x10000, 0xffff0000, 0xffffffff}));
}
rc::Gen<Octets> octets(std::size_t most) {
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, most + 1), [](std::size_t n) {
        return rc::gen::container<Octets>(n, rc::gen::arbitrary<std::uint8_t>());
    });
}
rc::Gen<Translation> translations() {
    return rc::gen::build<Translation>(rc::gen::set(&Translation::seq, numbers()),
                                       rc::gen::set(&Translation::stamp, numbers()));
}

rc::Gen<Option> options_with(Option::Kind kind, std::size_t count) {
    return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(count, numbers()), [kind](auto n) {
        return Option{kind, std::move(n)};
    });
}
rc::Gen<Option> options() {
    const auto other = rc::gen::map(octets(7), [](auto value) {
        return Option{Option::Kind::other, {}, std::move(value)};
    });
    const auto sack = rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, 5), [](std::size_t blocks) {
        return options_with(Option::Kind::sack, 2 * blocks);
    });
    return rc::gen::oneOf(rc::gen::just(Option{}), other, sack, options_with(Option::Kind::timestamps, 2));
}

/// Those of any segment, or of most: none; NOP, NOP, timestamps.
rc::Gen<std::vector<Option>> option_lists() {
    const auto usual = rc::gen::map(options_with(Option::Kind::timestamps, 2), [](const Option& stamps) {
        return std::vector<Option>{{}, {}, stamps};
    });
    return rc::gen::oneOf(rc::gen::container<std::vector<Option>>(options()), usual,
                          rc::gen::just(std::vector<Option>{}));
}
rc::Gen<Octets> endings() {
    return rc::gen::elementOf(
        std::vector<Octets>{{}, {}, {0}, {0, 8, 10, 9}, {8, 0}, {5, 1, 9}, {8, 255}, {253, 41, 1, 1}});
}

Segment fitting(Segment s) {
    while (options_of(s).size() > kMostOptions) s.options.pop_back();
    return s;
}

rc::Gen<Segment> segments() {
    return rc::gen::map(
        rc::gen::build<Segment>(rc::gen::set(&Segment::port), rc::gen::set(&Segment::seq, numbers()),
                                rc::gen::set(&Segment::ack, numbers()), rc::gen::set(&Segment::flags),
                                rc::gen::set(&Segment::window), rc::gen::set(&Segment::urgent),
                                rc::gen::set(&Segment::options, option_lists()),
                                rc::gen::set(&Segment::ending, endings()),
                                rc::gen::set(&Segment::payload, octets(9)),
                                rc::gen::set(&Segment::pseudo, rc::gen::inRange<std::uint16_t>(1, 0xffff))),
        fitting);
}

using Function = Translated(std::span<std::uint8_t>, Translation);
using Model = Segment(Segment, Translation);
struct Way {
    Function* translate;
    Model* model;
};
constexpr std::array<Way, 2> kWays = {
    {{tcp::translate_to_server, to_server}, {tcp::translate_to_client, to_client}}};

Octets translated(Function* translate, Octets bytes, Translation by) {
    translate(bytes, by);
    return bytes;
}
constexpr Translation opposite(Translation t) { return {0U - t.seq, 0U - t.stamp}; }

/// The one echo that a translation loses becomes 0.
bool loses_an_echo(const Segment& s, Translation by) {
    return std::any_of(s.options.begin(), s.options.end(), [&](const Option& o) {
        return o.kind == Option::Kind::timestamps && o.numbers[1] == 0U - by.stamp;
    });
}

Octets without_checksum(Octets bytes) {
    bytes[kChecksum] = bytes[kChecksum + 1] = 0;
    return bytes;
}
std::uint32_t checksum_of(const Octets& bytes) { return bytes[kChecksum] * 256U + bytes[kChecksum + 1]; }

RC_GTEST_PROP(Translate, IsMakingTheSegmentAnew, ()) {
    const auto s = *segments();
    const auto by = *translations();
    for (const auto& [translate, model] : kWays) {
        const auto before = encode(s);
        auto after = before;
        const auto done = translate(after, by);
        RC_ASSERT(after == encode(model(s, by)));
        RC_ASSERT(done.extent == (s.malformed() ? Extent::malformed : Extent::whole));
        const auto sum = sum_of(without_checksum(before)) + done.difference;
        RC_ASSERT(sum % 0xffff == sum_of(without_checksum(after)));
    }
}

RC_GTEST_PROP(Translate, ThereAndBackIsNowhere, ()) {
    const auto s = *segments();
    const auto by = *translations();
    RC_PRE(!loses_an_echo(s, by));
    for (const auto& way : kWays) {
        const auto there = translated(way.translate, encode(s), by);
        RC_ASSERT(translated(way.translate, there, opposite(by)) == encode(s));
    }
}

RC_GTEST_PROP(Translate, AWrongChecksumIsWrongByTheSame, ()) {
    const auto right = *segments();
    auto wrong = right;
    wrong.error = *rc::gen::inRange<std::uint16_t>(1, 0xffff);
    const auto by = *translations();
    for (const auto& way : kWays) {
        const auto good = checksum_of(translated(way.translate, encode(right), by));
        const auto bad = checksum_of(translated(way.translate, encode(wrong), by));
        RC_ASSERT((good + wrong.error) % 0xffff == bad);
    }
}

/// Whatever they are: the sum stays, so do ports, lengths, flags, window, and all behind the header.
RC_GTEST_PROP(Translate, ArbitraryBytesComeToNoHarm, ()) {
    const auto before = *octets(90);
    const auto by = *translations();
    for (const auto& way : kWays) {
        const auto after = translated(way.translate, before, by);
        RC_ASSERT(sum_of(after) == sum_of(before));
        if (before.size() < kFixed) {
            RC_ASSERT(after == before);
            continue;
        }
        const std::size_t length = (before[12] >> 4U) * 4U;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const bool may_change = (i >= 4 && i < 12) || i == kChecksum || i == kChecksum + 1 || i >= kFixed;
            RC_ASSERT((may_change && i < length && length <= before.size()) || after[i] == before[i]);
        }
    }
}

/// An ICMP header, an IP header without options, and what is quoted.
Octets error_about(const Octets& segment, std::size_t quoted) {
    Octets message(28 + quoted);
    message[0] = 3;
    message[1] = 4;
    message[8] = 0x45;
    std::copy_n(segment.begin(), quoted, message.begin() + 28);
    const auto checksum = 0xffffU - sum_of(message);
    message[2] = static_cast<std::uint8_t>(checksum >> 8U);
    message[3] = static_cast<std::uint8_t>(checksum);
    return message;
}
Octets quote_in(const Octets& message) { return {message.begin() + 28, message.end()}; }

using ErrorFunction = Translated(std::span<std::uint8_t>, std::size_t, Translation);

/// Of a segment that was translated on its way: its sender must find it as he sent it.
void expect_led_back(const Segment& s, const Way& way, ErrorFunction* lead_back, Translation by) {
    const auto sent = encode(s);
    const auto length = kFixed + options_of(s).size();
    const auto quoted = *rc::gen::inRange<std::size_t>(8, sent.size() + 1);
    auto message = error_about(translated(way.translate, sent, by), quoted);
    const auto done = lead_back(message, 28, by);
    RC_ASSERT(sum_of(message) == 0U);
    RC_ASSERT((done.extent == Extent::cut) == (quoted < length));
    const auto quote = quote_in(message);
    const bool is_clients = lead_back == tcp::translate_error_to_client;
    const auto same =
        quoted >= length ? quoted : std::min<std::size_t>(quoted, is_clients && quoted < 14 ? 8 : 16);
    RC_ASSERT(std::equal(quote.begin(), quote.begin() + static_cast<std::ptrdiff_t>(same), sent.begin()));
}

RC_GTEST_PROP(TranslateError, LeadsTheQuotationBack, ()) {
    const auto s = *segments();
    const auto by = *translations();
    RC_PRE(!loses_an_echo(s, by));
    expect_led_back(s, kWays[1], tcp::translate_error_to_server, by);
    expect_led_back(s, kWays[0], tcp::translate_error_to_client, by);
}

RC_GTEST_PROP(TranslateError, ArbitraryBytesComeToNoHarm, ()) {
    const auto before = *octets(120);
    const auto at = 2 * *rc::gen::inRange<std::size_t>(2, 65);
    const auto by = *translations();
    for (auto* lead_back : {tcp::translate_error_to_server, tcp::translate_error_to_client}) {
        auto after = before;
        lead_back(after, at, by);
        RC_ASSERT(sum_of(after) == sum_of(before));
        const auto first = static_cast<std::ptrdiff_t>(std::min(at, before.size()));
        const auto changed =
            std::mismatch(before.begin(), before.end(), after.begin()).first - before.begin();
        RC_ASSERT(changed == 2 || changed == 3 || changed >= first);
    }
}

}  // namespace
}  // namespace ajar::test
