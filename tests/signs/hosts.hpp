// The ends of generated connections, once their story is told: who is still there answers as Linux does.
//
// What an end knows (what it expects, what it has sent, its clock) follows from what it has sent itself, but
// never from what a tracker believes. Answers become frames again, over a way on which some get lost, some
// come late, and each takes its time.
#pragma once

#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "ajar/packet/craft.hpp"
#include "generate/encode.hpp"
#include "generate/rng.hpp"
#include "watch.hpp"

namespace ajar::signs {

class Hosts {
public:
    /// Parts in a million of the frames of either way.
    explicit Hosts(std::uint32_t loss) : loss_(loss) {}

    /// A conversation begins: remembered is what there will be when it is over.
    void begin(const gen::Conversation& c);
    /// A frame of the tracker's own leaves at `now`.
    void hear(const Craft& frame, Time now);
    /// Time passes until then, a tick at a time, and answers pass the tracker in their order.
    void speak(Watch& watch, Time until);

    /// Does who has lost it say nothing if asked?
    static bool is_mute(const gen::Conversation& c) {
        return c.sign != Reason::none && presence_of(c, c.lost) == Presence::silent;
    }

    struct Counts {
        std::uint64_t asked = 0, answered = 0, out_of_date = 0, resets = 0, inexact_resets = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    /// A socket, its host without it, or nobody.
    enum class Presence : std::uint8_t { open, refusing, silent };
    struct Socket {
        Presence presence = Presence::open;
        std::optional<std::uint32_t> snd_nxt, rcv_nxt;
        std::uint32_t ts_recent = 0, ts_value = 0;  ///< the peer's latest; its own, at `ts_at`
        std::uint16_t window = 0;                   ///< as on the wire
        Time ts_at{};
        bool stamps = false;
        Time answered{};  ///< an empty segment, last
    };
    struct Pair {
        gen::Conversation who;  ///< without steps
        std::array<Socket, 2> ends;
    };
    struct Answer {
        Time at;
        std::uint64_t order;
        std::vector<std::uint8_t> frame;
        friend bool operator<(const Answer& a, const Answer& b) {
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };

    static void learn(Pair& pair, const gen::Step& step);
    static Presence presence_of(const gen::Conversation& c, gen::End end);
    [[nodiscard]] bool takes(Socket& socket, const Craft& probe, Time now);
    void answer(const Pair& pair, gen::End from, std::uint8_t flags, const Craft& probe, Time now);

    std::map<Tuple, Pair> pairs_;
    std::priority_queue<Answer> answers_;
    gen::Rng random_{7};
    gen::Encoder encoder_;
    std::uint32_t loss_;
    std::uint64_t order_ = 0;
    Counts counts_;
};

/// Both ends of a conversation in the order of the key, and which of them is the client.
inline std::pair<Tuple, Side> tuple_of(const gen::Conversation& c) {
    const auto end = [&](gen::End e) { return std::pair(c.address[gen::index(e)], c.port[gen::index(e)]); };
    const auto client = end(gen::End::client), server = end(gen::End::server);
    const bool client_first = client < server;
    const auto& [a, b] = client_first ? std::pair(client, server) : std::pair(server, client);
    return {{{a.first, b.first}, {a.second, b.second}}, client_first ? Side{0} : Side{1}};
}

}  // namespace ajar::signs
