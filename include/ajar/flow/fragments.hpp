// Fragments of TCP datagrams: held until the datagram is complete, so that the tracker sees it once and
// whole.
//
// The law. A datagram is named by its addresses, zone, identification and direction. Its fragments are held,
// in any order, as opaque handles of their frames. When the last hole closes, the caller gets one Packet of
// kind tcp, with the whole length, and the handles in order of arrival, to be released as they came.
// Otherwise:
//
//   another protocol than TCP               passes at once           fragment_not_tcp
//   the same piece again                    dropped alone            fragment_duplicate
//   overlap of another piece (RFC 5722)     all of it is dropped     fragment_overlap
//   beyond the end, or two ends             all of it is refused     fragment_malformed
//   no whole TCP header in the first piece  all of it is refused     fragment_too_small (RFC 1858, RFC 7112)
//   a hole for longer than the timeout      all of it is dropped     fragment_timeout
//   holder full                             the oldest datagram is dropped, under fragment_limit
//
// Fragments that were parsed leniently (ParseOptions) may be as small and as many as they like: then the TCP
// header is put together from several.
//
// A datagram that was dropped or refused is remembered until its timeout, and what still comes of it goes the
// same way. IPv6 lets extension headers stand behind the fragment header (and IPv4 has AH): such pieces are
// held until the first one shows whether TCP follows.
//
// Use one holder for each partition (share_of() in fragment_limits.hpp): then what is evicted does not depend
// on the number of workers. All outcomes follow from the sequence of add() calls and their times alone,
// whenever expire() is called between them. One thread; no allocation after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/flow/fragment_limits.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/packet/checksum.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

class Memory;

/// A frame in the caller's keeping.
using FrameHandle = std::uint64_t;

struct FragmentOutcome {
    enum class Kind : std::uint8_t {
        held,      ///< under Reason::fragment_held: keep the frame
        complete,  ///< `out` is the datagram; release `handles` after it was judged
        pass,      ///< `handles` pass, under `reason`
        refused,   ///< `handles` go the way of `reason`'s fate
    };
    Kind kind = Kind::held;
    Reason reason = Reason::fragment_held;
    std::span<const FrameHandle> handles{};  ///< the fragment just added and those held with it, as they came
    std::span<const FrameHandle> expired{};  ///< of other datagrams: drop under fragment_timeout
    std::span<const FrameHandle> evicted{};  ///< of other datagrams: drop under fragment_limit
};

class FragmentHolder {
public:
    static constexpr std::size_t kMaxPieces = 128;  ///< of one datagram: 64 KiB at an MTU of 576
    static constexpr std::size_t kPiecesEach = 16;  ///< room for so many of each datagram, on average

    /// Takes its memory once; throws std::bad_alloc. The limits are this holder's alone.
    FragmentHolder(const FragmentLimits& limits, const HashKey& key, Memory& memory);
    /// Bytes that such a holder takes, but for alignment.
    static std::uint64_t memory_needed(const FragmentLimits& limits);
    /// Does the rest behind this next header (Packet::fragment_protocol) perhaps hold TCP? All else is given
    /// back at once, under fragment_not_tcp.
    static bool may_hold(std::uint8_t protocol);

    /// Takes a packet of kind fragment. `head` are the frame's bytes that parse() saw; they are read during
    /// the call only. `sum` is its checksum::piece_sum(), where the TCP checksum is wanted and the piece
    /// whole. `out` is written when a datagram is complete, all of it but hash and partition: time, ordinal
    /// and port are those of `fragment`, the checksum is unknown unless each piece had its sum, the rest is
    /// the first piece's; out.frame points at a copy of the first piece's link header (link_length bytes, no
    /// more). It and the spans are valid until the next call. Times must not run backwards.
    FragmentOutcome add(const Packet& fragment, std::span<const std::uint8_t> head,
                        std::optional<std::uint16_t> sum, FrameHandle handle, Packet& out);

    /// Handles of the datagrams whose time is over: drop under fragment_timeout. Valid until the next call.
    std::span<const FrameHandle> expire(Time now);
    /// Handles of all that is held, for the end of a run. Valid until the next call.
    std::span<const FrameHandle> flush();

    /// When the oldest datagram's time is over; Time::max() where none is held. expire() with it drops that.
    [[nodiscard]] Time next_deadline() const {
        return oldest_ == kNone ? Time::max() : datagrams_[oldest_].deadline;
    }
    [[nodiscard]] std::size_t datagrams() const { return datagrams_in_use_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    using Index = std::uint32_t;
    static constexpr Index kNone = 0xffffffffU;
    static constexpr std::size_t kLinkBytes = 64;
    static constexpr std::size_t kTcpBytes = 60;

    struct Piece {
        FrameHandle handle;
        std::uint32_t bytes;  // of the frame
        std::uint16_t offset, length, arrival;
        Index next;  // by offset; or of the free ones
    };

    struct Datagram {
        Packet first;  // the piece at offset 0, once it came
        KeyV6 key;     // source, destination; the identification stands in the ports
        Time deadline;
        Index pieces;        // the lowest of them
        Index chain;         // next in the bucket, or of the free ones
        Index older, newer;  // by birth
        std::uint32_t count, have, frame_bytes;
        std::uint32_t total;       // length of the datagram, 0 = not known yet
        std::uint32_t skip;        // bytes of extension headers before TCP's
        std::uint32_t summed;      // pieces that `sum` has
        checksum::Sum sum;         // of the datagram without its extension headers
        std::uint16_t tcp_length;  // of what is in `tcp`
        Family family;
        Reason verdict;  // of one that was dropped or refused; none while it is held
        std::array<std::uint8_t, kLinkBytes> link;
        std::array<std::uint8_t, kTcpBytes> tcp;
    };

    static KeyV6 key_of(const Packet& fragment);
    [[nodiscard]] Index find(const KeyV6& key, Family family, std::size_t bucket) const;
    Index create(const Packet& fragment, const KeyV6& key, std::size_t bucket);
    void remove(Index d);
    [[nodiscard]] Reason examine(const Datagram& d, const Packet& fragment) const;
    static Reason read_first(Datagram& d, const Packet& fragment, std::span<const std::uint8_t> head);
    static void gather(Datagram& d, const Packet& fragment, std::span<const std::uint8_t> head);
    [[nodiscard]] bool room_for(const Packet& fragment) const;
    void insert(Datagram& d, const Packet& fragment, FrameHandle handle);
    FragmentOutcome alone(FragmentOutcome outcome, Reason reason, FrameHandle handle);
    FragmentOutcome condemn(FragmentOutcome outcome, Datagram& d, Reason reason, FrameHandle handle);
    FragmentOutcome complete(FragmentOutcome outcome, Index d, const Packet& last, Packet& out);
    void take_handles(Datagram& d);
    void drop_oldest();
    [[nodiscard]] std::span<const FrameHandle> since(std::size_t begin) const;

    FragmentLimits limits_;
    HashKey key_;
    std::span<Datagram> datagrams_;
    std::span<Piece> pieces_;
    std::span<Index> buckets_;
    std::span<FrameHandle> taken_;  // handles given out by the current call
    std::size_t taken_count_ = 0;
    Index free_datagram_ = 0, free_piece_ = 0;
    Index oldest_ = kNone, newest_ = kNone;
    std::size_t datagrams_in_use_ = 0;
    std::uint64_t bytes_ = 0;
    std::array<std::uint8_t, kLinkBytes> link_{};
};

}  // namespace ajar
