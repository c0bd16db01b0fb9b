// Which networks (IPv4 /24, IPv6 /48) have by far the most half-open connections? While the embryonic store
// is nearly full, their handshakes give way before those of others (policy/pressure.hpp, heaviest_first).
//
// Heavy is who has a part of kPart of the store's places, and a quarter of what the heaviest one has; he is
// no longer below half of either. So there are few, and under a flood of evenly random sources there is
// nobody: then the oldest gives way as ever, and no network that has many honest clients is preferred.
// A sketch estimates a light network at 1/256 of the store where that is full (defence/defence.hpp), a
// quarter of what makes heavy.
//
// Names come from the samples of asks, like those of gates (defence/herald.hpp): who fills a store in seconds
// asks for a large part of all connections.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/defence/few_names.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/flow/sketch_sums.hpp"

namespace ajar {

class Tracker;

/// Control's.
class Heaviest {
public:
    static constexpr std::uint64_t kPart = 64;

    struct Network {
        CountKey name{};
        std::uint64_t hash = 0;
        std::uint64_t half_open = 0;
    };

    /// `half_open` are the sums over `shards`, of stores with so many places. Returns whether others are
    /// heavy than before.
    bool update(Time now, std::span<Tracker* const> shards, const SketchSums& half_open,
                std::uint64_t places);
    /// Likewise, for nobody is.
    bool clear();

    /// The heaviest first.
    [[nodiscard]] std::span<const Network> networks() const { return heavy_; }
    [[nodiscard]] FewNames hashes() const;

private:
    void look_for_more(std::span<Tracker* const> shards, const SketchSums& half_open, Time now,
                       std::uint64_t least);

    std::vector<Network> heavy_;
    Time looked_{};
    unsigned looks_ = 0;
};

}  // namespace ajar
