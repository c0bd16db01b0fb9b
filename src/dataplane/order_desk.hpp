// How operators' orders come to a worker, and what comes back.
#pragma once

#include "ajar/flow/steer.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/spsc_ring.hpp"
#include "control/box.hpp"

namespace ajar::dataplane {

/// Of one worker. The control socket's thread is at the other end of both.
struct OrderDesk {
    static constexpr std::size_t kRoom = 1024;

    SpscRing<control::Order> orders{kRoom};
    SpscRing<control::Done> done{kRoom};
};

/// The tuple that an order is about, identified.
Packet tuple_of(const control::Order& order, const Steering& steering);

}  // namespace ajar::dataplane
