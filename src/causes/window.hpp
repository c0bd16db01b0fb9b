// From what attempts came to, to why: the judgement of a window of some seconds, for all of them at once.
//
// One flow does not show whether it belongs to a flood, so attempts are judged together with those that began
// in the same ten seconds. What became of them is known later, and of failures sooner than of successes: a
// refusal ends after 10 s, a connection that goes well when it is over. Who judged by the order of the ends
// would see a crawler's dead targets first and take it for a scanner. So a window waits until its attempts
// have had their time. Then
//
//   1. a service is under flood if many mute attempts went to it that are no known scanner's, and not only
//      the few that any busy service has;
//   2. sources walk (walk.hpp), in the order in which their attempts began, by all of them but the mute ones
//      at a flooded service: that flood is not theirs;
//   3. an address is under flood likewise, over all of its ports, without the probes of those who have just
//      turned out to scan it;
//   4. every attempt gets its label (policy/label.hpp).
//
// Room is for kMost attempts. Where a flood fills it, the flood's own are labelled at once, all but as many
// as still show that it is one; where that does not help, all that wait are judged early.
//
// It sees one sequence of events and nothing of shards: in a replay that sequence is the same for any number
// of them, and so are the labels.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ajar/policy/label.hpp"
#include "causes/suspects.hpp"
#include "causes/trial.hpp"

namespace ajar::causes {

class Window {
public:
    static constexpr Duration kLength = std::chrono::seconds(10);
    /// From a window's end to its judgement: longer than an embryonic flow lives (policy/timeouts.hpp).
    static constexpr Duration kWait = std::chrono::seconds(75);
    static constexpr std::size_t kMost = 1U << 17U;
    /// Mute attempts a window that make a flood: 6.4 a second, which keep some 200 places of a backlog
    /// taken for the 31 s that a server waits.
    static constexpr std::uint64_t kFlood = 64;
    /// And at least one for so many that were served.
    static constexpr std::uint64_t kServedPerMute = 4;

    using Sink = std::function<void(const Trial&, Label)>;
    explicit Window(const HashKey& key);

    /// The sink gets what is judged because time has come this far. The trial has its names.
    void add(const Trial& trial, const Sink& sink);
    /// Judges what is still waiting.
    void close(const Sink& sink);
    [[nodiscard]] const Suspects& suspects() const { return suspects_; }

private:
    struct Crowd {
        std::uint64_t name = 0;  ///< keyed hash of the address or service
        std::uint64_t mute = 0, served = 0;
        [[nodiscard]] bool flood() const { return mute >= kFlood && mute * kServedPerMute >= served; }
    };
    /// Crowds by name: open addressing, emptied for each use.
    class Crowds {
    public:
        void clear(std::size_t most);
        Crowd& operator[](std::uint64_t name);

    private:
        std::vector<Crowd> places_;
    };

    template <typename Wanted, typename Taker>
    void take_out(Wanted wanted, Taker taker);
    void judge_next(const Sink& sink);
    void judge(std::vector<Trial>& trials, const Sink& sink);
    void relieve(const Sink& sink);
    void count(Crowds& crowds, std::uint64_t Trial::*name, std::span<const Trial> trials);
    [[nodiscard]] bool of_flood(const Trial& trial);
    [[nodiscard]] Surroundings around(const Trial& trial);

    std::vector<Trial> waiting_, due_;
    Time begin_{};  ///< of the window that is judged next
    Crowds services_, addresses_;
    Suspects suspects_;
};

}  // namespace ajar::causes
