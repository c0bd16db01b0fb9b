// Random moves of an attacker who knows every number of a flow, and how RapidCheck makes them.
#pragma once

#include <rapidcheck.h>

#include "ajar/flow/key.hpp"

namespace ajar {

/// One step of an attacker who knows every number of the flow: which of them to use, and how far off.
struct Move {
    Side side = 0;
    unsigned flags = 0;
    bool plausible = true;
    bool again = false;  ///< the packet before, once more
    unsigned seq = 0, ack = 0;
    int seq_off = 0, ack_off = 0;
    std::uint32_t length = 0;
    std::uint16_t window = 0;
    int scale = -1;
    bool sackok = false;
    int sack = 0;
};

}  // namespace ajar

namespace rc {

template <>
struct Arbitrary<ajar::Move> {
    static Gen<ajar::Move> arbitrary() {
        using ajar::Move;
        const auto near = gen::oneOf(gen::inRange(-2, 3), gen::inRange(-2, 3), gen::inRange(-1000, 1000),
                                     gen::inRange(-100000, 100000), gen::inRange(-(1 << 29), 1 << 29));
        return gen::build<Move>(
            gen::set(&Move::side, gen::element<ajar::Side>(0, 1)),
            gen::set(&Move::flags,
                     gen::weightedOneOf<unsigned>(
                         {{6, gen::inRange(0U, 2U)}, {6, gen::inRange(2U, 7U)}, {1, gen::inRange(0U, 12U)}})),
            gen::set(&Move::plausible, gen::weightedElement<bool>({{3, true}, {2, false}})),
            gen::set(&Move::again, gen::weightedElement<bool>({{3, false}, {1, true}})),
            gen::set(&Move::seq, gen::arbitrary<unsigned>()),
            gen::set(&Move::ack, gen::arbitrary<unsigned>()), gen::set(&Move::seq_off, near),
            gen::set(&Move::ack_off, near),
            gen::set(&Move::length,
                     gen::weightedOneOf<std::uint32_t>({{2, gen::just<std::uint32_t>(0)},
                                                        {2, gen::inRange<std::uint32_t>(0, 1500)},
                                                        {1, gen::inRange<std::uint32_t>(0, 65000)}})),
            gen::set(&Move::window, gen::oneOf(gen::just<std::uint16_t>(0), gen::just<std::uint16_t>(1000),
                                               gen::arbitrary<std::uint16_t>())),
            gen::set(&Move::scale, gen::inRange(-1, 15)), gen::set(&Move::sackok, gen::arbitrary<bool>()),
            gen::set(&Move::sack, gen::weightedOneOf<int>({{4, gen::just(0)}, {1, gen::inRange(0, 3000)}})));
    }
};

}  // namespace rc
