// Ports and their buffers.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using control::PoolFacts;
using control::PortFacts;

constexpr std::array kPortRows = {
    Row<PortFacts>{"received_frames", Kind::counter, &PortFacts::received, "Frames received."},
    Row<PortFacts>{"received_bytes", Kind::counter, &PortFacts::received_bytes, "Bytes received."},
    Row<PortFacts>{"transmitted_frames", Kind::counter, &PortFacts::transmitted, "Frames sent."},
    Row<PortFacts>{"transmitted_bytes", Kind::counter, &PortFacts::transmitted_bytes, "Bytes sent."},
    Row<PortFacts>{"crafted_frames", Kind::counter, &PortFacts::crafted,
                   "Frames of Ajar's own made for it: resets, probes, answers."},
    Row<PortFacts>{"crafted_dropped_frames", Kind::counter, &PortFacts::crafted_dropped,
                   "Frames of Ajar's own that did not leave."},
    Row<PortFacts>{"dropped_frames", Kind::counter, &PortFacts::dropped,
                   "Frames received here and dropped under a Reason."},
    Row<PortFacts>{"tx_failed_frames", Kind::counter, &PortFacts::tx_failed,
                   "Frames that it would not take."},
    Row<PortFacts>{"missed_frames", Kind::counter, &PortFacts::missed,
                   "Frames lost by the device, or broken, before any burst."},
    Row<PortFacts>{"no_buffer_frames", Kind::counter, &PortFacts::no_buffer,
                   "Frames lost because no packet buffer was free."},
};

constexpr std::array kPoolRows = {
    Row<PoolFacts>{"buffers", Kind::gauge, &PoolFacts::buffers, "Packet buffers of a port pair."},
    Row<PoolFacts>{"buffers_in_use", Kind::gauge, &PoolFacts::in_use,
                   "Packet buffers out of the pool: in rings, queues and held fragments."},
};

}  // namespace

std::string port_name(const control::Facts& facts, std::size_t port) {
    const auto& device = facts.ports[port].device;
    return device.substr(0, device.find(','));
}

void put_ports(Book& book, const control::Facts& facts) {
    const auto label = [&](std::size_t p) { return Labels{{"port", port_name(facts, p)}}; };
    book.family("port_up", Kind::gauge, "1 while its link is up.");
    for (std::size_t p = 0; p < facts.ports.size(); ++p)
        book.add(std::uint64_t{facts.ports[p].link_up}, label(p));
    book.rows("port_", kPortRows, facts.ports, label);
    book.rows("packet_", kPoolRows, facts.pools, [](std::size_t i) {
        return Labels{{"pair", std::to_string(i)}};
    });
}

}  // namespace ajar::metrics
