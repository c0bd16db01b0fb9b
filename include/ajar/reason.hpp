// Every name under which a packet or a flow can end, in one list: enum, counter, JSON string and sentence
// come from it.
//
// X(id, fate, sentence). `id` is the JSON string too. The fate says what the reason is about:
//   pass     the frame is not tracked and passes untouched
//   refuse   the parser or the fragment holder would not read it; policy decides whether it passes
//   invalid  it belongs to no legal step of its flow; policy decides whether it passes
//   drop     the frame does not leave the box
//   consume  the frame was Ajar's own business (held, absorbed, answered)
//   end      why a flow left the table
//   sign     what a flow's packets say of its ends: one of them has lost the connection (counted by verdict)
//   note     something about a flow or a frame that changes nothing else
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#define AJAR_REASONS(X)                                                                                      \
    X(none, note, "no reason: the packet belongs to a tracked flow")                                         \
    /* passes */                                                                                             \
    X(not_ip, pass, "neither IPv4 nor IPv6")                                                                 \
    X(arp, pass, "ARP")                                                                                      \
    X(link_control, pass, "a link-layer control protocol (LACP, STP, LLDP, pause)")                          \
    X(neighbour_discovery, pass, "IPv6 neighbour discovery")                                                 \
    X(not_tcp, pass, "an IP protocol other than TCP")                                                        \
    X(icmp, pass, "ICMP that is no error about a TCP packet")                                                \
    X(icmp_related, pass, "an ICMP error about a tracked flow")                                              \
    X(icmp_unrelated, pass, "an ICMP error about a flow that is not tracked")                                \
    X(tunnel, pass, "a tunnel that the configuration does not decapsulate")                                  \
    X(encrypted, pass, "IPsec ESP: the inner packet cannot be read")                                         \
    X(empty_frame, pass, "a frame without a byte of network header")                                         \
    /* refusals of the parser */                                                                             \
    X(truncated_link, refuse, "the link header is cut off")                                                  \
    X(too_many_tags, refuse, "more VLAN tags or MPLS labels than the parser follows")                        \
    X(truncated_ip, refuse, "the IP header is cut off")                                                      \
    X(bad_ip_version, refuse, "the IP version disagrees with the EtherType")                                 \
    X(bad_ip_header_length, refuse, "an IPv4 header length below 20 bytes or beyond the packet")             \
    X(bad_ip_total_length, refuse, "the IP total length is below its own headers or beyond the frame")       \
    X(bad_ip_checksum, refuse, "the IPv4 header checksum is wrong")                                          \
    X(ip_options_malformed, refuse, "an option of IP runs beyond its header")                                \
    X(too_many_extensions, refuse, "more IPv6 extension headers than the parser follows")                    \
    X(truncated_extension, refuse, "an IPv6 extension header is cut off")                                    \
    X(home_address, refuse, "TCP with an IPv6 Home Address option: its sender need not own it")              \
    X(source_routed, refuse, "TCP behind an IPv6 routing header that leads elsewhere first")                 \
    X(truncated_tcp, refuse, "the TCP header is cut off")                                                    \
    X(bad_tcp_offset, refuse, "a TCP data offset below 20 bytes or beyond the packet")                       \
    X(tcp_options_malformed, refuse, "a TCP option has an impossible length")                                \
    X(bad_tcp_checksum, refuse, "the TCP checksum is wrong")                                                 \
    X(bad_address, refuse, "source and destination are the same endpoint, or no unicast address")            \
    X(truncated_icmp, refuse, "an ICMP error whose quoted packet is cut off")                                \
    X(tunnel_malformed, refuse, "a tunnel header that does not parse")                                       \
    X(tunnel_too_deep, refuse, "more tunnels inside each other than the parser follows")                     \
    X(oversize, drop, "the frame is longer than the twin port can send")                                     \
    /* fragments */                                                                                          \
    X(fragment_held, consume, "a fragment, held until its datagram is complete")                             \
    X(fragment_released, note, "a held fragment, released after its datagram was tracked")                   \
    X(fragment_not_tcp, pass, "a fragment of a datagram that is not TCP")                                    \
    X(fragment_duplicate, drop, "a fragment that was there already: it alone is dropped")                    \
    X(fragment_overlap, drop, "a fragment that overlaps another of its datagram (RFC 5722)")                 \
    X(fragment_too_small, refuse, "the first fragment does not hold the whole TCP header (RFC 1858)")        \
    X(fragment_malformed, refuse, "a fragment with an impossible offset or length")                          \
    X(fragment_timeout, drop, "a fragment whose datagram never became complete")                             \
    X(fragment_limit, drop, "the fragment holder is full, its oldest datagram gave way")                     \
    /* verdicts of the TCP machine */                                                                        \
    X(invalid_flags, invalid, "a flag combination that TCP does not know")                                   \
    X(invalid_state, invalid, "a segment that the flow's state does not allow")                              \
    X(invalid_seq_high, invalid, "the segment lies beyond the receiver's window")                            \
    X(invalid_seq_low, invalid, "the segment lies wholly before the receiver's window")                      \
    X(invalid_ack_high, invalid, "the segment acknowledges data that was never sent")                        \
    X(invalid_ack_low, invalid, "the segment's acknowledgment is older than the window allows")              \
    X(invalid_rst, invalid, "a RST below what its receiver has acknowledged")                                \
    X(invalid_syn_ack, invalid, "a SYN-ACK that does not acknowledge the SYN")                               \
    X(wrong_port, invalid, "a segment from the port behind which its sender does not stand")                 \
    X(no_flow, invalid, "a segment of no known flow that may not begin one")                                 \
    X(ignored_syn, note, "a SYN inside a living flow: passed, remembered")                                   \
    X(ignored_syn_ack, note, "a SYN-ACK inside a living flow: passed")                                       \
    X(challenge_ack, note, "an ACK in SYN_SENT: its sender may be half open")                                \
    X(unverified_rst, note, "a RST inside the window but not exact: the challenge ACK gets its chance")      \
    X(old_data, note, "data that was acknowledged long ago, sent again: passed")                             \
    X(uncorroborated, note, "a mid-stream segment that proves nothing about its flow: passed")               \
    /* admission */                                                                                          \
    X(confirmed_full, drop, "the confirmed table is full: the new connection is refused at its SYN")         \
    X(directory_full, drop, "no slot within the probe bound")                                                \
    /* answers */                                                                                            \
    X(cookie_sent, consume, "a SYN of a flooded service, answered with a cookie")                            \
    X(cookie_accepted, consume, "an ACK with a valid cookie: the server is asked for the connection")        \
    X(no_cookie, pass, "an ACK of no flow, to a service that takes cookies, without one: not tracked")       \
    X(challenge_sent, consume,                                                                               \
      "a SYN of a flooded service, answered with a wrong ACK: who is real refuses it")                       \
    X(unanswerable, drop, "a SYN of a flooded service that cannot be answered: its link header is too long") \
    X(challenge_met, consume, "the exact RST of a challenged client: its next SYN passes")                   \
    X(proxy_handshake, consume, "a segment of a handshake that Ajar carries on in the client's place")       \
    X(proxy_established, consume, "the server's answer to a proxied client: its window opens")               \
    X(source_limit, drop, "a SYN of a source with too many half-open or new connections")                    \
    X(source_blocked, drop, "a SYN of a source that the configuration blocks")                               \
    X(service_limit, drop, "a SYN to a service with too many half-open or new connections")                  \
    /* ends of flows */                                                                                      \
    X(closed_by_fin, end, "both ends closed, TIME_WAIT is over")                                             \
    X(closed_by_rst, end, "an exact RST closed the flow")                                                    \
    X(reopened, end, "the same tuple was opened again")                                                      \
    X(stale_syn_sent, end, "the SYN was never answered")                                                     \
    X(stale_syn_recv, end, "the SYN-ACK was never acknowledged")                                             \
    X(stale_rebirth, end, "a SYN-ACK inside a living flow was never acknowledged: forgotten quietly")        \
    X(stale_mid_stream, end, "a mid-stream flow was never corroborated")                                     \
    X(idle, end, "no packet within the established timer")                                                   \
    X(half_closed_idle, end, "one end closed, the other fell silent")                                        \
    X(closing_idle, end, "the closing handshake was never finished")                                         \
    X(unacknowledged_idle, end, "data or a zero window was left unanswered")                                 \
    X(unverified_rst_idle, end, "an inexact RST was followed by silence")                                    \
    X(embryonic_full, end, "the embryonic store was full, and this flow over, or its oldest")                \
    X(heaviest_network, end, "the embryonic store was full, and this flow's network had most of it")         \
    X(reservation_lost, end, "the confirmed table has no place left, so an unfinished handshake gave way")   \
    X(administrative, end, "evicted by the operator")                                                        \
    X(backlog_freed, end, "its service is flooded: what was half open before gave way")                      \
    X(server_silent, end, "the server never answered a client whose cookie was valid")                       \
    X(server_refused, end, "the server refused a client whose cookie was valid")                             \
    X(server_differs, end, "the server's options are not those that the cookie's answer promised")           \
    X(reset_at_exit, end, "ended with the process, which told both of its ends")                             \
    X(alive_at_end, end, "still alive when the capture or the run ended")                                    \
    /* Ajar's own frames */                                                                                  \
    X(reset_sent, note, "an exact RST was sent")                                                             \
    X(reset_rate_limited, note, "a RST was due and the partition's rate limit held it back")                 \
    X(reset_impossible, note, "a RST was due and no link header was known for it")                           \
    X(tombstone_reset, consume, "a segment of an evicted flow, answered by its exact RST")                   \
    X(tombstone_passed, note, "a segment of an evicted flow, passed: no RST is due or allowed")              \
    X(handshake_reset, consume, "a segment of a handshake that found no place, answered by an exact RST")    \
    X(handshake_passed, note,                                                                                \
      "a segment of a handshake that found no place, passed: no RST is due or allowed")                      \
    /* asking connections whether they live */                                                               \
    X(probe_answer, consume, "an answer to Ajar's own probe")                                                \
    X(probe_error, consume, "an ICMP error about Ajar's own probe")                                          \
    X(proven_alive, note, "both ends answered when they were asked: the timer runs anew")                    \
    X(proven_dead, end, "an end that was asked is gone or silent")                                           \
    X(probe_undecided, note,                                                                                 \
      "an end that was asked was silent, but its words pass elsewhere: the connection is kept")              \
    X(one_way, note, "an end acknowledged data that was never seen: one direction passes elsewhere")         \
    X(low_coverage, note,                                                                                    \
      "words of its network pass elsewhere: silence proves nothing, the connection is kept")                 \
    /* signs of half-open connections (tcp/signs.hpp) */                                                     \
    X(crash_reopen_recovered, sign, "an end had lost the connection, and has opened it anew")                \
    X(crash_reopen_stuck, sign, "an end has lost the connection, and its peer does not let it open anew")    \
    X(active_side_discovery, sign, "an end asked, and its peer has no such connection any more")             \
    X(unanswered_retransmission, sign, "an end sends the same data again and again, and nothing comes back") \
    X(unanswered_keepalive, sign, "an end asks whether its peer is there, and nothing comes back")           \
    X(silent_after_probe, sign, "an end did not answer when Ajar asked it")                                  \
    X(made_by_middlebox, sign, "a RST in the name of an end that goes on as if it had sent none")            \
    /* the data plane's own */                                                                               \
    X(ring_full, drop, "the ring to the owning worker was full")                                             \
    X(tx_failed, drop, "the port would not take the frame")                                                  \
    X(port_down, drop, "the twin port's link is down")                                                       \
    X(port_restarting, drop, "the twin port is being restarted")                                             \
    X(mempool_empty, drop, "no buffer left for a frame of our own")

namespace ajar {

enum class Fate : std::uint8_t { pass, refuse, invalid, drop, consume, end, sign, note };

enum class Reason : std::uint8_t {
#define AJAR_REASON_ID(id, fate, sentence) id,
    AJAR_REASONS(AJAR_REASON_ID)
#undef AJAR_REASON_ID
};

struct ReasonInfo {
    std::string_view name;
    Fate fate;
    std::string_view sentence;
};

inline constexpr std::array kReasonTable = {
#define AJAR_REASON_ROW(id, fate, sentence) ReasonInfo{#id, Fate::fate, sentence},
    AJAR_REASONS(AJAR_REASON_ROW)
#undef AJAR_REASON_ROW
};
inline constexpr std::size_t kReasonCount = kReasonTable.size();

constexpr const ReasonInfo& info(Reason r) { return kReasonTable[static_cast<std::size_t>(r)]; }
constexpr std::string_view name(Reason r) { return info(r).name; }
constexpr Fate fate(Reason r) { return info(r).fate; }
constexpr std::string_view sentence(Reason r) { return info(r).sentence; }

static_assert(kReasonCount < 256);
static_assert(name(Reason::none) == "none");

}  // namespace ajar
