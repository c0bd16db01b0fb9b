// Frames of our own.
#include "dataplane/crafted.hpp"

#include <rte_mbuf.h>

#include "ajar/packet/build.hpp"

namespace ajar::dataplane {

void send_craft(const Craft& craft, Tally& tally, Egress& egress) {
    const std::uint16_t out = port_for(craft);
    PortTally& counts = tally.port[out];
    rte_mbuf* const m = egress.take_buffer(out);
    if (m == nullptr) {
        counts.crafted.add();
        egress.lose_own(out, Reason::mempool_empty);
        tally.disposed[static_cast<std::size_t>(Reason::mempool_empty)].add();
        return;
    }
    m->port = kOwnFrame;
    const std::size_t length = build(craft, {rte_pktmbuf_mtod(m, std::uint8_t*), rte_pktmbuf_tailroom(m)});
    if (length == 0) {  // no link header was known: the tracker has counted that
        rte_pktmbuf_free(m);
        return;
    }
    m->data_len = static_cast<std::uint16_t>(length);
    m->pkt_len = m->data_len;
    counts.crafted.add();
    egress.send(out, m);
}

}  // namespace ajar::dataplane
