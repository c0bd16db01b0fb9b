// How to embed libajar: a capture in, a line for each flow that was flagged or evicted out.
#include <pcap/pcap.h>

#include <ajar/flow/memory.hpp>
#include <ajar/flow/steer.hpp>
#include <ajar/packet/parse.hpp>
#include <ajar/policy/timeouts.hpp>
#include <ajar/tracker.hpp>
#include <cstdio>

namespace {

void print_events(ajar::Tracker& tracker) {
    for (ajar::Event e; tracker.events().pop(e);) {
        if (e.kind != ajar::EventKind::flagged && e.kind != ajar::EventKind::evicted) continue;
        const auto client = e.originator(), server = ajar::other(client);
        std::printf("port %u -> %u: %s (%s)\n", e.key.port[client].value(), e.key.port[server].value(),
                    ajar::name(e.reason).data(), ajar::sentence(e.reason).data());
    }
}

}  // namespace

int main(int argc, char** argv) {
    char fault[PCAP_ERRBUF_SIZE] = "usage: half_open CAPTURE";
    pcap_t* capture =
        argc == 2 ? pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO, fault)
                  : nullptr;
    if (capture == nullptr) return std::fprintf(stderr, "%s\n", fault), 2;

    ajar::PageMemory memory;
    ajar::TrackerOptions options{.sizes = {.confirmed = 65536, .embryonic = 65536}};
    options.key = ajar::hash_key_from_seed(1);
    options.owned.fill(true);  // one shard has all partitions
    ajar::Tracker tracker(options, memory);
    const ajar::Policy policy = ajar::policy_of(ajar::Profile::ajar);
    const ajar::ParseOptions link{.link = static_cast<ajar::LinkType>(pcap_datalink(capture)),
                                  .captured = true};

    const ajar::Steering steering(options.key, ajar::Steer::hash);
    ajar::Packet packet;
    ajar::Verdict verdict;
    ajar::Time now{};
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    for (std::uint64_t n = 0; pcap_next_ex(capture, &header, &bytes) == 1; ++n) {
        const auto time =
            std::chrono::seconds(header->ts.tv_sec) + std::chrono::nanoseconds(header->ts.tv_usec);
        now = std::max(now, ajar::Time(time));  // time never runs backwards
        ajar::parse({bytes, header->caplen}, header->len, link, packet);
        packet.time = now;
        packet.ordinal = n;
        steering.identify(packet);
        while (!tracker.advance(now, 1000, policy)) print_events(tracker);
        tracker.process({&packet, 1}, {&verdict, 1}, policy);
        print_events(tracker);
    }
    pcap_close(capture);
}
