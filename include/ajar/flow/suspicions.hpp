// Connections that show a sign of being half open: what was heard of them since, and what follows from it.
//
// A bounded store beside a table of flows, one place for each 512 of them. Few flows are in it at a time:
// each retransmission that waits for its answer, and each connection that is in real trouble. A suspicion is
// known by its tuple's keyed hash, not by the flow's place: it outlives a flow that is opened anew.
//
// Sets of four. Of a full one gives way what has told its verdict or stands still, the oldest first; nothing
// but a verdict displaces what may come to one yet. So when many connections lose their peer at once, a few
// are told, and others after them; were each to displace another, none would be. A flow without a place is
// judged as if it had shown nothing.
//
// A flow that has one says so itself (Conn::suspected): no other flow is ever looked up here.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "ajar/clock.hpp"
#include "ajar/flow/glimpse.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/shared_word.hpp"
#include "ajar/reason.hpp"

namespace ajar {

/// How far a sign can be trusted. Low: one direction passes elsewhere, so what looks unanswered may have been
/// answered. Medium: something else could look the same.
enum class Confidence : std::uint8_t { none, low, medium, high };
inline constexpr std::array<std::string_view, 4> kConfidenceNames = {"none", "low", "medium", "high"};
constexpr std::string_view name(Confidence c) { return kConfidenceNames[static_cast<std::size_t>(c)]; }

/// Does all that its ends say come by here? If not, nobody knows what was answered. low_coverage: of this
/// connection nothing is known, but of others from one of its networks (defence/coverage.hpp).
enum class Visibility : std::uint8_t { whole, one_way, low_coverage };
inline constexpr std::array<std::string_view, 3> kVisibilityNames = {"whole", "one_way", "low_coverage"};
constexpr std::string_view name(Visibility v) { return kVisibilityNames[static_cast<std::size_t>(v)]; }

/// Why a connection is thought to be half open. Arrays of two are indexed by Side, the endpoint that sent.
/// Numbers are those of its server, also where the client's are translated.
struct FlowEvidence {
    static constexpr std::size_t kPackets = 4;

    Reason sign = Reason::none;  ///< of Fate::sign; none while nothing is certain
    Confidence confidence = Confidence::none;
    Visibility visibility = Visibility::whole;  ///< when the sign was found
    std::uint8_t lost = 0;   ///< bit s: endpoint s has lost the connection, or at least says nothing
    std::uint8_t count = 0;  ///< SYNs, retransmissions, keep-alives or probes in vain
    /// The SEQ that was due, and the one that came. Of who was asked and silent: its RCV.NXT, and the
    /// question's.
    std::uint32_t expected = 0, seen = 0;
    std::uint64_t predecessor = 0;       ///< flow id of the connection that this one takes the place of
    Time began{};                        ///< when its first sign was seen
    std::array<std::uint8_t, 2> kept{};  ///< of `last`
    std::array<std::array<Glimpse, kPackets>, 2> last{};  ///< its last packets since then, oldest first

    void keep(Side sender, const Glimpse& packet) {
        auto& row = last[sender];
        std::uint8_t& n = kept[sender];
        if (n == kPackets) {
            std::copy(row.begin() + 1, row.end(), row.begin());
            --n;
        }
        row[n++] = packet;
    }
    void keep(const Packet& p) { keep(p.side, Glimpse::of(p)); }
};

/// A SYN inside a connection, and what comes of it (tcp/signs.hpp).
struct Reopening {
    enum class Phase : std::uint8_t {
        none,
        asked,       ///< the SYN was let through
        challenged,  ///< it was answered in the connection's own numbers
        reset,       ///< the SYN's sender has refused that by the exact RST
        opening,     ///< its next SYN has begun the connection that takes the place of this one
    };
    Phase phase = Phase::none;
    Side by = 0;
    bool was_challenged = false;  ///< `challenge` counts
    bool from_afar = false;       ///< a SYN's TTL was not its sender's
    std::uint8_t in_vain = 0;     ///< SYNs after an answer that called for a RST
    std::uint32_t challenge = 0;  ///< ACK of the latest such answer
};

/// What is said again and again without an answer.
struct Vain {
    std::uint8_t count = 0;
    bool closed = false;       ///< its peer's window is, so it may ask for ever
    bool keep_alives = false;  ///< else data or a FIN
    Side by = 0;
    std::uint32_t seq = 0;
    Time first{}, last{};  ///< of those that count
};

/// A RST that was not exact.
struct Cut {
    bool heard = false;
    Side by = 0;
    std::uint32_t seq = 0;
    Time at{};
};

/// Which signs of a connection were told lately. Two ends that agree can make any number of them, and are not
/// to fill a log: each is told once in kAgain.
class Told {
public:
    static constexpr Duration kAgain = std::chrono::minutes(1);

