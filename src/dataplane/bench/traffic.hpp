// In which order do the packets of made traffic come, and from which side?
//
// Both ends of many connections, as the two ports of a pair would see them: side 0 carries what the clients
// send, side 1 what the servers answer. There is one order of all packets; a side delivers while it is its
// turn. So an answer never overtakes its question, however the ports are polled.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace ajar::dataplane {

/// Where a burst is written, and how long each frame became.
struct Burst {
    std::span<std::uint8_t* const> frames;
    std::span<std::uint16_t> lengths;

    [[nodiscard]] std::size_t size() const { return frames.size(); }
    [[nodiscard]] Burst part(std::size_t from, std::size_t n) const {
        return {frames.subspan(from, n), lengths.subspan(from, n)};
    }
};

/// Of one queue of each port. One thread at a time.
class Traffic {
public:
    virtual ~Traffic() = default;
    Traffic() = default;
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    /// Writes the side's next frames and returns how many: fewer than asked for where the other side's turn
    /// comes or the traffic ends.
    virtual std::size_t write(std::uint8_t side, Burst burst) = 0;
    /// Whose turn it is.
    [[nodiscard]] virtual std::uint8_t turn() const = 0;
    static constexpr std::uint8_t kEither = 2;  ///< a turn of both
    [[nodiscard]] virtual bool ended() const { return false; }
    /// From now on somebody asks for frames, after a while in which nobody did.
    virtual void resume() {}
};

/// Traffic in blocks of 64 packets, as a loop over tracks: one step of each connection's life is a track, and
/// a track that lags behind by n blocks does its step for the connections that the first track had n turns
/// ago.
class Blocks : public Traffic {
public:
    static constexpr std::uint64_t kBlock = 64;
    static constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();

    std::size_t write(std::uint8_t side, Burst burst) final;
    [[nodiscard]] std::uint8_t turn() const final { return tracks_[track_].side; }
    [[nodiscard]] bool ended() const final { return round_ == last_round_; }

protected:
    struct Track {
        std::uint8_t side;
        std::uint64_t lag;  ///< in blocks; of the first track 0
    };
    explicit Blocks(std::vector<Track> tracks, std::uint64_t blocks = kForever);

    /// Writes packets `first`, `first` + 1, ... of a track: all within one block.
    virtual void put(std::size_t track, std::uint64_t first, Burst burst) = 0;

private:
    void next_track();
    [[nodiscard]] bool has_block() const {
        return round_ >= tracks_[track_].lag && round_ - tracks_[track_].lag < blocks_;
    }

    std::vector<Track> tracks_;
    std::uint64_t blocks_, last_round_;
    std::uint64_t round_ = 0;  // block of the first track
    std::size_t track_ = 0;
    std::uint64_t offset_ = 0;  // packets of the block that are out
};

/// The next n packets of some traffic, then the end.
class Head final : public Traffic {
public:
    Head(Traffic& whole, std::uint64_t n) : whole_(whole), left_(n) {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override { return whole_.turn(); }
    [[nodiscard]] bool ended() const override { return left_ == 0; }

private:
    Traffic& whole_;
    std::uint64_t left_;
};

/// Some traffic until somebody, on whatever thread, says that it is over.
class Until final : public Traffic {
public:
    Until(Traffic& whole, const std::atomic<bool>& over) : whole_(whole), over_(over) {}

    std::size_t write(std::uint8_t side, Burst burst) override { return whole_.write(side, burst); }
    [[nodiscard]] std::uint8_t turn() const override { return whole_.turn(); }
    [[nodiscard]] bool ended() const override {
        return over_.load(std::memory_order_relaxed) || whole_.ended();
    }

private:
    Traffic& whole_;
    const std::atomic<bool>& over_;
};

/// Two kinds of traffic in turn, so many packets of each. Where one is content with either side it follows
/// the first.
class Mix final : public Traffic {
public:
    Mix(Traffic& first, std::size_t of_first, Traffic& second, std::size_t of_second)
        : parts_{&first, &second}, shares_{of_first, of_second} {}

    std::size_t write(std::uint8_t side, Burst burst) override;
    [[nodiscard]] std::uint8_t turn() const override {
        const auto turn = parts_[part_]->turn();
        return turn == kEither ? parts_[0]->turn() : turn;
    }

private:
    Traffic* parts_[2];
    std::size_t shares_[2];
    std::size_t part_ = 0, done_ = 0;
};

}  // namespace ajar::dataplane
