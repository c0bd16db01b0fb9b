// What can he do to a connection who cannot see it?
//
// A genuine connection is played twice, once with forged segments in between: from behind the wrong port with
// nearly right numbers, from behind the right one with numbers that were guessed. Its segments must have the
// same verdicts, it must end at the same time for the same reason, and its resets must look the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <tuple>

#include "../unit/tracker/lab.hpp"

namespace ajar::test {
namespace {

/// A genuine segment; all that its peer has sent is acknowledged.
struct Move {
    bool by_client;
    std::uint8_t flags;
    std::uint32_t payload;
    Duration pause;
};

struct Forgery {
    bool as_client;
    bool wrong_port;
    std::uint8_t flags;
    std::uint32_t off_seq, off_ack;  ///< from what is right
    std::uint32_t payload;
};

using Forgeries = std::vector<Forgery>;

class Play {
public:
    Play() {
        lab_.policy.actions.fill(Action::evict_reset);
        lab_.connect({});
    }

    void forge(const Forgery& f) {
        Packet p = lab_.packet({}, f.as_client, f.flags, next_[f.as_client] + f.off_seq,
                               next_[!f.as_client] + f.off_ack, f.payload);
        if (f.wrong_port) p.port ^= 1U;
        p.ttl = 33;
        p.tos = 0xff;
        const std::array<std::uint8_t, 14> link = {2, 6, 6, 6};
        p.frame = link.data();
        lab_.feed(p);
    }

    void move(const Move& m) {
        lab_.pass(m.pause);
        const bool ack = (m.flags & TcpFlags::kAck) != 0;
        said_.push_back(lab_.feed(lab_.packet({}, m.by_client, m.flags, next_[m.by_client],
                                              ack ? next_[!m.by_client] : 0, m.payload)));
        next_[m.by_client] += m.payload + ((m.flags & TcpFlags::kFin) != 0 ? 1U : 0U);
    }

    void end() { lab_.pass(std::chrono::hours(24)); }

    /// All that may not depend on forgers.
    std::vector<std::string> fate() const {
        std::vector<std::string> out;
        for (const Verdict& v : said_) out.push_back(line(v.disposal, v.reason, v.ct, v.state));
        for (const Event& e : lab_.events) {
            out.push_back(line(e.kind, e.reason, e.state, e.action));
            out.push_back(std::to_string((e.time - kStart).count()) + " " + std::to_string(e.reset_seq));
        }
        for (const Craft& f : lab_.frames) {
            out.push_back(line(f.from, f.ttl, f.tos, f.link.in_port));
            out.push_back(std::to_string(f.seq) + (wears(f.link, kClientLink) ? " client" : " server"));
        }
        return out;
    }

private:
    template <typename... Parts>
    static std::string line(Parts... parts) {
        return ((std::to_string(static_cast<unsigned>(parts)) + " ") + ...);
    }

    Lab lab_;
    std::array<std::uint32_t, 2> next_ = {5001, 1001};  // SND.NXT of the server, of the client
    std::vector<Verdict> said_;
};

rc::Gen<Move> a_move(const std::vector<std::uint8_t>& flags) {
    return rc::gen::map(
        rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::elementOf(flags), rc::gen::inRange(0, 3),
                       rc::gen::weightedElement<int>({{20, 1}, {5, 500}, {2, 3000}})),
        [](const auto& t) {
            const auto& [by_client, f, payload, pause] = t;
            return Move{by_client, f, static_cast<std::uint32_t>(payload * 100),
                        std::chrono::milliseconds(pause)};
        });
}

/// Behind the wrong port: every number may be right but for SEQ, and of SYNs and RSTs that one too.
rc::Gen<Forgery> behind_the_wrong_port() {
    return rc::gen::map(
        rc::gen::tuple(
            rc::gen::arbitrary<bool>(),
            rc::gen::elementOf(std::vector<std::uint8_t>{S, SA, A, F, R, R | A, S | TcpFlags::kFin, 0}),
            rc::gen::inRange<std::uint32_t>(0, 3), rc::gen::inRange<std::uint32_t>(0, 3),
            rc::gen::inRange<std::uint32_t>(0, 2)),
        [](const auto& t) {
            const auto& [as_client, flags, seq, ack, payload] = t;
            const bool proves_nothing = (flags & (TcpFlags::kSyn | TcpFlags::kRst)) != 0 || flags == 0;
            return Forgery{as_client, true, flags, seq + (proves_nothing ? 0U : 1U), ack, payload * 100};
        });
}

/// Behind the right one: far away from both windows.
rc::Gen<Forgery> blind() {
    return rc::gen::map(rc::gen::tuple(rc::gen::arbitrary<bool>(),
                                       rc::gen::elementOf(std::vector<std::uint8_t>{A, F, R, R | A, 0}),
                                       rc::gen::inRange<std::uint32_t>(1U << 20U, 0xfff00000U),
                                       rc::gen::inRange<std::uint32_t>(1U << 20U, 0xfff00000U),
                                       rc::gen::inRange<std::uint32_t>(0, 2)),
                        [](const auto& t) {
                            const auto& [as_client, flags, seq, ack, payload] = t;
                            return Forgery{as_client, false, flags, seq, ack, payload * 100};
                        });
}

rc::Gen<Forgeries> some_forgeries() {
    return rc::gen::container<Forgeries>(rc::gen::oneOf(behind_the_wrong_port(), blind()));
}

TEST(Forgery, NeverChangesTheFateOfAConnection) {
    EXPECT_TRUE(rc::check([] {
        auto moves = *rc::gen::container<std::vector<Move>>(a_move({A, A, A | TcpFlags::kPsh}));
        const auto last = *rc::gen::container<std::vector<Move>>(2, a_move({A, F, F, R}));
        moves.insert(moves.end(), last.begin(), last.end());
        Play alone, disturbed;
        for (const Move& m : moves) {
            for (const Forgery& f : *some_forgeries()) disturbed.forge(f);
            alone.move(m);
            disturbed.move(m);
        }
        for (const Forgery& f : *some_forgeries()) disturbed.forge(f);
        alone.end();
        disturbed.end();
        RC_ASSERT(alone.fate() == disturbed.fate());
    }));
}

}  // namespace
}  // namespace ajar::test