    /// Is it to be told now?
    bool take(Reason sign, Time now) {
        const auto bit = std::uint64_t{1} << (static_cast<unsigned>(sign) % 64U);
        const bool news = (signs_ & bit) == 0;
        if (signs_ == 0) since_ = now;
        signs_ |= bit;
        return news;
    }
    void pass(Time now) {
        if (signs_ != 0 && now - since_ >= kAgain) signs_ = 0;
    }
    [[nodiscard]] bool lately() const { return signs_ != 0; }

private:
    std::uint64_t signs_ = 0;  // by Reason, of which the signs are neighbours
    Time since_{};             // the first of them
};

struct Suspicion {
    static constexpr Duration kFresh = std::chrono::minutes(3);  ///< stacks wait less between repeats

    std::uint64_t hash = 0;
    bool taken = false;
    Time heard{};  ///< of it, last
    Reopening reopening{};
    Vain vain{};
    Cut cut{};
    Told told{};
    FlowEvidence evidence{};

    /// It may come to a verdict.
    [[nodiscard]] bool under_way(Time now) const { return !at_rest() && now - heard < kFresh; }
    /// Nothing is left of it.
    [[nodiscard]] bool idle() const {
        return at_rest() && !vain.closed && !told.lately() && evidence.sign == Reason::none;
    }

private:
    [[nodiscard]] bool at_rest() const {
        return evidence.sign != Reason::none ||
               (reopening.phase == Reopening::Phase::none && vain.count == 0 && !cut.heard);
    }
};

/// One writer, who is the only reader but for size().
class Suspicions {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t flows) {
        return std::uint64_t{sets_for(flows)} * sizeof(Set);
    }
    Suspicions(Memory& memory, std::uint32_t flows) : sets_(take_array<Set>(memory, sets_for(flows))) {}

    /// By the keyed hash of the tuple; null if there is none.
    [[nodiscard]] Suspicion* find(std::uint64_t hash) {
        for (Suspicion& s : set_of(hash).places)
            if (s.taken && s.hash == hash) return &s;
        return nullptr;
    }
    [[nodiscard]] const Suspicion* find(std::uint64_t hash) const {
        return const_cast<Suspicions*>(this)->find(hash);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    }

    /// In place of what was kept of that tuple, or else where a place is free, or else whose turn it is to
    /// give way. False: it is nobody's.
    bool put(std::uint64_t hash, const Suspicion& suspicion) {
        const Time now = suspicion.heard;
        Suspicion& place = place_for(hash, now);
        const bool displaces = place.taken && place.hash != hash;
        if (displaces && place.under_way(now) && suspicion.evidence.sign == Reason::none) return false;
        if (!place.taken) store_shared(used_, used_ + 1);
        place = suspicion;
        place.hash = hash;
        place.taken = true;
        return true;
    }

    void drop(std::uint64_t hash) {
        Suspicion* const s = find(hash);
        if (s == nullptr) return;
        s->taken = false;
        store_shared(used_, used_ - 1);
    }

    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(sets_.size()) * kWays; }
    /// Any thread.
    [[nodiscard]] std::uint32_t size() const { return load_shared(used_); }

private:
    static constexpr std::uint32_t kWays = 4;
    static constexpr std::uint32_t kFlowsPerSet = 2048, kLeastSets = 4;
    static constexpr std::uint32_t sets_for(std::uint32_t flows) { return flows / kFlowsPerSet + kLeastSets; }

    struct Set {
        std::array<Suspicion, kWays> places;
    };

    // As Challenges do: in a partition, the highest of the upper half's bits differ.
    Set& set_of(std::uint64_t hash) { return sets_[((hash >> 32U) * sets_.size()) >> 32U]; }

    Suspicion& place_for(std::uint64_t hash, Time now) {
        if (Suspicion* const own = find(hash)) return *own;
        auto& places = set_of(hash).places;
        auto* const free = std::find_if(places.begin(), places.end(), [](const auto& s) { return !s.taken; });
        if (free != places.end()) return *free;
        const auto rank = [&](const Suspicion& s) { return std::pair(s.under_way(now), s.evidence.began); };
        return *std::min_element(places.begin(), places.end(),
                                 [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    }

    std::span<Set> sets_;
    std::uint32_t used_ = 0;
};

}  // namespace ajar
