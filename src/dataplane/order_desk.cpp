// From a key as readers have it to one that the tracker knows.
#include "dataplane/order_desk.hpp"

#include <algorithm>

namespace ajar::dataplane {

Packet tuple_of(const control::Order& order, const Steering& steering) {
    Packet out;
    out.kind = PacketKind::tcp;
    out.family = order.family;
    if (order.family == Family::ipv6) {
        out.v6 = order.key;
    } else {
        for (std::size_t s = 0; s < 2; ++s) {
            std::copy_n(order.key.address[s].begin(), 4, out.v4.address[s].bytes.begin());
            out.v4.port[s] = order.key.port[s];
        }
        out.v4.zone = order.key.zone;
    }
    steering.identify(out);
    return out;
}

}  // namespace ajar::dataplane
